package dev.pillion.adapters.streams;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The order of OpenAI's Chat Completions chunks (API 2.3.0; its SDKs of 2026-11). */
final class ChatOrder extends StreamOrder {
    private static final Set<String> REASONS =
            Set.of("stop", "length", "tool_calls", "content_filter", "function_call");

    private static final String[] MESSAGE = {
        "role",
        "content",
        "refusal",
        "reasoning_content",
        "annotations",
        "audio",
        "function_call",
        "tool_calls",
        "reasoning_details"
    };

    private final Boolean usageAsked;
    private final TreeMap<Integer, Choice> choices = new TreeMap<>();
    private JsonNode first;
    private boolean usage;
    private JsonNode counts = NullNode.instance;
    private JsonNode tier = NullNode.instance;

    private static final class Choice {
        final ObjectNode message = JsonNodeFactory.instance.objectNode();
        final List<StringBuilder> calls = new ArrayList<>();
        final List<Boolean> custom = new ArrayList<>();
        String reason;
        boolean legacy;
    }

    /** {@code usageAsked}: whether the client asked for usage; null: not known. */
    ChatOrder(Boolean usageAsked) {
        this.usageAsked = usageAsked;
    }

    @Override
    JsonNode folded() {
        ObjectNode folded = only(first, "id", "model", "created");
        Choice choice = choices.get(0);
        folded.set("message", only(choice.message, MESSAGE));
        folded.put("finish_reason", choice.reason);
        folded.set("service_tier", tier);
        folded.set("usage", counts);
        return folded;
    }

    @Override
    JsonNode whole(JsonNode reply) {
        ObjectNode whole = only(reply, "id", "model", "created");
        JsonNode choice = reply.path("choices").path(0);
        ObjectNode message = only(choice.path("message"), MESSAGE);
        if (message.path("annotations").isEmpty()) {
            message.putNull("annotations"); // Streams have none rather than an empty list.
        }
        whole.set("message", message);
        whole.set("finish_reason", choice.path("finish_reason"));
        whole.setAll(only(reply, "service_tier"));
        whole.set(
                "usage", Boolean.TRUE.equals(usageAsked) ? reply.path("usage") : NullNode.instance);
        return whole;
    }

    /** Puts the words behind those that are there, and everything else in the place of it. */
    private static void grow(JsonNode delta, ObjectNode message) {
        for (Map.Entry<String, JsonNode> field : delta.properties()) {
            String name = field.getKey();
            JsonNode before = message.path(name);
            if (name.equals("tool_calls")) {
                field.getValue().forEach(call -> growCall(call, message.withArray("/tool_calls")));
            } else if (before.isTextual() && field.getValue().isTextual()) {
                message.put(name, before.asText() + field.getValue().asText());
            } else if (before instanceof ObjectNode group) {
                grow(field.getValue(), group);
            } else if (!field.getValue().isNull()) {
                message.set(name, field.getValue().deepCopy());
            }
        }
    }

    private static void growCall(JsonNode delta, ArrayNode calls) {
        int index = delta.path("index").asInt();
        ObjectNode call = delta.deepCopy();
        call.remove("index");
        if (index == calls.size()) {
            calls.add(call);
        } else if (calls.path(index) instanceof ObjectNode before) {
            grow(call, before);
        }
    }

    @Override
    void data(String event, String data) {
        same(null, event, "the event's name");
        if (data.equals("[DONE]")) {
            end(End.FINISHED);
            return;
        }
        JsonNode chunk = json(data);
        if (chunk.has("error")) {
            JsonNode error = chunk.path("error");
            check(error.isObject(), "an error that is none, at the top: " + chunk);
            nonEmpty(error, "message");
            nonEmpty(error, "type");
            check(error.has("code") && error.has("param"), "code and param of " + error);
            end(End.ERROR);
            return;
        }
        chunk(chunk);
    }

    private void chunk(JsonNode chunk) {
        same("chat.completion.chunk", chunk.path("object").asText(), "object");
        first = first == null ? chunk : first;
        nonEmpty(chunk, "id");
        nonEmpty(chunk, "model");
        for (String field : List.of("id", "created", "model")) {
            same(first.path(field), chunk.path(field), field);
        }
        check(chunk.path("choices").isArray(), "choices of " + chunk);
        check(!usage, "a chunk after the usage");
        tier = chunk.hasNonNull("service_tier") ? chunk.path("service_tier") : tier;
        if (chunk.hasNonNull("usage")) {
            usage(chunk);
        } else if (Boolean.TRUE.equals(usageAsked)) {
            check(chunk.has("usage"), "usage is to be null before it comes");
        }
        chunk.path("choices").forEach(this::choice);
    }

    private void usage(JsonNode chunk) {
        usage = true;
        this.counts = chunk.path("usage");
        check(!Boolean.FALSE.equals(usageAsked), "usage that nobody asked for");
        check(chunk.path("choices").isEmpty(), "usage in a chunk with choices");
        same(
                counts.path("prompt_tokens").asLong() + counts.path("completion_tokens").asLong(),
                counts.path("total_tokens").asLong(),
                "total_tokens");
    }

    private void choice(JsonNode json) {
        int index = json.path("index").asInt(-1);
        check(index >= 0 && index <= choices.size(), "the choice's index: " + index);
        JsonNode delta = json.path("delta");
        check(delta.isObject(), "a choice without a delta");
        check(json.has("finish_reason"), "finish_reason is not even null");
        Choice choice = choices.get(index);
        if (choice == null) {
            same("assistant", delta.path("role").asText(), "the role in the first chunk");
            choice = new Choice();
            choices.put(index, choice);
        }
        check(choice.reason == null, "content after the finish reason");
        grow(delta, choice.message);
        choice.legacy |= delta.has("function_call");
        for (JsonNode call : delta.path("tool_calls")) {
            call(call, choice);
        }
        if (json.hasNonNull("finish_reason")) {
            choice.reason = json.path("finish_reason").asText();
            check(REASONS.contains(choice.reason), "the finish reason: " + choice.reason);
        }
    }

    private void call(JsonNode json, Choice choice) {
        int index = json.path("index").asInt(-1);
        if (index == choice.calls.size()) {
            nonEmpty(json, "id");
            String type = json.path("type").asText();
            check(Set.of("function", "custom").contains(type), "the call's type: " + type);
            nonEmpty(json.path(type), "name");
            choice.calls.add(new StringBuilder());
            choice.custom.add(type.equals("custom"));
        } else {
            check(index >= 0 && index < choice.calls.size(), "the call's index: " + index);
            check(!json.has("id"), "a call that goes on has its id anew");
            check(!json.path("function").has("name"), "a call that goes on has its name anew");
        }
        if (index >= 0 && index < choice.calls.size()) {
            choice.calls.get(index).append(json.path("function").path("arguments").asText(""));
        }
    }

    @Override
    void atEnd() {
        check(!choices.isEmpty(), "no choice");
        check(usage || !Boolean.TRUE.equals(usageAsked), "no usage, which was asked for");
        choices.values().forEach(this::atEnd);
    }

    private void atEnd(Choice choice) {
        if (choice.reason == null) {
            wrong("a choice without a finish reason");
            return;
        }
        check(
                !choice.reason.equals("tool_calls") || !choice.calls.isEmpty(),
                "tool_calls without calls");
        check(!choice.reason.equals("function_call") || choice.legacy, "function_call without one");
        for (int i = 0; i < choice.calls.size(); i++) {
            boolean whole = isObject(choice.calls.get(i).toString());
            check(
                    whole || choice.custom.get(i) || choice.reason.equals("length"),
                    "arguments that are no JSON object: " + choice.calls.get(i));
        }
    }
}
