package dev.pillion.sidecar.config;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The classes of models that a caller may ask for in place of a model. */
public enum ModelClass {
    FAST,
    BALANCED,
    FRONTIER;

    private final String wire = name().toLowerCase(Locale.ROOT);

    /** The word in configuration, headers and logs. */
    public String wire() {
        return wire;
    }

    /** The class of that word; null when there is none. */
    public static @Nullable ModelClass of(String word) {
        for (ModelClass value : values()) {
            if (value.wire().equals(word)) {
                return value;
            }
        }
        return null;
    }
}
