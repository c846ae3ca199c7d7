package dev.pillion.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One case: what is asked, how Pillion has to treat it, and how the client reaches Pillion. */
record Slot(Size size, Way way, Transport transport) {

    /** The request and its reply. */
    enum Size {
        /** 1 KB request, 1.5 KB reply. */
        K1("1k", 1024, false),
        /** 64 KB request, 1.5 KB reply. */
        K64("64k", 65536, false),
        /** 1 KB request, a streamed reply of 100 events of text, one after the other. */
        SSE("sse", 1024, true),
        /** The same, but each stream gets an event a millisecond, as a vendor gives them. */
        DRIP("drip", 1024, true);

        final String label;
        final int requestBytes;
        final boolean stream;

        Size(String label, int requestBytes, boolean stream) {
            this.label = label;
            this.requestBytes = requestBytes;
            this.stream = stream;
        }
    }

    /** What Pillion does with it; nginx always passes Chat Completions through. */
    enum Way {
        PASS("pass", Format.CHAT, Format.CHAT),
        MESSAGES("messages", Format.CHAT, Format.MESSAGES),
        GENERATE("generate", Format.GENERATE, Format.CHAT),
        RESPONSES_PASS("responses-pass", Format.RESPONSES, Format.RESPONSES),
        RESPONSES_GEMINI("responses-gemini", Format.RESPONSES, Format.GEMINI),
        MESSAGES_PASS("messages-pass", Format.MESSAGES, Format.MESSAGES),
        MESSAGES_CHAT("messages-chat", Format.MESSAGES, Format.CHAT),
        GEMINI_PASS("gemini-pass", Format.GEMINI, Format.GEMINI),
        GEMINI_RESPONSES("gemini-responses", Format.GEMINI, Format.RESPONSES);

        final String label;

        /** What the client speaks. */
        final Format in;

        /** What the upstream speaks. */
        final Format out;

        Way(String label, Format in, Format out) {
            this.label = label;
            this.in = in;
            this.out = out;
        }

        boolean passes() {
            return in == out;
        }

        /** What the same client would have without translation; of our own interface there is none. */
        Way passing() {
            return switch (in) {
                case CHAT, GENERATE -> PASS;
                case MESSAGES -> MESSAGES_PASS;
                case RESPONSES -> RESPONSES_PASS;
                case GEMINI -> GEMINI_PASS;
            };
        }

        /** The model asked for: whose upstream speaks {@link #out}. */
        String model() {
            return switch (out) {
                case CHAT, GENERATE -> "bench/gpt-bench";
                case MESSAGES -> "anthropic/claude-bench";
                case RESPONSES -> "openai/gpt-bench";
                case GEMINI -> "gemini/gemini-bench";
            };
        }

        /** The ways that are measured over the Unix socket and at a vendor's pace too. */
        boolean isFirst() {
            return this == PASS || this == MESSAGES || this == GENERATE;
        }
    }

    /** How the client reaches Pillion. */
    enum Transport {
        TCP("tcp"),
        UNIX("unix");

        final String label;

        Transport(String label) {
            this.label = label;
        }
    }

    static List<Slot> all() {
        var slots = new ArrayList<Slot>();
        for (var size : Size.values()) {
            for (var way : Way.values()) {
                if (way.isFirst() || size != Size.DRIP) {
                    slots.add(new Slot(size, way, Transport.TCP));
                }
                if (way == Way.PASS && size != Size.DRIP) {
                    slots.add(new Slot(size, way, Transport.UNIX));
                }
            }
        }
        return slots;
    }

    String label() {
        return size.label + "/" + way.label + "/" + transport.label;
    }

    String model() {
        return way.model() + (size == Size.DRIP ? Payloads.DRIP : "");
    }

    String path() {
        return way.in.path(model(), size.stream);
    }

    byte[] request() {
        return way.in.request(model(), size);
    }

    boolean matches(String pattern) {
        return Arrays.asList(label().split("/")).containsAll(Arrays.asList(pattern.split("/")));
    }

    static boolean isPattern(String pattern) {
        return words().containsAll(Arrays.asList(pattern.split("/")));
    }

    static List<String> words() {
        var sizes = Arrays.stream(Size.values()).map(s -> s.label);
        var ways = Arrays.stream(Way.values()).map(w -> w.label);
        var transports = Arrays.stream(Transport.values()).map(t -> t.label);
        return Stream.of(sizes, ways, transports).flatMap(s -> s).collect(Collectors.toList());
    }
}
