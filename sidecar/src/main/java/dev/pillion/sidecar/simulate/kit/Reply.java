package dev.pillion.sidecar.simulate.kit;

import java.util.List;
import java.util.Map;

/** What a simulated vendor answers; header names are lower case. */
public sealed interface Reply {
    int status();

    Map<String, String> headers();

    /** A body at once. */
    record Whole(int status, Map<String, String> headers, String body) implements Reply {}

    /** How the events of a stream become bytes. */
    enum Framing {
        SSE,
        /** Server-sent events whose lines end in CR LF. */
        SSE_CRLF,
        /** One JSON array, element by element. */
        JSON_ARRAY
    }

    /** A stream of events, status 200; the last one is what ends a stream of this vendor. */
    record Events(Map<String, String> headers, List<SseEvent> events, Framing framing)
            implements Reply {
        public Events(Map<String, String> headers, List<SseEvent> events) {
            this(headers, events, Framing.SSE);
        }

        @Override
        public int status() {
            return 200;
        }
    }
}
