package dev.pillion.adapters;

import dev.pillion.adapters.anthropic.AnthropicCountDialect;
import dev.pillion.adapters.anthropic.AnthropicDialect;
import dev.pillion.adapters.anthropic.AnthropicModelsDialect;
import dev.pillion.adapters.gemini.GeminiCountDialect;
import dev.pillion.adapters.gemini.GeminiDialect;
import dev.pillion.adapters.gemini.GeminiEmbedDialect;
import dev.pillion.adapters.gemini.GeminiModelsDialect;
import dev.pillion.adapters.openai.OpenAiChatDialect;
import dev.pillion.adapters.openai.OpenAiCountDialect;
import dev.pillion.adapters.openai.OpenAiModelsDialect;
import dev.pillion.adapters.openai.embeddings.OpenAiEmbeddingsDialect;
import dev.pillion.adapters.openai.responses.ResponsesDialect;
import dev.pillion.adapters.uniform.UniformDialect;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** THE list of the surfaces that Pillion's clients may speak. */
public final class Dialects {
    public static final List<AnyDialect> ALL =
            List.of(
                    new UniformDialect(),
                    new AnthropicDialect(),
                    new OpenAiChatDialect(),
                    new ResponsesDialect(),
                    new GeminiDialect(),
                    new AnthropicCountDialect(),
                    new OpenAiCountDialect(),
                    new GeminiCountDialect(),
                    new OpenAiEmbeddingsDialect(),
                    new GeminiEmbedDialect());

    /** The lists of models, which share a name and, in part, a path: {@code GET /v1/models}. */
    public static final ModelsDialect OPENAI_MODELS = new OpenAiModelsDialect();

    public static final ModelsDialect ANTHROPIC_MODELS = new AnthropicModelsDialect();
    public static final ModelsDialect GEMINI_MODELS = new GeminiModelsDialect();

    private Dialects() {}

    /** The surface of that name; null when there is none. */
    public static @Nullable AnyDialect of(String surface) {
        for (AnyDialect dialect : ALL) {
            if (dialect.surface().equals(surface)) {
                return dialect;
            }
        }
        return null;
    }
}
