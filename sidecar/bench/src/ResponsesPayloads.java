package dev.pillion.bench;

import java.util.ArrayList;
import java.util.List;

/** The Responses API's request and answers; {@link Payloads} tells how text is marked. */
final class ResponsesPayloads {
    private static final String USAGE =
            "\"usage\":{\"input_tokens\":180,\"input_tokens_details\":{\"cached_tokens\":0},"
                    + "\"output_tokens\":210,\"output_tokens_details\":{\"reasoning_tokens\":0},"
                    + "\"total_tokens\":390}";

    private ResponsesPayloads() {}

    static byte[] request(String model, Slot.Size size) {
        String stream = size.stream ? ",\"stream\":true" : "";
        String head =
                "{\"model\":\""
                        + model
                        + "\",\"max_output_tokens\":256,\"store\":false"
                        + stream
                        + ",\"instructions\":\"You are a careful assistant to an accountant.\""
                        + ",\"input\":[";
        return Payloads.padded(head, "]}", size.requestBytes, Payloads::turn);
    }

    static byte[] reply() {
        String head = "{" + response("completed") + ",\"output\":[" + itemHead("completed");
        return Payloads.reply(head, "\"}]}]," + USAGE + "}");
    }

    static List<byte[]> events() {
        var text = new StringBuilder();
        var events = new ArrayList<byte[]>();
        add(events, "response.created", "\"response\":{" + response("in_progress") + ",\"output\":[]}");
        add(events, "response.in_progress", "\"response\":{" + response("in_progress") + ",\"output\":[]}");
        add(
                events,
                "response.output_item.added",
                "\"output_index\":0,\"item\":{\"id\":\"msg_bench\",\"type\":\"message\",\"status\":"
                        + "\"in_progress\",\"content\":[],\"role\":\"assistant\"}");
        String place = "\"item_id\":\"msg_bench\",\"output_index\":0,\"content_index\":0,";
        add(events, "response.content_part.added", place + "\"part\":" + part(""));
        for (int i = 0; i < Payloads.EVENTS; i++) {
            String delta = " token" + i + Payloads.MARK;
            text.append(delta);
            String rest = place + "\"delta\":\"" + delta + "\",\"logprobs\":[]";
            add(events, "response.output_text.delta", rest);
        }
        String done = place + "\"text\":\"" + text + "\",\"logprobs\":[]";
        add(events, "response.output_text.done", done);
        add(events, "response.content_part.done", place + "\"part\":" + part(text.toString()));
        String item = itemHead("completed") + text + "\"}]}";
        add(events, "response.output_item.done", "\"output_index\":0,\"item\":" + item);
        String whole = response("completed") + ",\"output\":[" + item + "]," + USAGE;
        add(events, "response.completed", "\"response\":{" + whole + "}");
        return events;
    }

    private static String part(String text) {
        return "{\"type\":\"output_text\",\"annotations\":[],\"logprobs\":[],\"text\":\"" + text + "\"}";
    }

    private static String itemHead(String status) {
        return "{\"id\":\"msg_bench\",\"type\":\"message\",\"status\":\""
                + status
                + "\",\"role\":\"assistant\",\"content\":[{\"type\":\"output_text\","
                + "\"annotations\":[],\"logprobs\":[],\"text\":\"";
    }

    private static String response(String status) {
        return "\"id\":\"resp_bench\",\"object\":\"response\",\"created_at\":1795000000,\"status\":\""
                + status
                + "\",\"error\":null,\"incomplete_details\":null,\"model\":\"gpt-bench\","
                + "\"parallel_tool_calls\":true,\"service_tier\":\"default\",\"store\":false,"
                + "\"temperature\":1.0,\"tool_choice\":\"auto\",\"tools\":[],\"top_p\":1.0";
    }

    private static void add(List<byte[]> events, String type, String rest) {
        String data =
                "{\"type\":\"" + type + "\",\"sequence_number\":" + events.size() + "," + rest + "}";
        events.add(Payloads.bytes("event: " + type + "\ndata: " + data + "\n\n"));
    }
}
