package dev.pillion.adapters.corpus;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the uniform answer to a recorded Gemini answer must be, worked out from its chunks alone, in
 * the form of {@link NeutralReply}. A call without an id has {@link #MADE} for one.
 */
public final class GeminiAnswers {
    /** Stands for an id that the vendor did not give. */
    public static final String MADE = "(made)";

    private GeminiAnswers() {}

    /** The chunks of an answer: events, the elements of an array, or the only object. */
    public static List<JsonNode> chunks(Recording recording) {
        if (recording.body() == null) {
            return Sse.data(recording.text());
        }
        List<JsonNode> chunks = new ArrayList<>();
        if (recording.body().isArray()) {
            recording.body().forEach(chunks::add);
        } else {
            chunks.add(recording.body());
        }
        return chunks;
    }

    public static ObjectNode expected(List<JsonNode> chunks, String tierHeader) {
        ObjectNode reply = Corpus.JSON.createObjectNode();
        reply.set("id", chunks.getFirst().path("responseId"));
        reply.set("model", chunks.getFirst().path("modelVersion"));
        ArrayNode parts = reply.putArray("parts");
        ArrayNode sources = Corpus.JSON.createArrayNode();
        ObjectNode beside = Corpus.JSON.createObjectNode();
        Set<String> queries = new TreeSet<>();
        String reason = null;
        boolean calls = false;
        ObjectNode usage = Corpus.JSON.createObjectNode();
        String tier = tierHeader;
        for (JsonNode chunk : chunks) {
            for (JsonNode candidate : chunk.path("candidates")) {
                for (JsonNode part : candidate.path("content").path("parts")) {
                    part(part, parts);
                    calls |= part.has("functionCall");
                }
                reason = candidate.path("finishReason").asText(reason);
                for (String name : List.of("groundingMetadata", "urlContextMetadata")) {
                    if (!candidate.path(name).isEmpty()) {
                        beside.set(name, candidate.path(name));
                    }
                }
            }
            if (chunk.path("promptFeedback").has("blockReason")) {
                reason = chunk.path("promptFeedback").path("blockReason").asText();
            }
            if (chunk.path("usageMetadata").has("totalTokenCount")) {
                usage = chunk.path("usageMetadata").deepCopy();
            }
            if (tier == null && chunk.path("usageMetadata").has("serviceTier")) {
                tier = chunk.path("usageMetadata").path("serviceTier").asText();
            }
        }
        JsonNode metadata = beside.path("groundingMetadata");
        metadata.path("webSearchQueries").forEach(query -> queries.add(query.asText()));
        citations(metadata, parts);
        sources(metadata, beside.path("urlContextMetadata"), sources);
        if (!beside.isEmpty()) {
            parts.addObject().put("kind", "vendor_item").set("item", beside);
        }
        stop(reason, calls, reply.putObject("stop"));
        reply.set("usage", usage(usage, queries.size(), tier));
        reply.set("sources", sources);
        return reply;
    }

    private static void part(JsonNode part, ArrayNode parts) {
        String signature = part.path("thoughtSignature").asText("");
        ObjectNode to = Corpus.JSON.createObjectNode();
        if (part.has("text")) {
            text(part, signature, parts);
            return;
        }
        if (part.has("functionCall")) {
            JsonNode call = part.path("functionCall");
            to.put("kind", "tool_call").put("id", call.path("id").asText(MADE));
            to.set("name", call.path("name"));
            to.set(
                    "arguments",
                    call.has("args") ? call.path("args") : Corpus.JSON.createObjectNode());
            if (!signature.isEmpty()) {
                to.put("state", signature);
            }
        } else if (part.has("inlineData")) {
            String type = part.path("inlineData").path("mimeType").asText();
            to.put("kind", type.startsWith("image/") ? "Image" : "Audio");
        } else {
            to.put("kind", "vendor_item").set("item", part);
        }
        parts.add(to);
    }

    /** Unsigned text of one kind in a row is one; signed text stands alone. */
    private static void text(JsonNode part, String signature, ArrayNode parts) {
        String text = part.path("text").asText();
        if (text.isEmpty() && signature.isEmpty()) {
            return;
        }
        String kind = part.path("thought").asBoolean() ? "thinking" : "text";
        JsonNode last = parts.isEmpty() ? parts : parts.get(parts.size() - 1);
        boolean grows =
                signature.isEmpty()
                        && last.path("kind").asText().equals(kind)
                        && !last.has("state");
        if (grows) {
            ((ObjectNode) last).put("text", last.path("text").asText() + text);
            return;
        }
        ObjectNode to = parts.addObject().put("kind", kind).put("text", text);
        if (!signature.isEmpty()) {
            to.put("state", signature);
        }
    }

    private static void citations(JsonNode metadata, ArrayNode parts) {
        for (JsonNode support : metadata.path("groundingSupports")) {
            JsonNode segment = support.path("segment");
            String words = segment.path("text").asText();
            int start = segment.path("startIndex").asInt(0);
            ObjectNode in = null;
            int at = -1;
            for (JsonNode part : parts) {
                if (!part.path("kind").asText().equals("text")) {
                    continue;
                }
                String text = part.path("text").asText();
                // The words themselves, nearest to the byte they are said to begin at.
                for (int i = text.indexOf(words); i >= 0; i = text.indexOf(words, i + 1)) {
                    if (in == null
                            || off(text, i, start) < off(in.path("text").asText(), at, start)) {
                        in = (ObjectNode) part;
                        at = i;
                    }
                }
            }
            if (in == null) {
                throw new AssertionError("the segment's words are nowhere: " + words);
            }
            String text = in.path("text").asText();
            int from = text.codePointCount(0, at);
            for (JsonNode index : support.path("groundingChunkIndices")) {
                JsonNode chunk =
                        metadata.path("groundingChunks").path(index.asInt()).elements().next();
                ObjectNode citation = in.withArray("/citations").addObject();
                citation.put("start", from);
                citation.put("end", from + words.codePointCount(0, words.length()));
                citation.set("url", chunk.path("uri"));
                citation.set("title", chunk.path("title"));
                citation.set("quote", chunk.path("text"));
                citation.set("source", chunk.path("fileSearchStore"));
                absent(citation);
            }
        }
    }

    private static void absent(ObjectNode node) {
        for (String name : List.of("url", "title", "quote", "source")) {
            if (node.path(name).isMissingNode() || node.path(name).asText().isEmpty()) {
                node.remove(name);
            }
        }
    }

    private static int off(String text, int at, int bytes) {
        return Math.abs(text.substring(0, at).getBytes(StandardCharsets.UTF_8).length - bytes);
    }

    private static void sources(JsonNode metadata, JsonNode pages, ArrayNode sources) {
        Set<String> seen = new TreeSet<>();
        for (JsonNode chunk : metadata.path("groundingChunks")) {
            JsonNode it = chunk.elements().next();
            if (it.has("uri") && seen.add(it.path("uri").asText())) {
                ObjectNode source = sources.addObject();
                source.set("url", it.path("uri"));
                if (it.has("title")) {
                    source.set("title", it.path("title"));
                }
            }
        }
        for (JsonNode page : pages.path("urlMetadata")) {
            String url = page.path("retrievedUrl").asText();
            boolean got =
                    page.path("urlRetrievalStatus").asText().equals("URL_RETRIEVAL_STATUS_SUCCESS");
            if (got && seen.add(url)) {
                sources.addObject().put("url", url);
            }
        }
    }

    private static void stop(String reason, boolean calls, ObjectNode stop) {
        switch (reason) {
            case "STOP", "1" -> stop.put("reason", calls ? "TOOL_CALL" : "END");
            case "MAX_TOKENS" -> stop.put("reason", "MAX_TOKENS");
            case "SAFETY", "PROHIBITED_CONTENT", "RECITATION", "MODEL_ARMOR", "OTHER" ->
                    stop.put("reason", "REFUSAL").put("detail", reason);
            default -> throw new AssertionError("no finish reason: " + reason);
        }
    }

    private static ObjectNode usage(JsonNode raw, int searches, String tier) {
        long thoughts = raw.path("thoughtsTokenCount").asLong();
        ObjectNode usage = Corpus.JSON.createObjectNode();
        usage.put(
                "input",
                raw.path("promptTokenCount").asLong()
                        + raw.path("toolUsePromptTokenCount").asLong());
        usage.put("cached", raw.path("cachedContentTokenCount").asLong());
        usage.put("written_5m", 0);
        usage.put("written_1h", 0);
        usage.put("output", raw.path("candidatesTokenCount").asLong() + thoughts);
        usage.put("thinking", thoughts);
        usage.put("searches", searches);
        if (tier != null) {
            usage.put("tier", tier);
        }
        return usage;
    }
}
