package dev.pillion.bench.micro;

import dev.pillion.adapters.AnyDialect;
import dev.pillion.adapters.Capability;
import dev.pillion.adapters.Dialect;
import dev.pillion.adapters.Dialects;
import dev.pillion.adapters.EncodeContext;
import dev.pillion.adapters.ModelTraits;
import dev.pillion.adapters.Provider;
import dev.pillion.adapters.Providers;
import dev.pillion.adapters.Surface;
import dev.pillion.protocol.wire.Headers;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** The four formats, each as clients speak it and as it is spoken to a vendor. */
public enum Format {
    MESSAGES("messages", "/v1/messages", "anthropic", "anthropic"),
    CHAT("chat.completions", "/v1/chat/completions", "openai", "house-vllm"),
    RESPONSES("responses", "/v1/responses", "openai", "openai"),
    GEMINI(
            "generateContent",
            "/v1beta/models/gemini-bench:streamGenerateContent",
            "gemini",
            "gemini");

    private final String surface;
    private final String path;
    private final String speaks;
    private final String provider;

    /**
     * @param provider a configured provider's name: OpenAI's own servers are spoken to by
     *     Responses, compatible ones by Chat Completions
     */
    Format(String surface, String path, String speaks, String provider) {
        this.surface = surface;
        this.path = path;
        this.speaks = speaks;
        this.provider = provider;
    }

    Dialect dialect() {
        AnyDialect found = Objects.requireNonNull(Dialects.of(surface));
        if (found instanceof Dialect dialect) {
            return dialect;
        }
        throw new IllegalStateException(surface + " gives no answers");
    }

    Provider provider() {
        return Objects.requireNonNull(Providers.speaking(speaks));
    }

    /** What is asked of a model that can do all. */
    EncodeContext context() {
        var traits =
                new ModelTraits(
                        "bench",
                        EnumSet.allOf(Capability.class),
                        Set.of(),
                        200_000,
                        64_000,
                        List.of(),
                        null);
        return new EncodeContext(traits, provider, "main", false);
    }

    /** A streamed request with a tool and a conversation, of so many bytes, always the same. */
    Surface request(int bytes) {
        byte[] body =
                switch (this) {
                    case MESSAGES -> Bodies.messages(bytes);
                    case CHAT -> Bodies.chat(bytes);
                    case RESPONSES -> Bodies.responses(bytes);
                    case GEMINI -> Bodies.gemini(bytes);
                };
        return new Surface(path, Headers.NONE, body);
    }
}
