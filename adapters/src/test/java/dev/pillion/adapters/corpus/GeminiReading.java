package dev.pillion.adapters.corpus;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * What a client of the Gemini API reads in an answer, however it is cut into chunks and parts: what
 * is said, thought, called and done, how it ended, what it used, and what backs it. Signatures are
 * not read. Knows nothing of the adapter.
 */
public final class GeminiReading {
    private GeminiReading() {}

    /** What the chunks say together. */
    public static ObjectNode of(List<JsonNode> chunks) {
        ObjectNode read = Corpus.JSON.createObjectNode();
        ArrayNode parts = read.putArray("parts");
        ObjectNode grounding = Corpus.JSON.createObjectNode();
        JsonNode usage = Corpus.JSON.createObjectNode();
        for (JsonNode chunk : chunks) {
            JsonNode candidate = chunk.path("candidates").path(0);
            for (JsonNode part : candidate.path("content").path("parts")) {
                part(part, parts);
            }
            if (candidate.has("finishReason")) {
                read.put("finish", reason(candidate.path("finishReason")));
            }
            if (chunk.path("promptFeedback").has("blockReason")) {
                read.put("finish", "SAFETY");
            }
            for (String name : List.of("groundingMetadata", "urlContextMetadata")) {
                if (!candidate.path(name).isEmpty()) {
                    grounding.set(name, candidate.path(name));
                }
            }
            if (chunk.path("usageMetadata").has("totalTokenCount")) {
                usage = chunk.path("usageMetadata");
            }
        }
        read.set("usage", usage(usage));
        backing(grounding.path("groundingMetadata"), read);
        read.set("urls", grounding.path("urlContextMetadata").path("urlMetadata"));
        return read;
    }

    /** The texts of the parts, pieces of one kind in a row as one; others are empty. */
    private static List<String> texts(List<JsonNode> chunks) {
        List<String> texts = new ArrayList<>();
        String last = "";
        for (JsonNode chunk : chunks) {
            for (JsonNode part : chunk.at("/candidates/0/content/parts")) {
                boolean text = part.has("text");
                String kind = text ? "text " + part.path("thought").asBoolean() : "";
                boolean empty = text && part.path("text").asText().isEmpty();
                if (empty) {
                    continue;
                }
                if (text && kind.equals(last)) {
                    texts.add(texts.removeLast() + part.path("text").asText());
                } else {
                    texts.add(part.path("text").asText());
                }
                last = kind;
            }
        }
        return texts;
    }

    /** The supports whose offsets do not cut their words out of their part. */
    public static List<String> wrongOffsets(List<JsonNode> chunks) {
        List<String> wrong = new ArrayList<>();
        List<String> texts = texts(chunks);
        for (JsonNode chunk : chunks) {
            for (JsonNode support : chunk.at("/candidates/0/groundingMetadata/groundingSupports")) {
                JsonNode segment = support.path("segment");
                byte[] utf8 =
                        texts.get(segment.path("partIndex").asInt(0))
                                .getBytes(StandardCharsets.UTF_8);
                int start = segment.path("startIndex").asInt(0);
                int end = segment.path("endIndex").asInt(0);
                String cut = new String(utf8, start, end - start, StandardCharsets.UTF_8);
                if (!cut.equals(segment.path("text").asText())) {
                    wrong.add("[" + cut + "] instead of " + segment.path("text"));
                }
            }
        }
        return wrong;
    }

    private static String reason(JsonNode reason) {
        return reason.isNumber() && reason.asInt() == 1 ? "STOP" : reason.asText();
    }

    private static void part(JsonNode part, ArrayNode parts) {
        if (part.has("text")) {
            String text = part.path("text").asText();
            boolean thought = part.path("thought").asBoolean();
            JsonNode last = parts.isEmpty() ? parts : parts.get(parts.size() - 1);
            if (text.isEmpty()) {
                return;
            }
            if (last.has("text") && last.path("thought").asBoolean() == thought) {
                ((ObjectNode) last).put("text", last.path("text").asText() + text);
            } else {
                parts.addObject().put("text", text).put("thought", thought);
            }
            return;
        }
        ObjectNode other = part.deepCopy();
        other.remove("thoughtSignature");
        if (other.path("functionCall") instanceof ObjectNode call) {
            if (call.path("id").asText().startsWith("gcall_")) {
                call.remove("id"); // The vendor gave none.
            }
            if (!call.has("args")) {
                call.putObject("args");
            }
        }
        if (!other.isEmpty()) {
            parts.add(other);
        }
    }

    private static ObjectNode usage(JsonNode usage) {
        ObjectNode read = Corpus.JSON.createObjectNode();
        long prompt = usage.path("promptTokenCount").asLong();
        long tools = usage.path("toolUsePromptTokenCount").asLong();
        long thoughts = usage.path("thoughtsTokenCount").asLong();
        long candidates = usage.path("candidatesTokenCount").asLong();
        read.put("input", prompt + tools);
        read.put("cached", usage.path("cachedContentTokenCount").asLong());
        read.put("visible", candidates);
        read.put("thoughts", thoughts);
        return read;
    }

    private static void backing(JsonNode metadata, ObjectNode read) {
        ArrayNode supports = read.putArray("supports");
        for (JsonNode support : metadata.path("groundingSupports")) {
            ObjectNode one = supports.addObject();
            one.set("text", support.path("segment").path("text"));
            var backed = new TreeSet<String>();
            for (JsonNode index : support.path("groundingChunkIndices")) {
                backed.add(metadata.path("groundingChunks").path(index.asInt()).toString());
            }
            backed.forEach(one.withArray("/chunks")::add);
        }
        ObjectNode rest = read.putObject("grounding");
        for (Map.Entry<String, JsonNode> field : metadata.properties()) {
            if (!field.getKey().equals("groundingSupports")) {
                rest.set(field.getKey(), field.getValue());
            }
        }
    }
}
