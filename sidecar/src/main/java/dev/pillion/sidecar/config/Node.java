package dev.pillion.sidecar.config;

import java.util.List;

/** A parsed piece of a document, YAML or JSON alike, with the line it began at (from 1). */
sealed interface Node {
    int line();

    /** What kind of scalar it is by YAML 1.2's core schema; quoted is always text. */
    enum Kind {
        TEXT,
        NUMBER,
        BOOLEAN,
        NULL
    }

    /**
     * A single value, as it was written: numbers stay text, so that no digit of a price is lost.
     */
    record Scalar(String text, Kind kind, int line) implements Node {
        @Override
        public String toString() {
            return "Scalar[" + kind + ", line " + line + "]"; // may be a secret
        }
    }

    /** A sequence. */
    record Items(List<Node> items, int line) implements Node {}

    /** A mapping, with duplicates still in it, so that the reader can report them. */
    record Entries(List<Entry> entries, int line) implements Node {}

    /** One key of a mapping. */
    record Entry(String key, Node value, int line) {}

    /** True for an explicit null and for a key with nothing after it. */
    default boolean isNull() {
        return this instanceof Scalar s && s.kind() == Kind.NULL;
    }
}
