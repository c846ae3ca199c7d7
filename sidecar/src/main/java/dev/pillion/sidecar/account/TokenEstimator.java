package dev.pillion.sidecar.account;

import dev.pillion.adapters.TokenPrior;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How many tokens a prompt has, learned model by model from what vendors report. Any thread may ask
 * and tell: what is known of a model is one immutable value, exchanged as a whole, and of two that
 * tell at once one may go unheard. At most {@link #MAX_MODELS} are told apart; what is not known
 * yet, or not told apart, is as the prior says.
 */
public final class TokenEstimator {
    static final int MAX_MODELS = 1_000;

    /** Each answer teaches until so many have; after that some do, which is enough to follow. */
    private static final int TAUGHT = 64;

    private static final int EVERY = 8;

    /** A scan takes some 5 microseconds a KiB, so that of larger bodies fewer are scanned. */
    private static final int BYTES_PER_TURN = 1 << 10;

    /** Of larger bodies none is scanned where a loop would wait for it. */
    public static final int MAX_SCANNED_BYTES = 64 << 10;

    private final ConcurrentHashMap<String, TokenModel> models = new ConcurrentHashMap<>();

    /**
     * What is expected of a prompt, and what it is at most.
     *
     * @param expected tokens, as likely too few as too many
     * @param atMost tokens; below this were all that were seen
     */
    public record Estimate(long expected, long atMost) {}

    /** Expected tokens of the prompt; allocates nothing. */
    public long expected(String model, TokenPrior prior, PromptSize size) {
        TokenModel known = models.get(model);
        return Math.round(known == null ? TokenModel.expected(prior, size) : known.expected(size));
    }

    /**
     * Expected tokens, and how many there are at most.
     *
     * @param hard more than any tokenizer makes of it; learning may say less, but never more
     */
    public Estimate input(String model, TokenPrior prior, PromptSize size, long hard) {
        TokenModel known = models.get(model);
        if (known == null) {
            return new Estimate(Math.min(hard, Math.round(TokenModel.expected(prior, size))), hard);
        }
        return new Estimate(
                Math.min(hard, Math.round(known.expected(size))),
                Math.min(hard, known.most(size, prior.mostOverhead())));
    }

    /** Whether it is worth measuring a body of that many bytes for {@link #learn}. */
    public boolean wants(String model, int bodyBytes) {
        if (bodyBytes > MAX_SCANNED_BYTES) {
            return false;
        }
        TokenModel known = models.get(model);
        return known == null
                ? models.size() < MAX_MODELS
                : known.seen() < TAUGHT || known.isTurn(EVERY * (1 + bodyBytes / BYTES_PER_TURN));
    }

    /** Takes note of how many tokens the vendor counted, of one prompt. */
    public void learn(String model, TokenPrior prior, PromptSize size, long reported) {
        if (reported <= 0) {
            return;
        }
        TokenModel known = models.get(model);
        if (known != null) {
            models.replace(model, known, known.after(size, reported));
        } else if (models.size() < MAX_MODELS) {
            models.putIfAbsent(model, TokenModel.of(prior).after(size, reported));
        }
    }
}
