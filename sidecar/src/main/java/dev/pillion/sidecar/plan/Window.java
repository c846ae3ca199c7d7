package dev.pillion.sidecar.plan;

import dev.pillion.adapters.ModelTraits;
import org.jspecify.annotations.Nullable;

/**
 * Whether a model's context holds a prompt and the answer asked for, and whether the model can give
 * so long an answer. Only what is sure counts against a model: a prompt that may fit is sent, and
 * when it does not, the vendor's word for that leads to larger models.
 */
final class Window {
    /** How every reason of too small a context begins. */
    static final String TOO_SMALL = "its context of ";

    private Window() {}

    /** Why the model's context can't hold it; null: it may. */
    static @Nullable String whyTooSmall(Ask ask, ModelTraits traits) {
        long context = traits.contextTokens();
        if (context == 0 || ask.task() != Task.ANSWER) {
            return null;
        }
        long output = outputTokens(ask, traits);
        if (ask.prompt().atMostTokens() + output <= context) {
            return null;
        }
        long least = ask.prompt().leastTokens().getAsLong();
        if (least + output <= context) {
            return null;
        }
        return TOO_SMALL
                + context
                + " tokens can't hold the prompt of at least "
                + least
                + (output > 0 ? " and " + output + " of output" : "");
    }

    /**
     * The answer that a place must be kept for: none where none is asked for, nor where nobody
     * knows how long the model's answers may be, so that far more may be asked for than it ever
     * gives.
     */
    private static long outputTokens(Ask ask, ModelTraits traits) {
        long asked = ask.load().mostOutputTokens();
        return asked == Long.MAX_VALUE ? 0 : Math.min(asked, traits.maxOutputTokens());
    }

    /** Why the model's answers are shorter than asked for; null: they are not. */
    static @Nullable String whyTooShort(Ask ask, ModelTraits traits) {
        long asked = ask.load().mostOutputTokens();
        int most = traits.maxOutputTokens();
        return most > 0 && asked > most && asked != Long.MAX_VALUE && ask.task() == Task.ANSWER
                ? "gives at most " + most + " tokens of output, not " + asked
                : null;
    }
}
