package dev.pillion.sidecar.plan;

import dev.pillion.adapters.CostFacts;
import dev.pillion.adapters.Provider;
import dev.pillion.adapters.TokenPrior;
import dev.pillion.sidecar.account.MostUsd;
import dev.pillion.sidecar.account.TokenEstimator;
import dev.pillion.sidecar.config.Config;
import dev.pillion.sidecar.config.ModelConfig;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The most that one attempt at a model can cost, known before it is sent; or why nothing bounds it.
 *
 * @param usd null: nothing bounds it
 * @param why what has no bound; null where there is one
 */
record UpperBound(@Nullable BigDecimal usd, @Nullable String why) {
    /** How every reason begins. */
    static final String OVER = "over the cost ceiling: ";

    /** Prices that begin while an answer is made may be its price. */
    private static final Duration LONGEST_ANSWER = Duration.ofHours(1);

    /** Some vendors' least bound of an answer, which a smaller one is raised to. */
    private static final int MIN_OUTPUT_TOKENS = 16;

    /** Whom it is the bound of. */
    record Of(ModelConfig model, Provider format, boolean lossy) {}

    private static UpperBound none(String why) {
        return new UpperBound(null, OVER + why);
    }

    /** Why the model may cost more than the ceiling; null when it can't. */
    @Nullable String whyOver(BigDecimal maxUsd) {
        if (usd == null) {
            return why;
        }
        return usd.compareTo(maxUsd) <= 0 ? null : OVER + "up to " + usd.toPlainString() + " USD";
    }

    static UpperBound of(
            Ask.Ceiling ceiling, Of whom, Config config, TokenEstimator estimator, Instant now) {
        return new Reckoning(ceiling, whom, config, estimator, now).bound();
    }

    /** One reckoning; each step may find that nothing bounds the cost, and say why. */
    private static final class Reckoning {
        private final Ask.Ceiling ceiling;
        private final CostFacts facts;
        private final ModelConfig model;
        private final Provider format;
        private final Config config;
        private final TokenEstimator estimator;
        private final Instant now;
        private final boolean heeds;

        Reckoning(
                Ask.Ceiling ceiling,
                Of whom,
                Config config,
                TokenEstimator estimator,
                Instant now) {
            this.ceiling = ceiling;
            this.facts = ceiling.facts();
            this.model = whom.model();
            this.format = whom.format();
            this.config = config;
            this.estimator = estimator;
            this.now = now;
            this.heeds = format.heedsCallLimits(model.provider(), whom.lossy());
        }

        UpperBound bound() {
            if (facts.unbounded() != null) {
                return none(facts.unbounded() + " has no bound");
            }
            if (facts.calls() > 0 && !heeds) {
                return none(model.provider() + " does not bound the calls of its tools");
            }
            Integer searches = searches();
            if (searches == null) {
                return none(
                        "web search has no bound"
                                + (heeds
                                        ? " without websearch.max_uses"
                                        : " at " + model.provider())
                                + " (the configuration's websearch.assumed_searches may state"
                                + " one)");
            }
            long output = output();
            long context = model.traits().contextTokens();
            if (output < 0) {
                return none("an answer without output.max_tokens has no bound");
            }
            if (facts.unsized() != null && (context == 0 || embeds())) {
                return none(facts.unsized() + " has no bound here");
            }
            if ((facts.calls() > 0 || facts.compacts()) && context == 0) {
                return none("what tools bring in has no bound, nor has the model's context");
            }
            return priced(searches, output);
        }

        /**
         * Its inputs are prompts of their own, which share no context, and have nothing before
         * them.
         */
        private boolean embeds() {
            Integer asked = ceiling.outputTokens();
            return asked != null && asked == 0;
        }

        private @Nullable Integer searches() {
            Integer stated = facts.searches();
            boolean bounded = stated != null && (stated == 0 || heeds);
            return bounded ? stated : config.assumedSearches();
        }

        /** Tokens of one answer; -1: nothing bounds it. */
        private long output() {
            if (embeds()) {
                return 0;
            }
            Integer asked = ceiling.outputTokens();
            int most = model.traits().maxOutputTokens();
            if (asked != null) {
                return Math.max(model.traits().outputTokens(asked), MIN_OUTPUT_TOKENS);
            }
            // An answer has its place in the context, too.
            long context = model.traits().contextTokens();
            return most > 0 ? most : context > 0 ? context : -1;
        }

        private UpperBound priced(int searches, long output) {
            long first = firstPrompt();
            long longest = first;
            long input = first;
            for (int i = 1; i < facts.rounds(searches); i++) {
                longest = next(longest, output);
                input = Math.addExact(input, longest);
            }
            long answers = Math.multiplyExact(output, facts.answers());
            if (facts.compacts()) {
                input += model.traits().contextTokens();
                longest = model.traits().contextTokens();
                answers += Math.max(output, model.traits().maxOutputTokens());
            }
            var most =
                    new MostUsd.Tokens(
                            input,
                            longest,
                            answers,
                            facts.images() > 0 || facts.unsized() != null,
                            facts.longCache());
            var calls = new MostUsd.Calls(searches, facts.calls(), facts.fees());
            MostUsd.Tiers tiers = tiers();
            MostUsd.Found found = MostUsd.of(model.prices(), tiers, most, calls, now);
            MostUsd.Found later =
                    MostUsd.of(model.prices(), tiers, most, calls, now.plus(LONGEST_ANSWER));
            if (found.usd() == null || later.usd() == null) {
                return none(String.valueOf(found.usd() == null ? found.why() : later.why()));
            }
            return new UpperBound(found.usd().max(later.usd()), null);
        }

        private MostUsd.Tiers tiers() {
            Set<String> asked = new HashSet<>();
            facts.tiers().forEach(tier -> asked.add(format.tierNamed(tier)));
            boolean free = asked.isEmpty() || asked.contains("auto");
            return new MostUsd.Tiers(
                    asked, free ? format.tiersUnasked(model.provider()) : Set.of());
        }

        private long firstPrompt() {
            long context = model.traits().contextTokens();
            if (facts.unsized() != null) {
                return context;
            }
            TokenPrior prior = format.tokenPrior(model.provider());
            long hard =
                    facts.textTokens()
                            + (embeds() ? 0 : prior.mostOverhead())
                            + (long) facts.vendorTools() * prior.mostOfTool()
                            + (long) facts.images() * prior.mostOfImage();
            boolean plain = facts.images() == 0 && facts.vendorTools() == 0;
            long most =
                    plain
                            ? estimator.input(model.id(), prior, ceiling.size(), hard).atMost()
                            : hard;
            return context > 0 && !embeds() ? Math.min(most, context) : most;
        }

        /** The prompt of the next round: the last one, what was said to it, and what was found. */
        private long next(long prompt, long output) {
            long context = model.traits().contextTokens();
            if (facts.calls() > 0) {
                return context;
            }
            long longer = prompt + output + config.assumedSearchTokens();
            return context > 0 ? Math.min(longer, context) : longer;
        }
    }
}
