package dev.pillion.adapters.streams;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** The order of the uniform surface's events. */
final class UniformOrder extends StreamOrder {
    private static final String[] ENDS = {"stop", "usage", "cost", "route", "sources"};

    private boolean started;

    /** What each part is. */
    private final List<String> parts = new ArrayList<>();

    private final List<StringBuilder> arguments = new ArrayList<>();

    private final ArrayNode content = JsonNodeFactory.instance.arrayNode();
    private JsonNode last;

    /** Arguments are text while they grow, and what it says when all of it is there. */
    @Override
    JsonNode folded() {
        for (JsonNode part : content) {
            String arguments = part.path("arguments").asText("");
            if (isObject(arguments)) {
                ((ObjectNode) part).set("arguments", json(arguments));
            }
        }
        ObjectNode folded = JsonNodeFactory.instance.objectNode();
        folded.set("content", content);
        folded.setAll(only(last, ENDS));
        return folded;
    }

    @Override
    JsonNode whole(JsonNode reply) {
        return only(reply, "content").setAll(only(reply, ENDS));
    }

    @Override
    void data(String event, String data) {
        JsonNode json = json(data);
        String type = json.path("type").asText();
        same(type, event, "the event's name");
        switch (type) {
            case "ping" -> {}
            case "start" -> {
                check(!started, "a second start");
                nonEmpty(json, "id");
                started = true;
            }
            case "done" -> done(json);
            case "error" -> {
                nonEmpty(json.path("error"), "kind");
                nonEmpty(json.path("error"), "message");
                end(End.ERROR);
            }
            case "text", "thinking", "tool_call", "part", "vendor_item" -> part(type, json);
            case "citation", "seal" -> of(type, json);
            default -> wrong("an unknown event: " + type);
        }
    }

    /** What is to be added to the part that grows. */
    private void grow(String type, JsonNode json) {
        ObjectNode part = (ObjectNode) content.path(content.size() - 1);
        switch (type) {
            case "text", "thinking" ->
                    part.put("text", part.path("text").asText() + json.path("delta").asText());
            case "tool_call" -> {
                if (json.has("id")) {
                    part.set("id", json.path("id"));
                    part.set("name", json.path("name"));
                }
                part.put(
                        "arguments",
                        part.path("arguments").asText() + json.path("arguments_delta").asText(""));
            }
            case "part" -> part.setAll((ObjectNode) json.path("part"));
            default -> {
                ObjectNode item = json.deepCopy();
                part.setAll(item.remove(List.of("type", "index")));
            }
        }
    }

    private void part(String type, JsonNode json) {
        check(started, "content before the start");
        int index = json.path("index").asInt(-1);
        if (index == parts.size()) {
            parts.add(type);
            content.addObject().put("type", type);
            arguments.add(new StringBuilder());
            if (type.equals("tool_call")) {
                nonEmpty(json, "id");
                nonEmpty(json, "name");
            }
        } else {
            same(parts.size() - 1, index, "the index of what goes on");
            same(parts.isEmpty() ? null : parts.getLast(), type, "what goes on");
            check(!json.has("id"), "a call begins twice");
        }
        if (!parts.isEmpty()) {
            grow(type, json);
            arguments.getLast().append(json.path("arguments_delta").asText(""));
        }
    }

    private void of(String type, JsonNode json) {
        int index = json.path("index").asInt(-1);
        check(index >= 0 && index < parts.size(), "a " + type + " of no part: " + json);
        check(
                type.equals("seal") || index >= parts.size() || parts.get(index).equals("text"),
                "a citation of what is no text");
        ObjectNode part = (ObjectNode) content.path(index);
        if (type.equals("seal")) {
            part.set("seal", json.path("seal"));
        } else {
            ObjectNode citation = json.deepCopy();
            part.withArray("/citations").add(citation.without(List.of("type", "index")));
        }
    }

    private void done(JsonNode json) {
        last = json;
        check(started, "the end before the start");
        String stop = json.path("stop").asText();
        check(!stop.isEmpty(), "no stop");
        check(json.path("usage").isObject(), "no usage");
        check(!stop.equals("tool_call") || parts.contains("tool_call"), "tool_call without a call");
        for (int i = 0; i < parts.size(); i++) {
            boolean call = parts.get(i).equals("tool_call");
            boolean whole = !call || isObject(arguments.get(i).toString());
            check(whole || stop.equals("max_tokens"), "arguments: " + arguments.get(i));
        }
        end(End.FINISHED);
    }
}
