package dev.pillion.sidecar.simulate.openai;

import static dev.pillion.sidecar.simulate.kit.Shape.FILLED;
import static dev.pillion.sidecar.simulate.kit.Shape.FLAG;
import static dev.pillion.sidecar.simulate.kit.Shape.OBJECT;
import static dev.pillion.sidecar.simulate.kit.Shape.TEXT;
import static dev.pillion.sidecar.simulate.kit.Shape.choice;
import static dev.pillion.sidecar.simulate.kit.Shape.either;
import static dev.pillion.sidecar.simulate.kit.Shape.items;
import static dev.pillion.sidecar.simulate.kit.Shape.matching;
import static dev.pillion.sidecar.simulate.kit.Shape.may;
import static dev.pillion.sidecar.simulate.kit.Shape.must;
import static dev.pillion.sidecar.simulate.kit.Shape.orNull;
import static dev.pillion.sidecar.simulate.kit.Shape.typed;

import dev.pillion.sidecar.simulate.kit.Shape;
import dev.pillion.sidecar.simulate.kit.Shape.Decimal;
import dev.pillion.sidecar.simulate.kit.Shape.Tagged;
import dev.pillion.sidecar.simulate.kit.Shape.Whole;
import java.util.LinkedHashMap;
import java.util.Map;

/** A request to Chat Completions (OpenAPI document 2.3.0, 2026-08-21, and later probes). */
final class ChatShapes {
    private static final Shape NAME = matching("[a-zA-Z0-9_-]+", 64);
    private static final Whole TOKENS = new Whole(1, 10_000_000);
    private static final int MAX_TOOLS = 128;

    static final Shape REQUEST = request();

    private ChatShapes() {}

    private static Shape request() {
        var shape =
                must("model", FILLED).must("messages", items(MessageShapes.MESSAGE, 1, 100_000));
        var optional = new LinkedHashMap<String, Shape>();
        length(optional);
        sampling(optional);
        tools(optional);
        output(optional);
        rest(optional);
        for (var entry : optional.entrySet()) {
            shape = shape.may(entry.getKey(), orNull(entry.getValue()));
        }
        return shape;
    }

    private static void length(Map<String, Shape> all) {
        all.put("max_completion_tokens", TOKENS);
        all.put("max_tokens", TOKENS);
        all.put("n", new Whole(1, 128));
        all.put("stop", either(TEXT, items(TEXT, 1, 4)));
        all.put("stream", FLAG);
        all.put("stream_options", may("include_usage", FLAG).may("include_obfuscation", FLAG));
    }

    private static void sampling(Map<String, Shape> all) {
        all.put("temperature", new Decimal(0, 2));
        all.put("top_p", new Decimal(0, 1));
        all.put("frequency_penalty", new Decimal(-2, 2));
        all.put("presence_penalty", new Decimal(-2, 2));
        all.put("logit_bias", OBJECT);
        all.put("logprobs", FLAG);
        all.put("top_logprobs", new Whole(0, 20));
        all.put("seed", new Whole(Long.MIN_VALUE, Long.MAX_VALUE));
        all.put(
                "reasoning_effort",
                choice("none", "minimal", "low", "medium", "high", "xhigh", "max"));
        all.put("verbosity", choice("low", "medium", "high"));
    }

    private static void tools(Map<String, Shape> all) {
        all.put("tools", items(tool(), 1, MAX_TOOLS));
        all.put("tool_choice", toolChoice());
        all.put("parallel_tool_calls", FLAG);
        var function =
                must("name", NAME)
                        .may("description", orNull(TEXT))
                        .may("parameters", orNull(OBJECT));
        all.put("functions", items(function, 1, MAX_TOOLS));
        all.put("function_call", either(choice("none", "auto"), must("name", NAME)));
    }

    private static Shape tool() {
        var function =
                must("name", NAME)
                        .may("description", orNull(TEXT))
                        .may("parameters", orNull(OBJECT))
                        .may("strict", orNull(FLAG));
        var grammar = must("syntax", choice("lark", "regex")).must("definition", FILLED);
        var format =
                tagged(
                        Map.of(
                                "text", typed("text"),
                                "grammar", typed("grammar").must("grammar", grammar)));
        var custom =
                must("name", NAME).may("description", orNull(TEXT)).may("format", orNull(format));
        return tagged(
                Map.of(
                        "function", typed("function").must("function", function),
                        "custom", typed("custom").must("custom", custom)));
    }

    private static Shape toolChoice() {
        var named = must("name", NAME);
        var function = typed("function").must("function", named);
        var custom = typed("custom").must("custom", named);
        var allowed =
                must("mode", choice("auto", "required"))
                        .must(
                                "tools",
                                items(
                                        tagged(Map.of("function", function, "custom", custom)),
                                        1,
                                        MAX_TOOLS));
        return either(
                choice("none", "auto", "required"),
                tagged(
                        Map.of(
                                "function",
                                function,
                                "custom",
                                custom,
                                "allowed_tools",
                                typed("allowed_tools").must("allowed_tools", allowed))));
    }

    private static void output(Map<String, Shape> all) {
        var schema =
                must("name", NAME)
                        .may("description", orNull(TEXT))
                        .may("schema", orNull(OBJECT))
                        .may("strict", orNull(FLAG));
        all.put(
                "response_format",
                tagged(
                        Map.of(
                                "text",
                                typed("text"),
                                "json_object",
                                typed("json_object"),
                                "json_schema",
                                typed("json_schema").must("json_schema", schema))));
        all.put("modalities", items(choice("text", "audio"), 1, 2));
        all.put(
                "audio",
                must("voice", either(FILLED, must("id", FILLED)))
                        .must("format", choice("wav", "aac", "mp3", "flac", "opus", "pcm16")));
        var text = typed("text").must("text", TEXT);
        all.put(
                "prediction",
                typed("content").must("content", either(TEXT, items(text, 1, 2_048))));
    }

    private static void rest(Map<String, Shape> all) {
        var place =
                may("city", orNull(TEXT))
                        .may("country", orNull(TEXT))
                        .may("region", orNull(TEXT))
                        .may("timezone", orNull(TEXT));
        all.put(
                "web_search_options",
                may("search_context_size", orNull(choice("low", "medium", "high")))
                        .may(
                                "user_location",
                                orNull(typed("approximate").must("approximate", place))));
        all.put("store", FLAG);
        all.put("metadata", OBJECT);
        all.put("service_tier", choice("auto", "default", "flex", "scale", "priority", "fast"));
        all.put("prompt_cache_key", TEXT);
        all.put(
                "prompt_cache_options",
                may("mode", choice("implicit", "explicit")).may("ttl", choice("30m")));
        all.put("prompt_cache_retention", choice("in_memory", "in-memory", "24h"));
        all.put("safety_identifier", new Shape.Text(0, 128, null));
        all.put("user", TEXT);
        var mode = orNull(must("mode", choice("score", "block")));
        all.put(
                "moderation",
                must("model", FILLED)
                        .may("policy", orNull(may("input", mode).may("output", mode))));
    }

    static Shape tagged(Map<String, Shape> variants) {
        return new Tagged("type", new LinkedHashMap<>(variants), null);
    }
}
