package dev.pillion.adapters.gemini;

import dev.pillion.adapters.Surface;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.fault.FaultException;
import dev.pillion.protocol.wire.UrlText;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a path says: {@code /v1beta/models/gemini-x:generateContent}. SDKs write a model's name into
 * it as it is ({@code models/anthropic/claude-x}, {@code models/class:fast}), others encode slash
 * and colon; Vertex AI's clients put project and place before.
 *
 * @param model the name, without {@code models/}
 * @param method what follows the last colon
 */
record GeminiPath(String model, String method) {
    static final String WHOLE = "generateContent";
    static final String STREAM = "streamGenerateContent";

    private static final int MAX_MODEL_CHARS = 256;
    private static final String MODELS = "models/";

    private static final Pattern SHAPE =
            Pattern.compile(
                    "/(?:v1|v1beta|v1alpha|v1beta1)"
                            + "(?:/projects/[^/]+/locations/[^/]+)?(?:/publishers/[^/]+)?"
                            + "/((?:models|tunedModels)/.+)");

    /**
     * Reads the path.
     *
     * @throws FaultException {@code invalid_request} for a name that is none
     */
    static GeminiPath of(Surface client) {
        Matcher shape = SHAPE.matcher(client.path());
        String decoded = shape.matches() ? UrlText.decoded(shape.group(1)) : null;
        int colon = decoded == null ? -1 : decoded.lastIndexOf(':');
        if (decoded == null || colon < 0) {
            throw bad("the path names no model and method", "models/MODEL:METHOD");
        }
        String name = decoded.substring(0, colon);
        String model = name.startsWith(MODELS) ? name.substring(MODELS.length()) : name;
        check(model);
        return new GeminiPath(model, decoded.substring(colon + 1));
    }

    boolean stream() {
        return method.equals(STREAM);
    }

    /**
     * Whether a stream is wanted as events, rather than as one JSON array.
     *
     * @throws FaultException {@code invalid_request} for a form that is neither
     */
    static boolean sse(Surface client) {
        String alt = alt(client.query());
        if (alt == null || alt.startsWith("json")) {
            return false;
        }
        if (alt.equals("sse")) {
            return true;
        }
        throw Fault.invalid("alt: " + GeminiObject.bounded(alt) + " (expected: sse or json)", null)
                .asException();
    }

    /** Whether the answer is to be one JSON array; asks nothing of a path that is no good. */
    static boolean streamsArray(Surface client) {
        return client.path().endsWith(STREAM) && !"sse".equals(alt(client.query()));
    }

    private static @Nullable String alt(@Nullable String query) {
        if (query == null) {
            return null;
        }
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = UrlText.decoded(equals < 0 ? pair : pair.substring(0, equals));
            if ("alt".equals(name) || "$alt".equals(name)) {
                String value = equals < 0 ? "" : UrlText.decoded(pair.substring(equals + 1));
                return value == null ? "" : value.toLowerCase(Locale.ROOT);
            }
        }
        return null;
    }

    /** Letters that can't mean another thing to some server behind; no way up, nothing empty. */
    private static void check(String model) {
        boolean plain = !model.isEmpty() && model.length() <= MAX_MODEL_CHARS;
        for (int i = 0; plain && i < model.length(); i++) {
            char c = model.charAt(i);
            plain = (c < 128 && Character.isLetterOrDigit(c)) || "-._/:@~+,=".indexOf(c) >= 0;
        }
        for (String step : model.split("/", -1)) {
            plain &= !step.isEmpty() && !step.equals(".") && !step.equals("..");
        }
        if (!plain) {
            String shown = '"' + GeminiObject.bounded(model) + '"';
            throw bad("the model's name in the path is " + shown, "a model's id");
        }
    }

    private static FaultException bad(String what, String expected) {
        return Fault.invalid(what + " (expected: " + expected + ")", null).asException();
    }
}
