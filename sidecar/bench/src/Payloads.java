package dev.pillion.bench;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;

/**
 * The requests sent and the replies given, in the vendors' formats, always the same bytes.
 *
 * <p>Every piece of reply text carries the mark {@link #MARK} and nothing else does: so a reader
 * can tell a complete answer by counting, whatever frames a proxy has put around the text.
 */
final class Payloads {
    static final char MARK = '~';
    static final int JSON_MARKS = 20;
    static final int EVENTS = 100;

    /** Ends the names of the models whose streams come event by event in time. */
    static final String DRIP = "-drip";

    private static final int REPLY_BYTES = 1536;
    private static final int TURN_CHARS = 1400;

    private static final String[] WORDS = {
        "the",
        "invoice",
        "from",
        "March",
        "was",
        "paid",
        "twice,",
        "so",
        "please",
        "check",
        "\\\"ledger\\\"",
        "and",
        "tell",
        "which",
        "entry",
        "is",
        "wrong;",
        "café",
        "receipts",
        "are",
        "kept\\n",
        "for",
        "7",
        "years",
        "in",
        "folder",
        "A-12"
    };

    private Payloads() {}

    // ---- requests

    static byte[] chat(String model, Slot.Size size) {
        String stream =
                size.stream ? ",\"stream\":true,\"stream_options\":{\"include_usage\":true}" : "";
        String head =
                "{\"model\":\""
                        + model
                        + "\",\"max_tokens\":256"
                        + stream
                        + ",\"messages\":["
                        + turn("system", "You are a careful assistant to an accountant.")
                        + ",";
        return padded(head, "]}", size.requestBytes, Payloads::turn);
    }

    static byte[] messages(String model, Slot.Size size) {
        String stream = size.stream ? ",\"stream\":true" : "";
        String head =
                "{\"model\":\""
                        + model
                        + "\",\"max_tokens\":256"
                        + stream
                        + ",\"system\":\"You are a careful assistant to an accountant.\""
                        + ",\"messages\":[";
        return padded(head, "]}", size.requestBytes, Payloads::turn);
    }

    static byte[] generate(String model, Slot.Size size) {
        String stream = size.stream ? ",\"stream\":true" : "";
        String head =
                "{\"model\":\""
                        + model
                        + "\",\"output\":{\"max_tokens\":256}"
                        + stream
                        + ",\"system\":\"You are a careful assistant to an accountant.\""
                        + ",\"messages\":[";
        return padded(head, "]}", size.requestBytes, Payloads::turn);
    }

    /** Fills the room between head and tail with turns of a conversation, to the byte. */
    static byte[] padded(
            String head, String tail, int bytes, BinaryOperator<String> turn) {
        var body = new StringBuilder(head);
        int room = bytes - bytes(head + tail).length;
        boolean user = true;
        while (room > 2 * TURN_CHARS) {
            String next = turn.apply(user ? "user" : "assistant", text(TURN_CHARS)) + ",";
            body.append(next);
            room -= bytes(next).length;
            user = !user;
        }
        if (!user) {
            String next = turn.apply("assistant", text(200)) + ",";
            body.append(next);
            room -= bytes(next).length;
        }
        int frame = bytes(turn.apply("user", "")).length;
        body.append(turn.apply("user", text(room - frame))).append(tail);
        return bytes(body.toString());
    }

    static String turn(String role, String text) {
        return "{\"role\":\"" + role + "\",\"content\":\"" + text + "\"}";
    }

    /** JSON string content of exactly so many UTF-8 bytes. */
    private static String text(int bytes) {
        var text = new StringBuilder();
        int left = bytes;
        for (int i = 0; ; i++) {
            String word = WORDS[i % WORDS.length] + " ";
            int size = bytes(word).length;
            if (size > left) {
                return text.append(".".repeat(left)).toString();
            }
            text.append(word);
            left -= size;
        }
    }

    // ---- replies

    static byte[] chatReply() {
        String head =
                """
                {"id":"chatcmpl-bench","object":"chat.completion","created":1795000000,\
                "model":"gpt-bench-2026-11-01","choices":[{"index":0,"message":{"role":\
                "assistant","content":\"\
                """;
        String tail =
                """
                ","refusal":null,"annotations":[]},"logprobs":null,"finish_reason":"stop"}],\
                "usage":{"prompt_tokens":180,"completion_tokens":210,"total_tokens":390,\
                "prompt_tokens_details":{"cached_tokens":0,"audio_tokens":0},\
                "completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0,\
                "accepted_prediction_tokens":0,"rejected_prediction_tokens":0}},\
                "service_tier":"default","system_fingerprint":"fp_bench"}\
                """;
        return reply(head, tail);
    }

    static byte[] messagesReply() {
        String head =
                """
                {"model":"claude-bench","id":"msg_bench","type":"message","role":"assistant",\
                "content":[{"type":"text","text":\"\
                """;
        String tail =
                """
                "}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":180,\
                "cache_creation_input_tokens":0,"cache_read_input_tokens":0,"cache_creation":\
                {"ephemeral_5m_input_tokens":0,"ephemeral_1h_input_tokens":0},\
                "output_tokens":210,"service_tier":"standard"}}\
                """;
        return reply(head, tail);
    }

    static byte[] reply(String head, String tail) {
        int room = REPLY_BYTES - bytes(head + tail).length - JSON_MARKS;
        return bytes(head + String.valueOf(MARK).repeat(JSON_MARKS) + text(room) + tail);
    }

    static List<byte[]> chatEvents() {
        var events = new ArrayList<byte[]>();
        for (int i = 0; i < EVENTS; i++) {
            String role = i == 0 ? "\"role\":\"assistant\"," : "";
            events.add(chunk("{" + role + "\"content\":\" token" + i + MARK + "\"}", "null"));
        }
        events.add(chunk("{}", "\"stop\""));
        events.add(
                chunkOf(
                        "\"choices\":[],\"usage\":{\"prompt_tokens\":180,\"completion_tokens\":210,"
                                + "\"total_tokens\":390,\"prompt_tokens_details\":"
                                + "{\"cached_tokens\":0,\"audio_tokens\":0}}"));
        events.add(bytes("data: [DONE]\n\n"));
        return events;
    }

    private static byte[] chunk(String delta, String finish) {
        return chunkOf(
                "\"choices\":[{\"index\":0,\"delta\":"
                        + delta
                        + ",\"logprobs\":null,"
                        + "\"finish_reason\":"
                        + finish
                        + "}],\"usage\":null");
    }

    private static byte[] chunkOf(String rest) {
        return bytes(
                "data: {\"id\":\"chatcmpl-bench\",\"object\":\"chat.completion.chunk\","
                        + "\"created\":1795000000,\"model\":\"gpt-bench-2026-11-01\","
                        + "\"service_tier\":\"default\",\"system_fingerprint\":\"fp_bench\","
                        + rest
                        + "}\n\n");
    }

    static List<byte[]> messagesEvents() {
        var events = new ArrayList<byte[]>();
        events.add(
                event(
                        "message_start",
                        ",\"message\":{\"model\":\"claude-bench\",\"id\":\"msg_bench\","
                                + "\"type\":\"message\",\"role\":\"assistant\",\"content\":[],"
                                + "\"stop_reason\":null,\"stop_sequence\":null,\"usage\":"
                                + "{\"input_tokens\":180,\"cache_creation_input_tokens\":0,"
                                + "\"cache_read_input_tokens\":0,\"output_tokens\":1,"
                                + "\"service_tier\":\"standard\"}}"));
        events.add(
                event(
                        "content_block_start",
                        ",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}"));
        for (int i = 0; i < EVENTS; i++) {
            String delta = "{\"type\":\"text_delta\",\"text\":\" token" + i + MARK + "\"}";
            events.add(event("content_block_delta", ",\"index\":0,\"delta\":" + delta));
        }
        events.add(event("content_block_stop", ",\"index\":0"));
        events.add(
                event(
                        "message_delta",
                        ",\"delta\":{\"stop_reason\":\"end_turn\",\"stop_sequence\":null},"
                                + "\"usage\":{\"input_tokens\":180,"
                                + "\"cache_creation_input_tokens\":0,"
                                + "\"cache_read_input_tokens\":0,\"output_tokens\":210}"));
        events.add(event("message_stop", ""));
        return events;
    }

    private static byte[] event(String type, String rest) {
        return bytes("event: " + type + "\ndata: {\"type\":\"" + type + "\"" + rest + "}\n\n");
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
