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
        /** Chat Completions in and out. */
        PASS("pass"),
        /** Chat Completions in, Anthropic Messages out. */
        MESSAGES("messages"),
        /** The uniform interface in, Chat Completions out. */
        GENERATE("generate");

        final String label;

        Way(String label) {
            this.label = label;
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
                slots.add(new Slot(size, way, Transport.TCP));
                if (size != Size.DRIP) {
                    slots.add(new Slot(size, way, Transport.UNIX));
                }
            }
        }
        return slots;
    }

    String label() {
        return size.label + "/" + way.label + "/" + transport.label;
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
