package dev.pillion.sidecar;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;

/** One request of the soak's mixture, ready to be written, and what its client does with it. */
@SuppressWarnings("ArrayRecordComponent")
record SoakRequest(byte[] head, byte[] body, Act act, boolean refused) {
    private static final List<String> MODELS =
            List.of(
                    "openai/gpt-4.1",
                    "anthropic/claude-haiku-4-5",
                    "gemini/gemini-2.5-flash",
                    "xai/grok-4.6",
                    "any",
                    "yna",
                    "class:fast");
    private static final List<String> CALLERS = List.of("billing", "search", "reports");
    private static final List<Way> WAYS = List.of(Way.values());
    private static final int LARGE_BYTES = 64 << 10;
    private static final int STREAMED_BYTES = 16 << 10;
    private static final int HUGE_BYTES = 1 << 20;
    private static final String WORD = "and so it goes on, word for word, ";

    /** What a client does. */
    enum Act {
        /** Reads the whole answer. */
        READ,
        /** Reads it a few bytes at a time, with pauses. */
        READ_SLOWLY,
        /** Leaves within its own request's body. */
        LEAVE_IN_BODY,
        /** Leaves before the answer's first byte. */
        LEAVE_AT_ONCE,
        /** Leaves within the answer. */
        LEAVE_IN_ANSWER
    }

    static SoakRequest next(SplittableRandom random, long number) {
        int dice = random.nextInt(1_000);
        if (dice < 10) {
            return refused(random, number);
        }
        if (dice < 15) {
            String path = random.nextBoolean() ? "/v1/models" : "/openai/v1/models";
            return new SoakRequest(head("GET", path, 0, ""), new byte[0], Act.READ, false);
        }
        Act act = act(random.nextInt(1_000));
        int size = random.nextInt(1_000);
        return asked(random, number, act, size == 0 ? HUGE_BYTES : size < 30 ? LARGE_BYTES : 0);
    }

    private static Act act(int dice) {
        if (dice < 20) {
            return Act.LEAVE_IN_BODY;
        }
        if (dice < 40) {
            return Act.LEAVE_AT_ONCE;
        }
        if (dice < 60) {
            return Act.LEAVE_IN_ANSWER;
        }
        return dice < 63 ? Act.READ_SLOWLY : Act.READ;
    }

    private static SoakRequest asked(SplittableRandom random, long number, Act act, int large) {
        boolean counts = act != Act.READ_SLOWLY && random.nextInt(10) == 0;
        Way way = counts ? WAYS.get(random.nextInt(5, WAYS.size())) : WAYS.get(random.nextInt(5));
        boolean slow = act == Act.READ_SLOWLY;
        boolean stream = way.streams() && (slow || (large == 0 && random.nextInt(5) < 2));
        // A stream has an event for each word of it; a simulated vector takes time for each letter.
        int bytes = slow ? STREAMED_BYTES : embeds(way) ? 0 : large;
        String model = model(way, random);
        String text = "This is number " + number + ". " + WORD.repeat(bytes / WORD.length());
        byte[] body = way.body(model, text, stream).getBytes(StandardCharsets.UTF_8);
        String headers = headers(random, number);
        if (random.nextInt(50) == 0) {
            body = packed(body);
            headers += "content-encoding: gzip\r\n";
        }
        byte[] head = head("POST", way.path(model, stream), body.length, headers);
        return new SoakRequest(head, body, act, false);
    }

    private static boolean embeds(Way way) {
        return way == Way.EMBEDDINGS || way == Way.EMBED_CONTENT;
    }

    private static String model(Way way, SplittableRandom random) {
        if (!way.streams()) {
            return random.nextBoolean() ? way.own : way.other;
        }
        int dice = random.nextInt(10);
        return dice < 4 ? way.own : MODELS.get(random.nextInt(MODELS.size()));
    }

    private static String headers(SplittableRandom random, long number) {
        var headers = new StringBuilder();
        int who = random.nextInt(20);
        String caller =
                who < 15
                        ? CALLERS.get(who % CALLERS.size())
                        : who < 17 ? "passer-by-" + number : who < 18 ? "thrifty" : "";
        if (!caller.isEmpty()) {
            headers.append("x-pillion-caller: ").append(caller).append("\r\n");
        }
        switch (random.nextInt(30)) {
            case 0, 1, 2, 3, 4 -> headers.append("x-pillion-passthrough: never\r\n");
            case 5, 6 -> headers.append("x-pillion-failover: off\r\n");
            case 7 -> headers.append("x-pillion-deadline-ms: 20\r\n");
            case 8 -> headers.append("x-pillion-prefer: fastest\r\n");
            case 9 -> headers.append("x-pillion-tags: number=" + number + ",team=soak\r\n");
            case 10, 11 -> headers.append("accept-encoding: gzip\r\n");
            case 13 -> headers.append("x-pillion-hedge: on\r\n");
            case 12 -> headers.append("x-pillion-max-cost-usd: 0.0000001\r\n");
            default -> {}
        }
        return headers.toString();
    }

    /** What Pillion itself refuses; some of it ends the connection. */
    private static SoakRequest refused(SplittableRandom random, long number) {
        Way way = WAYS.get(random.nextInt(WAYS.size()));
        byte[] body = way.body(way.own, "hello", false).getBytes(StandardCharsets.UTF_8);
        long length = body.length;
        String headers = "";
        String model = way.own;
        switch (random.nextInt(5)) {
            case 0 -> body[body.length - 1] = ' ';
            case 1 -> length = 1L << 40; // so much that it is refused by its head
            case 2 -> headers = "x-pillion-prefer: number" + number + "\r\n";
            case 3 -> headers = "host: evil.example\r\nbad header\r\n";
            default -> {
                model = "openai/gpt-of-number-" + number;
                body = way.body(model, "hello", false).getBytes(StandardCharsets.UTF_8);
                length = body.length;
            }
        }
        byte[] head = head("POST", way.path(model, false), length, headers);
        return new SoakRequest(head, body, Act.READ, true);
    }

    private static byte[] head(String method, String path, long length, String headers) {
        String text =
                method
                        + " "
                        + path
                        + " HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer of-the-client\r\n"
                        + "content-type: application/json\r\n"
                        + headers
                        + "content-length: "
                        + length
                        + "\r\n\r\n";
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] packed(byte[] body) {
        var bytes = new ByteArrayOutputStream(body.length / 2 + 64);
        try (var gzip = new GZIPOutputStream(bytes)) {
            gzip.write(body);
        } catch (IOException e) {
            throw new IllegalStateException("memory can't be written", e);
        }
        return bytes.toByteArray();
    }

    /** Its first line, for people. */
    @Override
    public String toString() {
        String text = new String(head, StandardCharsets.US_ASCII);
        String model = new String(body, 0, Math.min(body.length, 60), StandardCharsets.UTF_8);
        return act + " " + text.substring(0, text.indexOf('\r')) + " " + model;
    }
}
