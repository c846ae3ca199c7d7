package dev.pillion.sidecar.simulate.gemini;

import dev.pillion.sidecar.simulate.kit.ModelTable;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What one family of models takes.
 *
 * @param ids a regular expression over model ids
 * @param levels the values of {@code thinkingLevel}, lowest first; empty: it takes none
 * @param budget the values of {@code thinkingBudget}
 * @param minCachedTokens the shortest prefix that implicit caching keeps
 */
record GeminiModel(
        Pattern ids,
        String sample,
        int inputTokens,
        int outputTokens,
        List<String> levels,
        Budget budget,
        int minCachedTokens,
        Set<Skill> skills)
        implements ModelTable.Model {
    /**
     * The range of a thinking budget; −1 (as the model likes) is always in it.
     *
     * @param taken whether the model takes a budget at all
     * @param off whether 0 switches thinking off
     * @param usual what is thought without a budget; 0: nothing
     */
    record Budget(boolean taken, int min, int max, boolean off, int usual) {
        static final Budget NONE = new Budget(false, 0, 0, false, 0);

        boolean takes(long tokens) {
            return tokens == -1 || (tokens == 0 && off) || (tokens >= min && tokens <= max);
        }
    }

    /** What only some models can do. */
    enum Skill {
        GENERATE,
        EMBED,
        EMBED_MEDIA,
        THINK,
        /** Calls of functions must come back signed; generation 3 and later. */
        SIGNED_CALLS,
        /** Calls have ids. */
        CALL_IDS,
        JSON_WITH_FUNCTIONS,
        SEARCH_WITH_FUNCTIONS,
        MEDIA_IN_RESULTS,
        PENALTIES,
        CANDIDATES,
        EXPLICIT_CACHE,
        /** Answers may stop with a token to continue them. */
        CONTINUES,
        /** Not to be had under {@code v1}. */
        ONLY_BETA,
        OLD_SEARCH
    }

    boolean can(Skill skill) {
        return skills.contains(skill);
    }

    static Builder family(String ids, String sample) {
        return new Builder(ids, sample);
    }

    /** Fills a row of the table; every setter gives the same builder. */
    static final class Builder {
        private final Pattern ids;
        private final String sample;
        private int inputTokens = 1_048_576;
        private int outputTokens = 65_536;
        private List<String> levels = List.of();
        private Budget budget = Budget.NONE;
        private int minCachedTokens = 4_096;
        private final Set<Skill> skills = EnumSet.of(Skill.GENERATE);

        private Builder(String ids, String sample) {
            this.ids = Pattern.compile(ids);
            this.sample = sample;
        }

        Builder tokens(int input, int output) {
            inputTokens = input;
            outputTokens = output;
            return this;
        }

        Builder levels(String... all) {
            levels = List.of(all);
            skills.add(Skill.THINK);
            return this;
        }

        Builder budget(int min, int max, boolean off, int usual) {
            budget = new Budget(true, min, max, off, usual);
            skills.add(Skill.THINK);
            return this;
        }

        Builder minCachedTokens(int tokens) {
            minCachedTokens = tokens;
            return this;
        }

        Builder can(Skill... more) {
            skills.addAll(List.of(more));
            return this;
        }

        Builder cannot(Skill... fewer) {
            skills.removeAll(List.of(fewer));
            return this;
        }

        GeminiModel row() {
            return new GeminiModel(
                    ids,
                    sample,
                    inputTokens,
                    outputTokens,
                    levels,
                    budget,
                    minCachedTokens,
                    EnumSet.copyOf(skills));
        }
    }
}
