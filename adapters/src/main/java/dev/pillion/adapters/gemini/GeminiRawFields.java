package dev.pillion.adapters.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.EncodeContext;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.Json;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The raw fields that a caller wants merged into a request: those met on the vendor's own surface,
 * and the uniform {@code vendor} key, by wire format and by the provider's configured name. Objects
 * are merged key by key, {@code tools} are added to the others, any other field replaces. The
 * vendor takes snake_case as well; it is brought to one form, since both at once are refused.
 */
final class GeminiRawFields {
    private static final Set<String> OURS = Set.of("model", "stream", "contents");

    /** Objects whose keys are the vendor's own, and not the caller's. */
    private static final Set<String> OBJECTS =
            Set.of(
                    "generationConfig",
                    "thinkingConfig",
                    "toolConfig",
                    "functionCallingConfig",
                    "retrievalConfig",
                    "imageConfig",
                    "speechConfig");

    private static final List<String> FORMAT =
            List.of("responseSchema", "responseJsonSchema", "responseMimeType", "responseFormat");

    private final ObjectNode fields = Json.object();

    GeminiRawFields(ChatRequest request, EncodeContext context) {
        ObjectNode own = request.extras().forVendor(GeminiApi.NAME);
        if (own != null) {
            merge(camel(own), fields);
        }
        add(request, GeminiApi.NAME);
        if (!context.provider().equals(GeminiApi.NAME)) {
            add(request, context.provider());
        }
    }

    private void add(ChatRequest request, String provider) {
        ObjectNode own = request.vendor().get(provider);
        if (own == null) {
            return;
        }
        for (String name : OURS) {
            if (own.has(name)) {
                String at = "/vendor/" + provider + "/" + name;
                throw Fault.invalid(at + ": can't be replaced", at).asException();
            }
        }
        merge(camel(own), fields);
    }

    private static ObjectNode camel(ObjectNode from) {
        ObjectNode to = Json.object();
        for (Map.Entry<String, JsonNode> entry : from.properties()) {
            String name = camel(entry.getKey());
            boolean known = OBJECTS.contains(name) && entry.getValue() instanceof ObjectNode;
            to.set(name, known ? camel((ObjectNode) entry.getValue()) : entry.getValue());
        }
        return to;
    }

    private static String camel(String name) {
        var camel = new StringBuilder();
        boolean up = false;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '_' && !camel.isEmpty()) {
                up = true;
            } else {
                camel.append(up ? Character.toUpperCase(c) : c);
                up = false;
            }
        }
        return camel.toString();
    }

    /** Merges objects key by key, adds tools to tools; anything else replaces. */
    static void merge(ObjectNode from, ObjectNode into) {
        for (Map.Entry<String, JsonNode> entry : from.properties()) {
            JsonNode there = into.get(entry.getKey());
            if (there instanceof ObjectNode inner && entry.getValue() instanceof ObjectNode more) {
                merge(more, inner);
            } else if (entry.getKey().equals("tools")
                    && there instanceof ArrayNode tools
                    && entry.getValue() instanceof ArrayNode more) {
                tools.addAll(more);
            } else {
                into.set(entry.getKey(), entry.getValue().deepCopy());
            }
        }
    }

    /** The thinking configuration in the vendor's own words; null without one. */
    @Nullable ObjectNode thinking() {
        return fields.path("generationConfig").path("thinkingConfig") instanceof ObjectNode own
                ? own
                : null;
    }

    /** Leaves thinking to the table, since the model takes it in another form. */
    void dropThinking() {
        if (fields.path("generationConfig") instanceof ObjectNode config) {
            config.remove("thinkingConfig");
        }
    }

    /** Whether the answer's form is said in the vendor's own words. */
    boolean hasFormat() {
        JsonNode config = fields.path("generationConfig");
        return FORMAT.stream().anyMatch(config::has);
    }

    /** Leaves the answer's form unsaid, since the model does not take it here. */
    void dropFormat() {
        if (fields.path("generationConfig") instanceof ObjectNode config) {
            config.remove(FORMAT);
        }
    }

    void mergeInto(ObjectNode body) {
        merge(fields, body);
    }
}
