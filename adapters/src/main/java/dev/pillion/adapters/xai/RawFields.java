package dev.pillion.adapters.xai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.Losses;
import dev.pillion.adapters.StoredNames;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.wire.Extras;
import dev.pillion.protocol.wire.Json;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Raw top-level fields of OpenAI's surfaces, taken on where xAI has the same with the same meaning,
 * refused by name where it has not.
 */
final class RawFields {
    /** What xAI's answers can be asked to include. */
    private static final Set<String> INCLUDES =
            Set.of(
                    "file_search_call.results",
                    "web_search_call.action.sources",
                    "code_interpreter_call.outputs",
                    "reasoning.encrypted_content",
                    "no_inline_citations");

    private static final String LIVE_SEARCH =
            "Live Search is gone (410 since January 2026); ask for web search instead";

    private static final String ANTHROPIC = "anthropic";
    private static final String TOP_K = "top_k";

    private final Endpoint endpoint;
    private final Losses losses;
    private final ObjectNode taken = Json.object();

    RawFields(Endpoint endpoint, Losses losses) {
        this.endpoint = endpoint;
        this.losses = losses;
    }

    /** What of the request's raw fields goes to xAI. */
    ObjectNode take(ChatRequest request) {
        ObjectNode raw = request.extras().forVendor(Names.OPENAI);
        if (raw != null) {
            raw.properties().forEach(field -> field(field.getKey(), field.getValue()));
        }
        JsonNode topK = topK(request.extras());
        if (topK != null) {
            taken.set(TOP_K, topK);
        }
        JsonNode key = hint(request, "prompt_cache_key");
        if (key != null && endpoint == Endpoint.RESPONSES) {
            taken.set("prompt_cache_key", key);
        }
        ObjectNode hints = request.vendor().get(Names.OPENAI);
        if (hints != null && endpoint == Endpoint.RESPONSES) {
            hints.path("include").forEach(this::includeKnown);
        }
        return taken;
    }

    /** Anthropic's surface has one raw field that means the same at xAI. */
    private @Nullable JsonNode topK(Extras extras) {
        ObjectNode raw = extras.forVendor(ANTHROPIC);
        return raw == null || endpoint == Endpoint.CHAT ? null : raw.get(TOP_K);
    }

    /** What is left of the surface's raw fields for the codec to refuse by name. */
    Map<String, ObjectNode> left(Extras extras) {
        Map<String, ObjectNode> left = new HashMap<>(extras.byVendor());
        left.remove(Names.OPENAI);
        if (topK(extras) != null) {
            left.computeIfPresent(ANTHROPIC, (_, raw) -> raw.deepCopy().without(TOP_K));
        }
        left.values().removeIf(ObjectNode::isEmpty);
        return left;
    }

    private boolean includeKnown(JsonNode detail) {
        boolean known = INCLUDES.contains(detail.asText());
        if (known && endpoint == Endpoint.RESPONSES) {
            taken.withArray("/include").add(detail);
        }
        return known;
    }

    /** Under whose name the endpoint's codec looks for raw fields. */
    String owner() {
        return endpoint == Endpoint.CHAT ? Names.OPENAI : Names.SPEAKS;
    }

    private void field(String name, JsonNode value) {
        switch (name) {
            case "user" -> taken.set(name, value);
            case "prompt_cache_key" -> {} // A hint, taken elsewhere.
            case "service_tier" -> tier(value);
            case "include" -> include(value);
            case "reasoning" -> reasoning(value);
            case "safety_identifier" -> safetyIdentifier(value);
            case "frequency_penalty", "presence_penalty" -> only(Endpoint.CHAT, name, value);
            case "top_k", "min_p", "max_turns" -> only(Endpoint.RESPONSES, name, value);
            case "previous_response_id" -> previous(value);
            case "store" -> store(value);
            case "logprobs", "top_logprobs" -> {
                if (value.asBoolean() || value.asInt() > 0) {
                    lose(name, "xAI's models take it and answer without");
                }
            }
            case "search_parameters" -> lose(name, LIVE_SEARCH);
            case "n" -> lose(name, "more than one answer");
            default -> {
                if (!saysNothing(name, value)) {
                    lose(name, "xAI has no such field");
                }
            }
        }
    }

    /** Values that a client of OpenAI's surfaces may say and that change nothing. */
    private static boolean saysNothing(String name, JsonNode value) {
        return switch (name) {
            case "background" -> value.isBoolean() && !value.booleanValue();
            case "truncation" -> value.asText().equals("disabled");
            case "metadata", "logit_bias", "text" -> value.isEmpty();
            case "prompt_cache_options", "prompt_cache_retention", "stream_options" -> true;
            default -> false;
        };
    }

    private void include(JsonNode value) {
        for (JsonNode each : value) {
            if (!includeKnown(each)) {
                lose("include", "xAI has no such detail as " + each.asText());
            }
        }
    }

    /** xAI shows its thinking in detail, whatever summary is asked for. */
    private void reasoning(JsonNode value) {
        for (Map.Entry<String, JsonNode> field : value.properties()) {
            if (!field.getKey().equals("summary") && !field.getKey().equals("generate_summary")) {
                lose("reasoning/" + field.getKey(), "xAI has no such field");
            }
        }
    }

    private void tier(JsonNode value) {
        switch (value.asText()) {
            case "priority", "fast" -> taken.put("service_tier", "priority");
            case "default", "auto" -> {} // What is not said is the default.
            default -> lose("service_tier", "xAI has the tiers default and priority only");
        }
    }

    private void previous(JsonNode id) {
        if (StoredNames.vendorOf(id.asText(), Names.OPENAI).equals(Names.SPEAKS)) {
            only(Endpoint.RESPONSES, "previous_response_id", id);
        } else {
            lose("previous_response_id", "a response that is stored at OpenAI");
        }
    }

    /** Responses are stored for 30 days; what Chat Completions answers is not. */
    private void store(JsonNode value) {
        if (value.asBoolean()) {
            only(Endpoint.RESPONSES, "store", value);
        }
    }

    /** Chat Completions knows the end user by the older name only. */
    private void safetyIdentifier(JsonNode value) {
        if (endpoint == Endpoint.RESPONSES) {
            taken.set("safety_identifier", value);
        } else if (!taken.has("user")) {
            taken.set("user", value);
        }
    }

    private void only(Endpoint where, String name, JsonNode value) {
        if (endpoint == where) {
            taken.set(name, value);
        } else {
            lose(name, "xAI does not take it together with what else is asked, or with this model");
        }
    }

    private void lose(String name, String why) {
        losses.lose("/" + name, why);
    }

    /** A hint of OpenAI's surface; null: not given. */
    static @Nullable JsonNode hint(ChatRequest request, String name) {
        for (ObjectNode raw :
                new @Nullable ObjectNode[] {
                    request.vendor().get(Names.OPENAI), request.extras().forVendor(Names.OPENAI)
                }) {
            if (raw != null && raw.path(name).isTextual()) {
                return raw.get(name);
            }
        }
        return null;
    }

    /** What a caller wants merged in for xAI: by the format's name, then by the provider's own. */
    ObjectNode vendor(ChatRequest request, String provider) {
        ObjectNode merged = Json.object();
        for (String key : new String[] {Names.SPEAKS, provider}) {
            ObjectNode raw = request.vendor().get(key);
            if (raw != null) {
                merged.setAll(raw);
            }
        }
        for (String gone : new String[] {"search_parameters", "deferred"}) {
            if (merged.has(gone)) {
                losses.lose(
                        "/vendor/" + provider + "/" + gone,
                        gone.equals("deferred") ? "an answer that comes later" : LIVE_SEARCH);
                merged.remove(gone);
            }
        }
        return merged;
    }

    /** The raw fields of a message, a part or a tool that xAI knows. */
    Extras within(Extras extras, String pointer) {
        ObjectNode raw = extras.forVendor(Names.OPENAI);
        if (raw == null) {
            return extras;
        }
        ObjectNode known = Json.object();
        for (Map.Entry<String, JsonNode> field : raw.properties()) {
            if (isKnown(field.getKey())) {
                known.set(field.getKey(), field.getValue());
            } else if (!extras.optional()) {
                String at = pointer + "/" + field.getKey();
                // An item that is no message says only of what type it is.
                String type = field.getKey().equals("type") ? field.getValue().asText() : null;
                losses.lose(at, type == null ? "xAI has no such field" : type + ": of openai only");
            }
        }
        return known.isEmpty() ? Extras.NONE : new Extras(Map.of(owner(), known), true);
    }

    private boolean isKnown(String name) {
        return switch (name) {
            case "image_url" -> true;
            case "detail" -> endpoint == Endpoint.RESPONSES;
            case "name", "role", "reasoning_content", "reasoning" -> endpoint == Endpoint.CHAT;
            default -> false;
        };
    }
}
