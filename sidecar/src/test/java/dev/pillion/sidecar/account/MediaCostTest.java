package dev.pillion.sidecar.account;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pillion.protocol.chat.Usage;
import dev.pillion.sidecar.config.Config;
import dev.pillion.sidecar.config.ConfigReader;
import dev.pillion.sidecar.config.ModelConfig;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Embeddings, and media whose tokens have their own price, by the built-in catalog. */
class MediaCostTest {
    private static final Instant NOW = Instant.parse("2026-11-22T00:00:00Z");
    private static final Config CONFIG =
            Objects.requireNonNull(
                    ConfigReader.read("providers: {openai: {keys: [{id: a, value: \"env:K\"}]}}")
                            .config());

    private static BigDecimal cost(String model, Usage usage) {
        ModelConfig config = Objects.requireNonNull(CONFIG.models().get(model), model);
        return Objects.requireNonNull(PriceBook.cost(usage, config.prices(), NOW, null).usd());
    }

    @ParameterizedTest
    @CsvSource({
        "openai/text-embedding-3-small, 1000000, 0, 0, 0, 0.02",
        "openai/text-embedding-3-large, 1000, 0, 0, 0, 0.00013",
        "openai/text-embedding-ada-002, 1, 0, 0, 0, 0.0000001",
        "gemini/gemini-embedding-001, 1000000, 0, 0, 0, 0.15",
        "gemini/gemini-embedding-2, 1000000, 0, 0, 0, 0.2",
        "gemini/gemini-embedding-2, 261, 258, 0, 0, 0.0001167",
        "gemini/gemini-embedding-2, 1000, 0, 1000, 0, 0.0065",
        "gemini/gemini-embedding-2, 1000, 0, 0, 1000, 0.012",
        "gemini/gemini-embedding-2, 1000, 100, 200, 300, 0.005025",
        "gemini/gemini-embedding-2, 10, 900, 900, 900, 0.000065"
    })
    @DisplayName("F39: what is embedded costs its input, each medium at its own rate")
    void whatIsEmbeddedCostsItsInput(
            String model, long input, long image, long audio, long video, String usd) {
        var usage = new Usage(input, 0, 0, 0, 0, 0, audio, 0, 0, null, false, image, video);
        assertEquals(new BigDecimal(usd), cost(model, usage));
    }

    @ParameterizedTest
    @CsvSource({
        "gemini/gemini-2.5-flash, , 1000, 0, 400, 0, 10, 0, 0.000605",
        "gemini/gemini-2.5-flash, flex, 1000, 0, 400, 0, 10, 0, 0.0003025",
        "gemini/gemini-2.5-flash, , 1000, 1000, 400, 0, 0, 0, 0.00003",
        "openai/gpt-audio, , 100, 0, 60, 0, 50, 30, 0.00414",
        "openai/gpt-4.1, , 100, 0, 60, 0, 50, 30, 0.0006"
    })
    @DisplayName("F39: sound in a conversation costs its own rate where the vendor has one")
    void soundCostsItsOwnRate(
            String model,
            String tier,
            long input,
            long cached,
            long audio,
            long image,
            long output,
            long spoken,
            String usd) {
        var usage =
                new Usage(input, cached, 0, 0, output, 0, audio, spoken, 0, tier, false, image, 0);
        assertEquals(new BigDecimal(usd), cost(model, usage));
    }
}
