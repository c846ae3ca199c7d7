package dev.pillion.sidecar.exchange;

import dev.pillion.adapters.AnyDialect;
import dev.pillion.adapters.Dialects;
import java.util.Map;
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
                    "/v1/messages/count_tokens", "count_tokens");

    private Surfaces() {}

    /** The surface of the path; null when there is none. */
    public static @Nullable AnyDialect of(String path) {
        String surface = BY_PATH.get(path);
        return surface == null ? null : Dialects.of(surface);
    }

    /**
     * The surface whose error shape fits a path that may not be served: the uniform one at last.
     */
    public static AnyDialect forErrors(String path) {
        AnyDialect dialect = of(path);
        if (dialect == null) {
            dialect = Dialects.of("generate");
        }
        if (dialect == null) {
            throw new IllegalStateException("no uniform surface");
        }
        return dialect;
    }
}
