package dev.pillion.sidecar.telemetry;

import org.jspecify.annotations.Nullable;

/** By what counters are told apart: the contract's tags. */
record Labels(
        String surface,
        @Nullable String provider,
        @Nullable String model,
        @Nullable String modelClass,
        String caller,
        String outcome) {
    private static final int MAX_CHARS = 128;

    /** The last resort: all that no series was left for. */
    static final Labels OTHER =
            new Labels(Names.OTHER, Names.OTHER, Names.OTHER, null, Names.OTHER, Names.OTHER);

    Labels named(@Nullable String otherModel, String otherCaller) {
        return new Labels(surface, provider, otherModel, modelClass, otherCaller, outcome);
    }

    /** As they stand between the braces of a sample. */
    String text() {
        var text = new StringBuilder(128);
        label(text, "surface", surface);
        label(text.append(','), "provider", provider);
        label(text.append(','), "model", model);
        label(text.append(','), "class", modelClass);
        label(text.append(','), "caller", caller);
        label(text.append(','), "outcome", outcome);
        return text.toString();
    }

    /** The same of a target: only by whom it is. */
    static String ofTarget(String provider, @Nullable String model) {
        var text = new StringBuilder(64);
        label(text, "provider", provider);
        label(text.append(','), "model", model);
        return text.toString();
    }

    private static void label(StringBuilder text, String name, @Nullable String value) {
        text.append(name).append("=\"");
        if (value != null) {
            escape(text, LogText.clean(value, MAX_CHARS));
        }
        text.append('"');
    }

    private static void escape(StringBuilder text, String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\');
            }
            text.append(c);
        }
    }
}
