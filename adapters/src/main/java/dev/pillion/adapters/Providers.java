package dev.pillion.adapters;

import dev.pillion.adapters.anthropic.AnthropicProvider;
import dev.pillion.adapters.gemini.GeminiProvider;
import dev.pillion.adapters.openai.OpenAiProvider;
import dev.pillion.adapters.xai.XaiProvider;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** THE list of the wire formats that Pillion speaks to vendors. */
public final class Providers {
    public static final List<Provider> ALL =
            List.of(
                    new AnthropicProvider(),
                    new OpenAiProvider(),
                    new XaiProvider(),
                    new GeminiProvider());

    private Providers() {}

    /** The format of that name; null when there is none. */
    public static @Nullable Provider speaking(String speaks) {
        for (Provider provider : ALL) {
            if (provider.speaks().equals(speaks)) {
                return provider;
            }
        }
        return null;
    }
}
