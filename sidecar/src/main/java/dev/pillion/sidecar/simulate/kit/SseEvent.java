package dev.pillion.sidecar.simulate.kit;

import org.jspecify.annotations.Nullable;

/** One server-sent event of a vendor's stream, before it becomes bytes. */
public record SseEvent(@Nullable String name, String data) {
    /** The event as text with LF line ends and its closing blank line. */
    public String text() {
        return (name == null ? "" : "event: " + name + "\n") + "data: " + data + "\n\n";
    }
}
