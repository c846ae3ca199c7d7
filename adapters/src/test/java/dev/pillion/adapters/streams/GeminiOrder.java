package dev.pillion.adapters.streams;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;

/** The order of Gemini's chunks, as events or as an array (API v1beta; its SDKs of 2026-11). */
final class GeminiOrder extends StreamOrder {
    private static final Set<String> FINISHES =
            Set.of("STOP", "MAX_TOKENS", "SAFETY", "RECITATION", "CONTINUATION");

    /**
     * Whether to ask what the SDKs' chats ask of a chunk, though the vendor does not keep to it.
     */
    private final boolean strict;

    private JsonNode first;
    private String finish;
    private boolean blocked;
    private final ArrayNode parts = JsonNodeFactory.instance.arrayNode();
    private final ObjectNode fields = JsonNodeFactory.instance.objectNode();
    private JsonNode usage;

    @Override
    JsonNode folded() {
        ObjectNode folded = only(first, "responseId", "modelVersion");
        folded.set("parts", parts);
        folded.setAll(fields);
        folded.set("usageMetadata", usage);
        return folded;
    }

    @Override
    JsonNode whole(JsonNode reply) {
        var order = new GeminiOrder(false);
        order.chunk(reply);
        return order.folded();
    }

    /** Pieces of the same kind that follow each other are one part, until one is signed. */
    private void fold(JsonNode part) {
        JsonNode before = parts.path(parts.size() - 1);
        boolean says = part.has("thoughtSignature") || !part.path("text").asText("x").isEmpty();
        boolean joins =
                before.has("text")
                        && part.has("text")
                        && before.has("thought") == part.has("thought")
                        && !before.has("thoughtSignature");
        if (joins && before instanceof ObjectNode run) {
            run.put("text", before.path("text").asText() + part.path("text").asText());
            if (part.has("thoughtSignature")) {
                run.set("thoughtSignature", part.path("thoughtSignature"));
            }
        } else if (says) {
            parts.add(part.deepCopy());
        }
    }

    GeminiOrder(boolean strict) {
        this.strict = strict;
    }

    /** Reads an array of chunks; the end of the text is its end. */
    GeminiOrder readArray(String text) {
        JsonNode array = json(text);
        check(array.isArray(), "no array: " + text);
        array.forEach(chunk -> {
            check(end() == End.CUT, "something follows the error");
            chunk(chunk);
        });
        return this;
    }

    /** There is no closing marker: whoever has all of the answer says so. */
    GeminiOrder close() {
        if (end() == End.CUT && (finish != null || blocked)) {
            end(End.FINISHED);
        }
        return this;
    }

    @Override
    void comment(String line) {
        wrong("a comment, which Python's SDK takes for JSON");
    }

    @Override
    void data(String event, String data) {
        same(null, event, "the event's name");
        chunk(json(data));
    }

    private void chunk(JsonNode chunk) {
        if (chunk.has("error")) {
            JsonNode error = chunk.path("error");
            int code = error.path("code").asInt();
            check(code >= 400 && code < 600, "the error's code: " + error);
            nonEmpty(error, "message");
            nonEmpty(error, "status");
            end(End.ERROR);
            return;
        }
        first = first == null ? chunk : first;
        usage = chunk.path("usageMetadata");
        same(first.path("responseId"), chunk.path("responseId"), "responseId");
        same(first.path("modelVersion"), chunk.path("modelVersion"), "modelVersion");
        blocked |= chunk.path("promptFeedback").has("blockReason");
        JsonNode candidates = chunk.path("candidates");
        check(candidates.size() <= 1, "more than one candidate");
        if (strict) {
            nonEmpty(chunk, "responseId");
            nonEmpty(chunk, "modelVersion");
            check(chunk.path("usageMetadata").isObject(), "no usageMetadata");
            check(!candidates.isEmpty(), "no candidate");
        }
        candidates.forEach(this::candidate);
    }

    private void candidate(JsonNode candidate) {
        JsonNode content = candidate.path("content");
        JsonNode pieces = content.path("parts");
        if (strict || content.has("role")) {
            same("model", content.path("role").asText(), "the role");
        }
        if (strict) {
            check(!pieces.isEmpty(), "a content without parts, which chats drop: " + candidate);
            check(finish == null, "a chunk after the finish reason");
        }
        boolean says = false;
        for (JsonNode part : pieces) {
            part(part);
            fold(part);
            says |= !part.path("text").asText("x").isEmpty();
        }
        check(finish == null || !says, "content after the finish reason: " + candidate);
        candidate
                .properties()
                .forEach(field -> {
                    if (!field.getKey().equals("content")) {
                        fields.set(field.getKey(), field.getValue());
                    }
                });
        if (candidate.hasNonNull("finishReason")) {
            finish = candidate.path("finishReason").asText();
            check(!strict || FINISHES.contains(finish) || isRefusal(), "finishReason: " + finish);
        }
    }

    private boolean isRefusal() {
        return Set.of("LANGUAGE", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII").contains(finish)
                || finish.startsWith("IMAGE_");
    }

    private void part(JsonNode part) {
        check(part.isObject() && !part.isEmpty(), "an empty part");
        JsonNode call = part.path("functionCall");
        if (!call.isMissingNode()) {
            nonEmpty(call, "name");
            check(!call.has("args") || call.path("args").isObject(), "the args of " + call);
        }
        if (strict && part.has("thoughtSignature")) {
            String signature = part.path("thoughtSignature").asText();
            check(signature.matches("[A-Za-z0-9+/_-]+=*"), "a signature that is no base64");
        }
    }
}
