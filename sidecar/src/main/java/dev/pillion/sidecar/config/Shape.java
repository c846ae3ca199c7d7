package dev.pillion.sidecar.config;

import java.util.List;

/**
 * The kinds of mapping in a document, each with the keys it knows. The reader takes a value only
 * through its shape and the published schema is tested against this list, so the two cannot part.
 *
 * <p>A pattern is a path with {@code *} for a free name and {@code []} for an element.
 */
enum Shape {
    DOCUMENT(
            "",
            "version",
            "providers",
            "models",
            "aliases",
            "callers",
            "routing",
            "websearch",
            "prices_as_of"),
    PROVIDER("providers.*", "base_url", "speaks", "price_factor", "keys", "limits", "timeouts"),
    KEY(
            "providers.*.keys[]",
            "id",
            "value",
            "account",
            "weight",
            "not_before",
            "not_after",
            "state"),
    KEY_LIMITS("providers.*.limits", "rpm", "input_tpm", "output_tpm", "concurrency"),
    TIMEOUTS(
            "providers.*.timeouts",
            "connect",
            "first_byte",
            "first_byte_unstreamed",
            "idle",
            "total"),
    MODEL(
            "models[]",
            "id",
            "also",
            "class",
            "can",
            "refuses",
            "efforts",
            "thinking",
            "context",
            "max_output",
            "price",
            "fallbacks"),
    PRICE(
            "models[].price",
            "from",
            "input",
            "output",
            "cached_input",
            "cache_write_5m",
            "cache_write_1h",
            "thinking",
            "image_input",
            "audio_input",
            "video_input",
            "cached_audio",
            "audio_output",
            "image_output",
            "web_search_per_1k",
            "web_search_by",
            "calls_per_1k",
            "places",
            "tiers",
            "service_tiers"),
    CALLS(
            "models[].price.calls_per_1k",
            "file_search",
            "code_interpreter",
            "document_search",
            "image_search",
            "image_generation",
            "maps"),
    TIER(
            "models[].price.tiers[]",
            "above_input",
            "input",
            "output",
            "cached_input",
            "cache_write_5m",
            "cache_write_1h",
            "thinking",
            "image_input",
            "audio_input",
            "video_input",
            "cached_audio",
            "audio_output",
            "image_output"),
    SERVICE(
            "models[].price.service_tiers.*",
            "times",
            "input",
            "output",
            "cached_input",
            "cache_write_5m",
            "cache_write_1h",
            "thinking",
            "image_input",
            "audio_input",
            "video_input",
            "cached_audio",
            "audio_output",
            "image_output",
            "tiers"),
    SERVICE_TIER(
            "models[].price.service_tiers.*.tiers[]",
            "above_input",
            "input",
            "output",
            "cached_input",
            "cache_write_5m",
            "cache_write_1h",
            "thinking",
            "image_input",
            "audio_input",
            "video_input",
            "cached_audio",
            "audio_output",
            "image_output"),
    ALIAS("aliases.*", "class", "needs"),
    CALLER("callers.*", "uids", "limits", "budget_usd_per_day", "allow"),
    CALLER_LIMITS("callers.*.limits", "rpm", "tpm", "concurrency"),
    ALLOW("callers.*.allow", "classes", "providers"),
    ROUTING("routing", "classes", "failover", "breaker", "unknown_models", "explicit_models"),
    CLASSES("routing.classes", "fast", "balanced", "frontier"),
    CLASS("routing.classes.*", "order", "weights", "hedge"),
    WEIGHTS("routing.classes.*.weights", "cost", "latency", "reliability"),
    FAILOVER(
            "routing.failover",
            "max_attempts",
            "retries_per_provider",
            "backoff",
            "content_blocked"),
    BACKOFF("routing.failover.backoff", "first", "max"),
    BREAKER(
            "routing.breaker",
            "failures",
            "error_rate",
            "window",
            "slow",
            "open",
            "open_max",
            "probes"),
    WEBSEARCH("websearch", "inject", "assumed_searches", "assumed_tokens"),
    INJECT("websearch.inject", "engine", "base_url", "key", "max_pages", "max_bytes", "timeout");

    private final String pattern;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<String> keys;

    Shape(String pattern, String... keys) {
        this.pattern = pattern;
        this.keys = List.of(keys);
    }

    String pattern() {
        return pattern;
    }

    List<String> keys() {
        return keys;
    }

    /** The pattern of one of its keys, such as {@code providers.*.limits}. */
    String pattern(String key) {
        return pattern.isEmpty() ? key : pattern + "." + key;
    }
}
