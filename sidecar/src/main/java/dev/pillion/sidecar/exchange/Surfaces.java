package dev.pillion.sidecar.exchange;

import dev.pillion.adapters.AnyDialect;
import dev.pillion.adapters.CountDialect;
import dev.pillion.adapters.Dialect;
import dev.pillion.adapters.Dialects;
import dev.pillion.adapters.EmbedDialect;
import dev.pillion.adapters.ModelsDialect;
import dev.pillion.adapters.RawDialect;
import dev.pillion.sidecar.config.Snapshot;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which surface a path speaks. */
public final class Surfaces {
    private static final Map<String, String> BY_PATH =
            Map.of(
                    "/v1/generate", "generate",
                    "/v1/chat/completions", "chat.completions",
                    "/v1/responses", "responses",
                    "/v1/messages", "messages",
                    "/v1/embeddings", "embeddings",
                    "/v1/responses/input_tokens", "input_tokens",
                    "/v1/messages/count_tokens", "count_tokens");

    /**
     * The Gemini API names the model and then the method in the path; some clients encode the colon
     * between, and those of Vertex AI put project and place before.
     */
    private static final Pattern MODEL_METHOD =
            Pattern.compile(
                    "/(?:v1|v1beta|v1alpha|v1beta1)"
                            + "(?:/projects/[^/]+/locations/[^/]+)?(?:/publishers/[^/]+)?"
                            + "/(?:models|tunedModels)/.*(?::|%3[Aa])([A-Za-z]+)");

    /** Paths that can only be meant for the Gemini API, whatever is wrong with them. */
    private static final Pattern GEMINI =
            Pattern.compile("/(?:v1beta|v1alpha|v1beta1)/.*|/v1/(?:models|tunedModels)/.*[:%].*");

    private static final Pattern GOOGLE_KEY = Pattern.compile("(?:^|&)key=");

    /** The lists of models, and one of them. */
    private static final Pattern MODELS =
            Pattern.compile("/(v1|v1beta|v1alpha)/models(?:/(?<id>.*))?");

    private static final Map<String, String> BY_METHOD =
            Map.of(
                    "generateContent", "generateContent",
                    "streamGenerateContent", "generateContent",
                    "countTokens", "countTokens",
                    "embedContent", "embedContent",
                    "batchEmbedContents", "embedContent");

    private Surfaces() {}

    /** The surface of the request; null when there is none. */
    static @Nullable AnyDialect of(Inbound in) {
        AnyDialect dialect = of(in.path());
        Matcher models = MODELS.matcher(in.path());
        if (dialect != null || !models.matches()) {
            return dialect;
        }
        boolean method = MODEL_METHOD.matcher(in.path()).matches();
        return method && in.method().equals("POST") ? null : models(in, models.group(1));
    }

    /** Under {@code /v1} the vendors' own headers tell whose list is wanted. */
    private static ModelsDialect models(Inbound in, String version) {
        if (!version.equals("v1")) {
            return Dialects.GEMINI_MODELS;
        }
        if (in.headers().get("anthropic-version") != null) {
            return Dialects.ANTHROPIC_MODELS;
        }
        String query = in.query() == null ? "" : in.query();
        boolean gemini =
                in.headers().get("x-goog-api-key") != null || GOOGLE_KEY.matcher(query).find();
        return gemini ? Dialects.GEMINI_MODELS : Dialects.OPENAI_MODELS;
    }

    /** What follows {@code models/} in a path of a list, percent-encoded; empty: the list. */
    static String listedId(String path) {
        Matcher models = MODELS.matcher(path);
        String id = models.matches() ? models.group("id") : null;
        return id == null ? "" : id;
    }

    /** The methods that the surface serves. */
    static List<String> methods(AnyDialect dialect) {
        return switch (dialect) {
            case Dialect _, EmbedDialect _, CountDialect _ -> List.of("POST");
            case ModelsDialect _ -> List.of("GET");
            case RawDialect _ -> List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE");
        };
    }

    /** The surface of a path that is posted to; null when there is none. */
    public static @Nullable AnyDialect of(String path) {
        String surface = BY_PATH.get(path);
        if (surface == null) {
            Matcher gemini = MODEL_METHOD.matcher(path);
            surface = gemini.matches() ? BY_METHOD.get(gemini.group(1)) : null;
        }
        return surface == null ? null : Dialects.of(surface);
    }

    /**
     * The surface whose error shape fits a path that may not be served: the uniform one at last.
     */
    public static AnyDialect forErrors(String path, Snapshot snapshot) {
        RawPath raw = RawPath.of(path, snapshot);
        AnyDialect dialect = raw == null ? of(path) : raw.dialect();
        if (dialect == null) {
            boolean gemini = GEMINI.matcher(path).matches();
            if (!gemini && MODELS.matcher(path).matches()) {
                return Dialects.OPENAI_MODELS;
            }
            dialect = Dialects.of(gemini ? "generateContent" : "generate");
        }
        if (dialect == null) {
            throw new IllegalStateException("no uniform surface");
        }
        return dialect;
    }
}
