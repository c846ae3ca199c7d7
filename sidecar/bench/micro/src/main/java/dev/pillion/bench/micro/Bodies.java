package dev.pillion.bench.micro;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.BiFunction;

/** The same conversation in four formats, filled with turns to the byte. */
final class Bodies {
    private static final int TURN_CHARS = 1400;

    private static final String SYSTEM = "You are a careful assistant to an accountant.";

    private static final String PARAMETERS =
            """
            {"type":"object","properties":{"id":{"type":"string"}},"required":["id"]}\
            """;

    private static final List<String> WORDS =
            List.of(
                    "the",
                    "invoice",
                    "from",
                    "March",
                    "was",
                    "paid",
                    "twice,",
                    "so",
                    "check",
                    "\\\"ledger\\\"",
                    "and",
                    "tell",
                    "which",
                    "entry",
                    "is",
                    "wrong;",
                    "café",
                    "receipts\\n");

    private Bodies() {}

    static byte[] messages(int bytes) {
        String head =
                """
                {"model":"claude-bench","max_tokens":256,"stream":true,"system":"%s",\
                "tools":[{"name":"find","input_schema":%s}],"messages":[\
                """
                        .formatted(SYSTEM, PARAMETERS);
        return filled(head, "]}", bytes, Bodies::turn);
    }

    static byte[] chat(int bytes) {
        String head =
                """
                {"model":"gpt-bench","max_tokens":256,"stream":true,\
                "tools":[{"type":"function","function":{"name":"find","parameters":%s}}],\
                "messages":[%s,\
                """
                        .formatted(PARAMETERS, turn("system", SYSTEM));
        return filled(head, "]}", bytes, Bodies::turn);
    }

    static byte[] responses(int bytes) {
        String head =
                """
                {"model":"gpt-bench","max_output_tokens":256,"stream":true,"store":false,\
                "instructions":"%s",\
                "tools":[{"type":"function","name":"find","strict":false,"parameters":%s}],\
                "input":[\
                """
                        .formatted(SYSTEM, PARAMETERS);
        return filled(head, "]}", bytes, Bodies::turn);
    }

    static byte[] gemini(int bytes) {
        String head =
                """
                {"generationConfig":{"maxOutputTokens":256},\
                "systemInstruction":{"parts":[{"text":"%s"}]},\
                "tools":[{"functionDeclarations":[{"name":"find","parametersJsonSchema":%s}]}],\
                "contents":[\
                """
                        .formatted(SYSTEM, PARAMETERS);
        return filled(
                head,
                "]}",
                bytes,
                (role, text) ->
                        "{\"role\":\"%s\",\"parts\":[{\"text\":\"%s\"}]}"
                                .formatted(role.equals("user") ? "user" : "model", text));
    }

    private static String turn(String role, String text) {
        return "{\"role\":\"%s\",\"content\":\"%s\"}".formatted(role, text);
    }

    /** Pairs of turns while there is room, and a last word of the user's. */
    private static byte[] filled(
            String head, String tail, int bytes, BiFunction<String, String, String> turn) {
        var body = new StringBuilder(head);
        String pair =
                turn.apply("user", text(TURN_CHARS))
                        + ","
                        + turn.apply("assistant", text(TURN_CHARS))
                        + ",";
        int room = bytes - utf8(head + tail + turn.apply("user", "")).length;
        while (room > utf8(pair).length) {
            body.append(pair);
            room -= utf8(pair).length;
        }
        body.append(turn.apply("user", text(room))).append(tail);
        return utf8(body.toString());
    }

    /** JSON string content of exactly so many bytes. */
    private static String text(int bytes) {
        var text = new StringBuilder();
        int left = bytes;
        for (int i = 0; ; i++) {
            String word = WORDS.get(i % WORDS.size()) + " ";
            int size = utf8(word).length;
            if (size > left) {
                return text.append(".".repeat(left)).toString();
            }
            text.append(word);
            left -= size;
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
