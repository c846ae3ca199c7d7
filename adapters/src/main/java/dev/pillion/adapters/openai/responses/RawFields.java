package dev.pillion.adapters.openai.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.EncodeContext;
import dev.pillion.adapters.Losses;
import dev.pillion.adapters.openai.Merge;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.Effort;
import dev.pillion.protocol.wire.Json;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The request's raw top-level fields: those of the surface it came in on, be that this format or
 * Chat Completions, and the caller's own for this vendor, which win over what was rendered. What
 * Chat Completions says in other words is translated; what only it can say is refused by name.
 */
final class RawFields {
    private static final String LOGPROBS = "message.output_text.logprobs";

    /** What routing and accounting rest on. */
    private static final Set<String> FIXED =
            Set.of("model", "input", "messages", "stream", "stream_options");

    /** What only Chat Completions has a word for. */
    static final Set<String> CHAT_ONLY =
            Set.of(
                    "n",
                    "seed",
                    "stop",
                    "logit_bias",
                    "frequency_penalty",
                    "presence_penalty",
                    "modalities",
                    "audio",
                    "prediction",
                    "functions",
                    "function_call",
                    "max_tokens",
                    "max_completion_tokens",
                    "response_format");

    private final List<Source> sources;
    private final Losses losses;
    private final ChatRequest request;
    private final EncodeContext context;
    private final ResponsesQuirks quirks;

    /** Raw fields and where they stand in the request. */
    private record Source(ObjectNode fields, String at) {}

    RawFields(ChatRequest request, EncodeContext context, ResponsesQuirks quirks, Losses losses) {
        this.request = request;
        this.context = context;
        this.quirks = quirks;
        this.losses = losses;
        losses.loseForeign(request.extras(), quirks.provider(), "");
        this.sources =
                List.of(
                        new Source(orNone(request.extras().forVendor(quirks.provider())), ""),
                        new Source(
                                orNone(request.vendor().get(context.provider())),
                                "/vendor/" + context.provider()));
    }

    private static ObjectNode orNone(@Nullable ObjectNode fields) {
        return fields == null ? Json.object() : fields;
    }

    /** Whether the answer goes on from what the vendor has stored. */
    boolean continuesStored() {
        for (Source source : sources) {
            if (source.fields().hasNonNull("previous_response_id")
                    || source.fields().hasNonNull("conversation")) {
                return true;
            }
        }
        return false;
    }

    void addTo(ObjectNode body) {
        for (Source source : sources) {
            for (Map.Entry<String, JsonNode> field : source.fields().properties()) {
                add(field.getKey(), field.getValue(), source.at(), body);
            }
        }
    }

    private void add(String name, JsonNode value, String at, ObjectNode body) {
        String pointer = at + "/" + name;
        if (isDefault(name, value)) {
            return; // Says nothing here, and some servers refuse the name alone.
        }
        switch (name) {
            case "verbosity" -> object(body, "text").set("verbosity", value);
            case "reasoning_effort" -> object(body, "reasoning").set("effort", value);
            case "logprobs" -> include(LOGPROBS, pointer, body);
            case "top_logprobs" -> {
                if (takesLogprobs(pointer)) {
                    body.set(name, value);
                }
            }
            case "web_search_options" -> webSearch(value, body);
            case "include" -> value.forEach(each -> include(each.asText(), pointer, body));
            case "background" -> losses.lose(pointer, "an answer that has to be fetched later");
            case "text", "reasoning" -> merge(name, value, body);
            default -> other(name, value, pointer, body);
        }
    }

    private void other(String name, JsonNode value, String pointer, ObjectNode body) {
        if (FIXED.contains(name)) {
            losses.lose(pointer, "not a field to override");
        } else if (CHAT_ONLY.contains(name)) {
            losses.lose(pointer, "only Chat Completions has a word for it");
        } else {
            body.set(name, value);
        }
    }

    /** Values by which a field of Chat Completions, or of this API, asks for nothing. */
    static boolean isDefault(String name, JsonNode value) {
        return switch (name) {
            case "n" -> value.isNumber() && value.asDouble() == 1;
            case "logprobs", "background" -> value.isBoolean() && !value.booleanValue();
            case "top_logprobs" -> value.isNumber() && value.asInt() == 0;
            case "frequency_penalty", "presence_penalty" ->
                    value.isNumber() && value.asDouble() == 0;
            case "logit_bias" -> value.isObject() && value.isEmpty();
            case "modalities" -> value.size() == 1 && value.path(0).asText().equals("text");
            default -> false;
        };
    }

    private void include(String what, String pointer, ObjectNode body) {
        if (!what.equals(LOGPROBS) || takesLogprobs(pointer)) {
            union(body, "include", what);
        }
    }

    /** A model tells how likely its tokens were where it takes sampling. */
    private boolean takesLogprobs(String pointer) {
        Effort asked = request.effort();
        Effort used = asked == null ? null : context.model().effortFor(asked);
        if (context.model().takesSampling(used)) {
            return true;
        }
        losses.lose(pointer, "this model does not tell how likely its tokens were");
        return false;
    }

    /** The search that models of Chat Completions once had is a tool here. */
    private void webSearch(JsonNode options, ObjectNode body) {
        if (request.webSearch() != null) {
            return;
        }
        ObjectNode tool = body.withArray("/tools").addObject().put("type", "web_search");
        if (options.hasNonNull("search_context_size")) {
            tool.set("search_context_size", options.get("search_context_size"));
        }
        JsonNode location = options.path("user_location");
        if (location.path("approximate") instanceof ObjectNode place) {
            ObjectNode target = tool.putObject("user_location");
            if (quirks.search().typedLocation()) {
                target.put("type", "approximate");
            }
            target.setAll(place);
        }
        union(body, "include", "web_search_call.action.sources");
    }

    private static void merge(String name, JsonNode value, ObjectNode body) {
        if (value instanceof ObjectNode fields) {
            Merge.into(object(body, name), fields);
        }
    }

    private static ObjectNode object(ObjectNode body, String name) {
        return body.get(name) instanceof ObjectNode there ? there : body.putObject(name);
    }

    private static void union(ObjectNode body, String name, String value) {
        ArrayNode list = body.withArray("/" + name);
        for (JsonNode each : list) {
            if (each.asText().equals(value)) {
                return;
            }
        }
        list.add(value);
    }
}
