package dev.pillion.adapters.streams;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;

/** The order of Anthropic's Messages events (API 2026-10-21; its SDKs of 2026-11). */
final class MessagesOrder extends StreamOrder {
    private static final Set<String> CALLS = Set.of("tool_use", "server_tool_use", "mcp_tool_use");
    private static final Set<String> STOPS =
            Set.of(
                    "end_turn",
                    "max_tokens",
                    "stop_sequence",
                    "tool_use",
                    "pause_turn",
                    "refusal",
                    "model_context_window_exceeded",
                    "compaction");
    private static final Set<String> ERRORS =
            Set.of(
                    "invalid_request_error",
                    "authentication_error",
                    "billing_error",
                    "permission_error",
                    "not_found_error",
                    "request_too_large",
                    "rate_limit_error",
                    "timeout_error",
                    "api_error",
                    "overloaded_error",
                    "conflict_error");

    /** What the SDKs take from the last event, and of its usage. */
    private static final String[] ENDS = {
        "stop_reason", "stop_sequence", "stop_details", "container"
    };

    private static final String[] COUNTS = {
        "input_tokens",
        "cache_creation_input_tokens",
        "cache_read_input_tokens",
        "output_tokens",
        "output_tokens_details",
        "server_tool_use"
    };

    private boolean started;
    private int blocks;
    private String open;
    private final StringBuilder input = new StringBuilder();
    private boolean signed;
    private boolean called;
    private boolean broken;
    private String stop;
    private JsonNode message;
    private final ArrayNode content = JsonNodeFactory.instance.arrayNode();
    private ObjectNode block = JsonNodeFactory.instance.objectNode();
    private JsonNode last;

    @Override
    JsonNode folded() {
        ObjectNode folded = only(message, "id", "model", "role");
        folded.set("content", content);
        folded.setAll(only(last.path("delta"), ENDS));
        folded.set("usage", only(last.path("usage"), COUNTS));
        return folded;
    }

    @Override
    JsonNode whole(JsonNode reply) {
        ObjectNode whole = only(reply, "id", "model", "role", "content");
        whole.setAll(only(reply, ENDS));
        whole.set("usage", only(reply.path("usage"), COUNTS));
        return whole;
    }

    @Override
    void data(String event, String data) {
        JsonNode json = json(data);
        String type = json.path("type").asText();
        same(type, event, "the event's name");
        switch (type) {
            case "ping" -> same(1, json.size(), "fields of a ping");
            case "error" -> error(json);
            case "message_start" -> start(json.path("message"));
            case "content_block_start" -> open(json);
            case "content_block_delta" -> delta(json);
            case "content_block_stop" -> close(json);
            case "message_delta" -> messageDelta(json);
            case "message_stop" -> {
                check(stop != null, "message_stop without a stop reason");
                end(End.FINISHED);
            }
            default -> wrong("an unknown event: " + type);
        }
    }

    private void error(JsonNode json) {
        check(ERRORS.contains(json.path("error").path("type").asText()), "error type in " + json);
        nonEmpty(json.path("error"), "message");
        end(End.ERROR);
    }

    private void start(JsonNode begun) {
        message = begun;
        check(!started, "a second message_start");
        started = true;
        nonEmpty(begun, "id");
        nonEmpty(begun, "model");
        same("message", begun.path("type").asText(), "the message's type");
        same("assistant", begun.path("role").asText(), "the role");
        check(begun.path("content").isArray() && begun.path("content").isEmpty(), "content");
        check(begun.has("stop_reason") && begun.path("stop_reason").isNull(), "stop_reason");
        check(begun.path("usage").path("input_tokens").isInt(), "input_tokens at the start");
        check(begun.path("usage").path("output_tokens").isInt(), "output_tokens at the start");
    }

    private void open(JsonNode json) {
        check(started && stop == null, "a block outside of the message");
        check(open == null, "a block opens in another");
        same(blocks, json.path("index").asInt(-1), "the block's index");
        blocks++;
        block = json.path("content_block").deepCopy();
        content.add(block);
        open = block.path("type").asText();
        check(!open.isEmpty(), "a block without a type");
        input.setLength(0);
        signed = false;
        called |= open.equals("tool_use");
        if (CALLS.contains(open)) {
            nonEmpty(block, "id");
            nonEmpty(block, "name");
            check(block.path("input").isObject(), "the input of " + block);
        } else if (open.equals("text")) {
            check(block.path("text").isTextual(), "the text of " + block);
        } else if (open.equals("thinking")) {
            check(block.path("thinking").isTextual(), "the thinking of " + block);
        } else if (open.endsWith("_result")) {
            nonEmpty(block, "tool_use_id");
            check(block.has("content"), "the content of " + block);
        }
    }

    private void delta(JsonNode json) {
        same(blocks - 1, json.path("index").asInt(-1), "the delta's index");
        if (open == null) {
            wrong("a delta outside of a block");
            return;
        }
        check(!signed, "something follows the signature");
        JsonNode delta = json.path("delta");
        String type = delta.path("type").asText();
        switch (type) {
            case "text_delta" -> {
                fits("text", delta.path("text").isTextual(), delta);
                grow("text", delta);
            }
            case "citations_delta" -> {
                fits("text", delta.path("citation").isObject(), delta);
                block.withArray("/citations").add(delta.path("citation"));
            }
            case "thinking_delta" -> {
                fits("thinking", delta.path("thinking").isTextual(), delta);
                grow("thinking", delta);
            }
            case "signature_delta" -> {
                fits("thinking", delta.path("signature").isTextual(), delta);
                block.set("signature", delta.path("signature"));
                signed = true;
            }
            case "input_json_delta" -> {
                check(CALLS.contains(open), type + " in " + open);
                check(delta.path("partial_json").isTextual(), delta.toString());
                input.append(delta.path("partial_json").asText());
            }
            default -> wrong("an unknown delta: " + type);
        }
    }

    private void grow(String field, JsonNode delta) {
        block.put(field, block.path(field).asText() + delta.path(field).asText());
    }

    private void fits(String block, boolean value, JsonNode delta) {
        same(block, open, "the block of " + delta.path("type").asText());
        check(value, "the value of " + delta);
    }

    private void close(JsonNode json) {
        same(blocks - 1, json.path("index").asInt(-1), "the index of the block that closes");
        check(open != null, "a block closes that is not open");
        if (block.path("citations").isEmpty() && block.has("citations")) {
            block.putNull("citations"); // A list to which nothing came says no more.
        }
        boolean whole = isObject(input.toString());
        if (whole) {
            block.set("input", json(input.toString()));
        } else if (!input.isEmpty()) {
            block.putObject("input").put("_raw", input.toString()); // As Pillion tells it whole.
        }
        broken |= !input.isEmpty() && !whole;
        open = null;
    }

    private void messageDelta(JsonNode json) {
        last = json;
        check(started && open == null, "message_delta before the last block is closed");
        JsonNode delta = json.path("delta");
        stop = delta.path("stop_reason").asText(stop);
        check(STOPS.contains(stop), "the stop reason: " + stop);
        check(
                stop.equals("stop_sequence") == delta.path("stop_sequence").isTextual(),
                "the stop sequence of " + delta);
        JsonNode usage = json.path("usage");
        check(usage.path("output_tokens").isInt(), "output_tokens at the end: " + usage);
    }

    @Override
    void atEnd() {
        check(called || !stop.equals("tool_use"), "tool_use without a call");
        check(!broken || stop.equals("max_tokens"), "a call's input is no JSON object");
        check(open == null, "a block is left open");
    }
}
