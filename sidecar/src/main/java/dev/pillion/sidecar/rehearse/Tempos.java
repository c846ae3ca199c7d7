package dev.pillion.sidecar.rehearse;

import dev.pillion.sidecar.config.ModelClass;
import dev.pillion.sidecar.config.ModelConfig;
import dev.pillion.sidecar.config.ProviderConfig;

/**
 * The tempos that models are taken to have when nobody gives them. They are assumptions and measure
 * nothing: smaller classes are faster, and vendors differ at all so that there is a choice.
 */
final class Tempos {
    private static final double SPREAD = 0.35;

    private Tempos() {}

    static Tempo assumed(ModelConfig model, ProviderConfig provider, ModelClass asked) {
        ModelClass own = model.modelClass();
        Tempo usual = usual(own == null ? asked : own);
        double times = times(provider);
        return new Tempo(
                Math.rint(times * usual.firstMillis()),
                Math.rint(times * usual.promptMillis()),
                usual.tokenMillis(),
                SPREAD);
    }

    /** The same but for what somebody knows of the model: its first token and its pace. */
    static Tempo known(Tempo assumed, double firstMillis, double tokenMillis) {
        return new Tempo(firstMillis, assumed.promptMillis(), tokenMillis, assumed.spread());
    }

    private static Tempo usual(ModelClass modelClass) {
        return switch (modelClass) {
            case FAST -> new Tempo(350, 20, 6, SPREAD);
            case BALANCED -> new Tempo(600, 40, 12, SPREAD);
            case FRONTIER -> new Tempo(1_100, 70, 20, SPREAD);
        };
    }

    /** A server of one's own is taken for near. */
    private static double times(ProviderConfig provider) {
        if (!provider.builtIn()) {
            return 0.7;
        }
        return switch (provider.speaks()) {
            case ANTHROPIC -> 1;
            case OPENAI -> 0.9;
            case XAI -> 1.2;
            case GEMINI -> 0.8;
        };
    }
}
