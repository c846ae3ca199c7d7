package dev.pillion.adapters.streams;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** One item of the output, as its events tell it; all that they say must agree. */
final class ResponsesItem {
    private static final Set<String> WITH_CALL_ID = Set.of("function_call", "custom_tool_call");

    private final StreamOrder order;
    private final JsonNode added;
    private final String type;
    private final List<Part> parts = new ArrayList<>();
    private final StringBuilder input = new StringBuilder();
    private final List<String> steps = new ArrayList<>();
    private String wholeInput;
    private JsonNode done;

    /** A content part or a part of the summary. */
    private static final class Part {
        final StringBuilder text = new StringBuilder();
        final List<JsonNode> annotations = new ArrayList<>();
        boolean textDone;
        JsonNode done;
    }

    ResponsesItem(JsonNode added, StreamOrder order) {
        this.order = order;
        this.added = added;
        this.type = added.path("type").asText();
        order.nonEmpty(added, "id");
        order.check(!type.isEmpty(), "an item without a type");
        if (WITH_CALL_ID.contains(type)) {
            order.nonEmpty(added, "call_id");
            order.nonEmpty(added, "name");
        }
        if (type.equals("message")) {
            order.same("assistant", added.path("role").asText(), "the role");
            order.check(added.path("content").isEmpty(), "content as the message opens");
        }
    }

    boolean isDone() {
        return done != null;
    }

    void event(String name, JsonNode json) {
        order.check(done == null, name + " after the item is done");
        order.same(added.path("id").asText(), json.path("item_id").asText(), "item_id of " + name);
        switch (name) {
            case "response.content_part.added", "response.reasoning_summary_part.added" ->
                    partAdded(json);
            case "response.output_text.delta",
                    "response.refusal.delta",
                    "response.reasoning_text.delta",
                    "response.reasoning_summary_text.delta" -> {
                Part part = part(name, json);
                order.check(!part.textDone, name + " after its text is done");
                part.text.append(json.path("delta").asText());
            }
            case "response.output_text.annotation.added" -> annotation(name, json);
            case "response.output_text.done",
                    "response.refusal.done",
                    "response.reasoning_text.done",
                    "response.reasoning_summary_text.done" ->
                    textDone(name, json);
            case "response.content_part.done", "response.reasoning_summary_part.done" ->
                    partDone(name, json);
            case "response.function_call_arguments.delta",
                    "response.custom_tool_call_input.delta",
                    "response.mcp_call_arguments.delta",
                    "response.code_interpreter_call_code.delta" ->
                    input.append(json.path("delta").asText());
            case "response.function_call_arguments.done",
                    "response.custom_tool_call_input.done",
                    "response.mcp_call_arguments.done",
                    "response.code_interpreter_call_code.done" ->
                    inputDone(name, json);
            default -> step(name);
        }
    }

    /** A step of one of the vendor's own tools, e.g. {@code response.web_search_call.searching}. */
    private void step(String name) {
        order.check(name.startsWith("response." + type + "."), name + " in " + type);
        order.check(!steps.contains("completed"), name + " after completed");
        steps.add(name.substring(name.lastIndexOf('.') + 1));
    }

    private static int index(JsonNode json) {
        return json.path("content_index").asInt(json.path("summary_index").asInt(-1));
    }

    private void partAdded(JsonNode json) {
        order.same(parts.size(), index(json), "the part's index");
        order.check(parts.isEmpty() || parts.getLast().done != null, "a part opens within another");
        String text = json.path("part").path("text").asText();
        order.check(text.isEmpty(), "a part opens with text: " + text);
        parts.add(new Part());
    }

    private Part part(String name, JsonNode json) {
        int index = index(json);
        if (index < 0 || index >= parts.size()) {
            order.wrong(name + " of no part: " + json);
            return new Part();
        }
        return parts.get(index);
    }

    private void annotation(String name, JsonNode json) {
        Part part = part(name, json);
        order.same(
                part.annotations.size(), json.path("annotation_index").asInt(), "annotation_index");
        part.annotations.add(json.path("annotation"));
    }

    private void textDone(String name, JsonNode json) {
        Part part = part(name, json);
        order.check(!part.textDone, name + " twice");
        part.textDone = true;
        order.same(part.text.toString(), words(json), name);
    }

    private static String words(JsonNode json) {
        return json.path("text").asText(json.path("refusal").asText(""));
    }

    private void partDone(String name, JsonNode json) {
        Part part = part(name, json);
        order.check(part.textDone && part.done == null, name + " too early, or twice");
        part.done = json.path("part");
        order.same(part.text.toString(), words(part.done), name);
        if (part.done.has("annotations")) {
            List<JsonNode> annotations = new ArrayList<>();
            part.done.path("annotations").forEach(annotations::add);
            order.same(part.annotations, annotations, "the annotations");
        }
    }

    private void inputDone(String name, JsonNode json) {
        order.check(wholeInput == null, name + " twice");
        wholeInput =
                json.path("arguments")
                        .asText(json.path("input").asText(json.path("code").asText()));
        order.same(input.toString(), wholeInput, name);
    }

    void done(JsonNode item) {
        order.check(done == null, "an item is done twice");
        done = item;
        order.same(added.path("id"), item.path("id"), "the item's id");
        order.same(type, item.path("type").asText(), "the item's type");
        if (WITH_CALL_ID.contains(type)) {
            order.same(added.path("call_id"), item.path("call_id"), "call_id");
            order.same(added.path("name"), item.path("name"), "name");
            order.same(input.toString(), wholeInput, "the input's done event");
            String field = type.equals("function_call") ? "arguments" : "input";
            order.same(wholeInput, item.path(field).asText(), "the item's " + field);
        }
        JsonNode all = item.path(type.equals("message") ? "content" : "summary");
        if (type.equals("message") || type.equals("reasoning")) {
            order.same(parts.size(), all.size(), "the item's parts");
            for (int i = 0; i < Math.min(parts.size(), all.size()); i++) {
                order.same(parts.get(i).done, all.get(i), "part " + i);
            }
        }
    }

    /**
     * Compares it with its place in the whole answer.
     *
     * @param strict whether every field must be the same: the vendor encrypts anew what it hides
     * @param completed whether the item may not be left open
     */
    void inTheWhole(JsonNode item, boolean strict, boolean completed) {
        if (done == null) {
            // The vendor has been seen to leave an item of its own tools open.
            order.check(!completed || !strict, "an item of a completed answer is not done");
            return;
        }
        if (strict) {
            order.same(done, item, "the item in the whole");
        } else {
            order.same(bare(done), bare(item), "the item in the whole");
        }
        if (completed && type.equals("function_call")) {
            String arguments = item.path("arguments").asText();
            order.check(StreamOrder.isObject(arguments), "arguments: " + arguments);
        }
    }

    private static JsonNode bare(JsonNode item) {
        ObjectNode bare = item.deepCopy();
        bare.remove("encrypted_content");
        return bare;
    }
}
