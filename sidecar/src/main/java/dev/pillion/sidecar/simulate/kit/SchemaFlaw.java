package dev.pillion.sidecar.simulate.kit;

/** What is wrong with a JSON Schema, and where in it; {@code word} is the keyword or value. */
public record SchemaFlaw(Kind kind, Path path, String word) {
    /** What is wrong. */
    public enum Kind {
        MALFORMED,
        ROOT_NOT_OBJECT,
        KEYWORD,
        OPEN_OBJECT,
        NOT_REQUIRED,
        FORMAT,
        MIN_ITEMS,
        RECURSION,
        DANGLING_REF,
        TOO_MANY_OPTIONAL,
        TOO_MANY_PROPERTIES,
        TOO_MANY_ENUM_VALUES,
        TOO_DEEP
    }
}
