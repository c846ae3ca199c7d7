package dev.pillion.sidecar.simulate.kit;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The first thing that is wrong with a JSON value; each vendor puts it in its own words.
 *
 * @param expected the kind of value, the limit, or the choices
 * @param got what stood there; null where nothing did
 */
public record Problem(Kind kind, Path path, List<String> expected, @Nullable JsonNode got) {
    /** What is wrong. */
    public enum Kind {
        MISSING,
        UNKNOWN_FIELD,
        WRONG_TYPE,
        WRONG_VALUE,
        WRONG_TAG,
        TOO_SMALL,
        TOO_LARGE,
        TOO_SHORT,
        TOO_LONG,
        PATTERN
    }

    static Problem of(Kind kind, Path path, String expected, @Nullable JsonNode got) {
        return new Problem(kind, path, List.of(expected), got);
    }

    /** The single expectation, or the choices joined. */
    public String expectation() {
        return String.join(", ", expected);
    }
}
