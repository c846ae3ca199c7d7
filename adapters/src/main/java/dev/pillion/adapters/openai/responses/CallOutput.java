package dev.pillion.adapters.openai.responses;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.openai.CustomInput;
import dev.pillion.protocol.wire.Json;

/** A call of a function, or of a custom tool whose free text comes in one piece. */
final class CallOutput extends OpenOutput {
    private final String callId;
    private final String name;
    private final boolean custom;
    private final ObjectNode more;
    private final StringBuilder arguments = new StringBuilder();

    /**
     * @param more further fields of the item
     */
    CallOutput(
            EventSink events,
            String id,
            int outputIndex,
            String callId,
            String name,
            boolean custom,
            ObjectNode more) {
        super(events, id, outputIndex);
        this.callId = callId;
        this.name = name;
        this.custom = custom;
        this.more = more;
        added(item("in_progress", ""));
    }

    String callId() {
        return callId;
    }

    private ObjectNode item(String status, String payload) {
        ObjectNode item = Json.object().put("id", id());
        item.put("type", custom ? "custom_tool_call" : "function_call");
        item.put("status", status).put("call_id", callId).put("name", name);
        item.put(custom ? "input" : "arguments", payload);
        add(more, item);
        return item;
    }

    /** Fields that are known only now. */
    void more(ObjectNode fields) {
        more.setAll(fields);
    }

    void arguments(String delta) {
        arguments.append(delta);
        if (!custom && !delta.isEmpty()) {
            delta("response.function_call_arguments.delta", delta);
        }
    }

    private void delta(String type, String delta) {
        event(type, json -> json.writeStringField("delta", delta));
    }

    @Override
    ObjectNode close(String status) {
        if (arguments.isEmpty()) {
            arguments("{}");
        }
        String payload = arguments.toString();
        if (custom) {
            payload = CustomInput.of(payload);
            if (!payload.isEmpty()) {
                delta("response.custom_tool_call_input.delta", payload);
            }
        }
        said(payload);
        ObjectNode item = item(status, payload);
        done(item);
        return item;
    }

    private void said(String payload) {
        if (custom) {
            event(
                    "response.custom_tool_call_input.done",
                    json -> json.writeStringField("input", payload));
        } else {
            event(
                    "response.function_call_arguments.done",
                    json -> {
                        json.writeStringField("name", name);
                        json.writeStringField("arguments", payload);
                    });
        }
    }
}
