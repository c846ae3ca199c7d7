package dev.pillion.sidecar.simulate.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.sidecar.simulate.kit.SseEvent;
import dev.pillion.sidecar.simulate.kit.Trees;
import dev.pillion.sidecar.simulate.kit.Wording;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Takes a whole response apart into the events that stream it. */
public final class ResponseEvents {
    private static final int PIECE_CHARS = 9;
    private static final Set<String> TERMINAL =
            Set.of("response.completed", "response.incomplete", "response.failed");

    private final EventStyle style;
    private final List<SseEvent> events = new ArrayList<>();

    private ResponseEvents(EventStyle style) {
        this.style = style;
    }

    /** All events of a response, the one that ends it included. */
    public static List<SseEvent> of(ObjectNode response, EventStyle style) {
        var all = new ResponseEvents(style);
        all.stream(response);
        return all.events;
    }

    /** Whether an event ends a stream. */
    public static boolean terminal(SseEvent event) {
        return event.name() != null && TERMINAL.contains(event.name());
    }

    private void stream(ObjectNode response) {
        var begun = response.deepCopy().put("status", "in_progress");
        begun.putArray("output");
        for (var field : List.of("usage", "completed_at", "incomplete_details", "error")) {
            begun.putNull(field);
        }
        send("response.created", Trees.object().set("response", begun));
        send("response.in_progress", Trees.object().set("response", begun));
        var output = Trees.items(response.get("output"));
        for (int i = 0; i < output.size(); i++) {
            item(output.get(i), i);
        }
        var end = "response." + response.path("status").asText();
        send(end, Trees.object().set("response", response));
    }

    private void send(String type, ObjectNode data) {
        var event = Trees.object().put("type", type).put("sequence_number", events.size());
        event.setAll(data);
        if (style.obfuscates() && type.endsWith(".delta")) {
            int length = 1 + (event.toString().length() * 7) % 15;
            event.put("obfuscation", "x8KqT3mZr0WvYcPf".substring(0, length));
        }
        events.add(new SseEvent(type, Trees.write(event)));
    }

    private void item(JsonNode item, int index) {
        var type = item.path("type").asText();
        var opened = Trees.object().put("output_index", index);
        opened.set("item", opened(item));
        send("response.output_item.added", opened);
        switch (type) {
            case "message" -> message(item, index);
            case "reasoning" -> summary(item, index);
            case "function_call" ->
                    input(item, index, "arguments", "response.function_call_arguments");
            case "custom_tool_call" ->
                    input(item, index, "input", "response.custom_tool_call_input");
            case "web_search_call" -> progress(item, index);
            default -> {
                // Other items come whole.
            }
        }
        var closed = Trees.object().put("output_index", index);
        closed.set("item", item);
        send("response.output_item.done", closed);
    }

    /** An item as it is when it begins. */
    private ObjectNode opened(JsonNode item) {
        ObjectNode copy = item.deepCopy();
        if (copy.has("status")) {
            copy.put("status", "in_progress");
        }
        for (var list : List.of("content", "summary")) {
            if (copy.has(list)) {
                copy.putArray(list);
            }
        }
        for (var text : List.of("arguments", "input")) {
            if (copy.path(text).isTextual()) {
                copy.put(text, "");
            }
        }
        var sealed = Trees.string(item, "encrypted_content");
        copy.remove("encrypted_content");
        if (sealed != null && style.partialSeals()) {
            // What is there so early is not the whole of it.
            copy.put("encrypted_content", sealed.substring(0, sealed.length() / 2));
        }
        copy.remove("action");
        return copy;
    }

    private static ObjectNode at(JsonNode item, int index) {
        return Trees.object().put("item_id", item.path("id").asText()).put("output_index", index);
    }

    private void message(JsonNode item, int index) {
        var parts = Trees.items(item.get("content"));
        for (int i = 0; i < parts.size(); i++) {
            var part = parts.get(i);
            boolean refusal = part.path("type").asText().equals("refusal");
            ObjectNode empty = part.deepCopy();
            empty.put(refusal ? "refusal" : "text", "");
            for (var list : List.of("annotations", "logprobs")) {
                if (empty.has(list)) {
                    empty.putArray(list);
                }
            }
            var here = at(item, index).put("content_index", i);
            ObjectNode added = here.deepCopy();
            send("response.content_part.added", added.set("part", empty));
            if (refusal) {
                refusal(part, here);
            } else {
                text(part, here);
            }
            ObjectNode done = here.deepCopy();
            send("response.content_part.done", done.set("part", part));
        }
    }

    private void refusal(JsonNode part, ObjectNode here) {
        var text = part.path("refusal").asText();
        for (var piece : Wording.pieces(text)) {
            send("response.refusal.delta", here.deepCopy().put("delta", piece));
        }
        send("response.refusal.done", here.deepCopy().put("refusal", text));
    }

    private void text(JsonNode part, ObjectNode here) {
        var text = part.path("text").asText();
        var annotations = Trees.items(part.get("annotations"));
        int from = 0;
        for (int i = 0; i < annotations.size() && !style.annotationsLast(); i++) {
            int points = annotations.get(i).path("end_index").asInt();
            int to = text.offsetByCodePoints(0, points);
            deltas(text.substring(from, to), part, here, false);
            annotation(annotations.get(i), i, here);
            from = to;
        }
        deltas(text.substring(from), part, here, from == 0);
        for (int i = 0; i < annotations.size() && style.annotationsLast(); i++) {
            annotation(annotations.get(i), i, here);
        }
        ObjectNode done = here.deepCopy();
        done.put("text", text).set("logprobs", logprobs(part));
        send("response.output_text.done", done);
    }

    private static JsonNode logprobs(JsonNode part) {
        return part.has("logprobs") ? part.get("logprobs") : Trees.array();
    }

    private void deltas(String text, JsonNode part, ObjectNode here, boolean all) {
        var pieces = Wording.pieces(text);
        for (int i = 0; i < pieces.size(); i++) {
            ObjectNode delta = here.deepCopy();
            var tokens = delta.put("delta", pieces.get(i)).putArray("logprobs");
            var token = logprobs(part).get(i);
            if (all && token != null) {
                tokens.add(token);
            }
            send("response.output_text.delta", delta);
        }
    }

    private void annotation(JsonNode annotation, int index, ObjectNode here) {
        ObjectNode added = here.deepCopy();
        added.put("annotation_index", index).set("annotation", annotation);
        send("response.output_text.annotation.added", added);
    }

    private void summary(JsonNode item, int index) {
        var parts = Trees.items(item.get("summary"));
        for (int i = 0; i < parts.size(); i++) {
            var text = parts.get(i).path("text").asText();
            var here = at(item, index).put("summary_index", i);
            ObjectNode empty = parts.get(i).deepCopy();
            ObjectNode added = here.deepCopy();
            send("response.reasoning_summary_part.added", added.set("part", empty.put("text", "")));
            for (var piece : Wording.pieces(text)) {
                send("response.reasoning_summary_text.delta", here.deepCopy().put("delta", piece));
            }
            send("response.reasoning_summary_text.done", here.deepCopy().put("text", text));
            ObjectNode done = here.deepCopy();
            send("response.reasoning_summary_part.done", done.set("part", parts.get(i)));
        }
    }

    private void input(JsonNode item, int index, String field, String event) {
        var text = item.path(field).asText();
        int step = style.wholeCalls() ? Math.max(1, text.length()) : PIECE_CHARS;
        for (int at = 0; at < text.length(); at += step) {
            var piece = text.substring(at, Math.min(text.length(), at + step));
            send(event + ".delta", at(item, index).put("delta", piece));
        }
        send(event + ".done", at(item, index).put(field, text));
    }

    private void progress(JsonNode item, int index) {
        if (style.tellsProgress()) {
            for (var step : List.of("in_progress", "searching", "completed")) {
                send("response.web_search_call." + step, at(item, index));
            }
        }
    }
}
