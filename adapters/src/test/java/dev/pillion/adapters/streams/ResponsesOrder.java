package dev.pillion.adapters.streams;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;

/** The order of OpenAI's Responses events (API 2.3.0; its SDKs of 2026-11). */
final class ResponsesOrder extends StreamOrder {
    /** Whether the answer as a whole must be word for word what its items were done with. */
    private final boolean strict;

    private final List<ResponsesItem> items = new ArrayList<>();
    private JsonNode created;
    private long next = -1;
    private boolean failing;
    private JsonNode whole = MissingNode.getInstance();

    ResponsesOrder(boolean strict) {
        this.strict = strict;
    }

    /** The last event has it, and was compared with what the items were done with. */
    @Override
    JsonNode folded() {
        return whole;
    }

    @Override
    JsonNode whole(JsonNode reply) {
        return reply;
    }

    @Override
    void data(String event, String data) {
        if (data.equals("[DONE]")) {
            wrong("[DONE] before the end");
            return;
        }
        JsonNode json = json(data);
        String type = json.path("type").asText();
        same(type, event, "the event's name");
        numbered(json);
        check(!json.has("error") || type.equals("error"), "an error at the top of " + type);
        switch (type) {
            case "response.created" -> created(json.path("response"));
            case "response.queued", "response.in_progress" -> status(json, "");
            case "response.completed" -> completed(json, "completed");
            case "response.incomplete" -> completed(json, "incomplete");
            case "response.failed" -> {
                status(json, "failed");
                nonEmpty(json.path("response").path("error"), "message");
                end(End.ERROR);
            }
            case "error" -> {
                JsonNode error = json.path("error");
                nonEmpty(error, "message");
                check(error.has("code"), "the error's code: " + error);
                failing = true;
                end(End.ERROR);
            }
            case "keepalive" -> {}
            default -> ofItem(type, json);
        }
    }

    @Override
    void afterEnd(String event, String data) {
        boolean failed = failing && "response.failed".equals(event);
        if (!failed && !data.equals("[DONE]")) {
            super.afterEnd(event, data);
        }
    }

    /** From 0 on without gaps; recordings of the first months have no numbers. */
    private void numbered(JsonNode json) {
        if (next < 0) {
            next = json.has("sequence_number") ? 0 : Long.MAX_VALUE;
        }
        if (next != Long.MAX_VALUE) {
            same(next, json.path("sequence_number").asLong(-1), "sequence_number");
            next++;
        } else {
            check(!strict, "no sequence_number");
        }
    }

    private void created(JsonNode response) {
        check(created == null, "a second response.created");
        created = response;
        nonEmpty(response, "id");
        nonEmpty(response, "model");
        same("response", response.path("object").asText(), "object");
        check(response.path("output").isEmpty(), "output at the start");
        check(response.path("usage").isNull() || response.path("usage").isMissingNode(), "usage");
    }

    private void status(JsonNode json, String expected) {
        JsonNode response = json.path("response");
        check(created != null, "no response.created before " + json.path("type"));
        if (created != null) {
            same(created.path("id"), response.path("id"), "the response's id");
        }
        if (!expected.isEmpty()) {
            same(expected, response.path("status").asText(), "the status");
        }
    }

    private void completed(JsonNode json, String status) {
        status(json, status);
        JsonNode response = json.path("response");
        check(response.path("usage").path("total_tokens").isInt(), "usage at the end");
        same(
                status.equals("incomplete"),
                response.path("incomplete_details").has("reason"),
                "a reason for being incomplete");
        whole = response;
        JsonNode output = response.path("output");
        same(items.size(), output.size(), "items in the whole");
        for (int i = 0; i < Math.min(items.size(), output.size()); i++) {
            items.get(i).inTheWhole(output.get(i), strict, status.equals("completed"));
        }
        end(End.FINISHED);
    }

    private void ofItem(String type, JsonNode json) {
        check(created != null, "no response.created before " + type);
        int index = json.path("output_index").asInt(-1);
        if (type.equals("response.output_item.added")) {
            same(items.size(), index, "the item's output_index");
            check(
                    !strict || items.isEmpty() || items.getLast().isDone(),
                    "an item opens within another");
            items.add(new ResponsesItem(json.path("item"), this));
        } else if (index < 0 || index >= items.size()) {
            wrong("an event of no item: " + json);
        } else if (type.equals("response.output_item.done")) {
            items.get(index).done(json.path("item"));
        } else {
            items.get(index).event(type, json);
        }
    }
}
