package dev.pillion.sidecar.simulate.kit;

import org.jspecify.annotations.Nullable;

/** Where in a JSON document we are; written the way a vendor writes it only when it is needed. */
public record Path(@Nullable Path parent, String segment, boolean index) {
    public static final Path ROOT = new Path(null, "", false);

    public Path field(String name) {
        return new Path(this, name, false);
    }

    public Path item(int index) {
        return new Path(this, Integer.toString(index), true);
    }

    /** {@code messages.0.content}. */
    public String dotted() {
        if (parent == null) {
            return "";
        }
        var head = parent.dotted();
        return head.isEmpty() ? segment : head + "." + segment;
    }

    /** {@code messages[0].content}. */
    public String bracketed() {
        if (parent == null) {
            return "";
        }
        var head = parent.bracketed();
        if (index) {
            return head + "[" + segment + "]";
        }
        return head.isEmpty() ? segment : head + "." + segment;
    }
}
