package dev.pillion.sidecar;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.wire.Json;
import dev.pillion.protocol.wire.MalformedJson;
import java.util.ArrayList;
import java.util.List;

/** A uniform event stream, read the way a caller would: shares nothing with what wrote it. */
record Folded(List<String> events, ArrayNode content, JsonNode last) {

    static Folded of(String stream) throws MalformedJson {
        List<String> events = new ArrayList<>();
        ArrayNode content = Json.nodes().arrayNode();
        JsonNode last = Json.object();
        for (String frame : stream.split("\n\n", -1)) {
            if (frame.isBlank()) {
                continue;
            }
            String[] lines = frame.strip().split("\n", -1);
            JsonNode data = Json.read(lines[1].substring("data: ".length()));
            String type = data.path("type").asText();
            if (!lines[0].equals("event: " + type)) {
                throw new AssertionError("event line and type differ: " + frame);
            }
            events.add(type);
            add(content, type, data);
            last = data;
        }
        return new Folded(events, content, last);
    }

    private static void add(ArrayNode content, String type, JsonNode data) throws MalformedJson {
        int index = data.path("index").asInt(-1);
        switch (type) {
            case "text", "thinking" -> {
                ObjectNode part = part(content, index, type);
                part.put("text", part.path("text").asText("") + data.path("delta").asText());
            }
            case "tool_call" -> {
                ObjectNode part = part(content, index, type);
                if (data.has("id")) {
                    part.set("id", data.get("id"));
                    part.set("name", data.get("name"));
                    part.put("arguments", "");
                } else {
                    String soFar = part.path("arguments").asText();
                    part.put("arguments", soFar + data.path("arguments_delta").asText());
                }
            }
            case "citation" -> {
                ObjectNode citation = data.deepCopy();
                citation.remove(List.of("type", "index"));
                ((ObjectNode) content.get(index)).withArray("/citations").add(citation);
            }
            case "seal" -> ((ObjectNode) content.get(index)).set("seal", data.get("seal"));
            case "vendor_item" -> {
                ObjectNode item = data.deepCopy();
                item.remove("index");
                content.add(item);
            }
            default -> {}
        }
    }

    private static ObjectNode part(ArrayNode content, int index, String type) {
        if (index == content.size()) {
            content.addObject().put("type", type);
        }
        ObjectNode part = (ObjectNode) content.get(index);
        if (!part.path("type").asText().equals(type)) {
            throw new AssertionError("part " + index + " changes its type to " + type);
        }
        return part;
    }

    /** The content as a whole answer would show it: arguments as objects. */
    ArrayNode asWhole() throws MalformedJson {
        for (JsonNode part : content) {
            if (part.path("type").asText().equals("tool_call")) {
                String text = part.path("arguments").asText();
                ((ObjectNode) part).set("arguments", Json.read(text.isEmpty() ? "{}" : text));
            }
        }
        return content;
    }
}
