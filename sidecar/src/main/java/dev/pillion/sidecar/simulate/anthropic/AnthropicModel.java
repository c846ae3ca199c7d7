package dev.pillion.sidecar.simulate.anthropic;

import dev.pillion.sidecar.simulate.kit.ModelTable;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What one family of models takes and refuses.
 *
 * @param ids a regular expression over model ids, without their date
 * @param sample the id that the model list shows
 * @param thinkingTypes the values of {@code thinking.type} that are taken
 * @param efforts the levels of {@code output_config.effort}; empty: the field is refused
 */
record AnthropicModel(
        Pattern ids,
        String sample,
        int contextTokens,
        int maxOutputTokens,
        int minCacheTokens,
        Thinking unasked,
        Set<String> thinkingTypes,
        List<String> efforts,
        String usualEffort,
        Forcing forcing,
        Sampling sampling,
        Set<Skill> skills)
        implements ModelTable.Model {
    /** Whether the model thinks when {@code thinking} is absent. */
    enum Thinking {
        OFF,
        ON
    }

    /** When {@code tool_choice} may be {@code any} or {@code tool}. */
    enum Forcing {
        WITHOUT_BUDGET,
        NEVER
    }

    /** Which sampling parameters version 2023-06-01 takes. */
    enum Sampling {
        FREE,
        TEMPERATURE_OR_TOP_P,
        DEFAULTS_ONLY
    }

    /** What only some models can do. */
    enum Skill {
        TOOLS,
        IMAGES,
        DOCUMENTS,
        SERVER_TOOLS,
        /** Server tools whose results are filtered by code the model writes. */
        DYNAMIC_FILTERING,
        STRUCTURED_OUTPUT,
        PREFILL,
        ASSISTANT_FIRST,
        SYSTEM_TURNS,
        /** Thinking comes back with empty text unless it is asked for. */
        HIDDEN_THINKING,
        /** A thinking block is valid only behind the prefix it was made for. */
        BOUND_THINKING,
        /** Of the first tool-using generation: results are matched to calls by their number. */
        PAIRS_BY_COUNT
    }

    boolean can(Skill skill) {
        return skills.contains(skill);
    }

    static Builder family(String ids, String sample, int contextTokens, int maxOutputTokens) {
        return new Builder(ids, sample, contextTokens, maxOutputTokens);
    }

    /** Fills a row of the table; every setter gives the same builder. */
    static final class Builder {
        private final Pattern ids;
        private final String sample;
        private final int contextTokens;
        private final int maxOutputTokens;
        private int minCacheTokens = 1_024;
        private Thinking unasked = Thinking.OFF;
        private Set<String> thinkingTypes = Set.of("disabled");
        private List<String> efforts = List.of();
        private String usualEffort = "high";
        private Forcing forcing = Forcing.WITHOUT_BUDGET;
        private Sampling sampling = Sampling.FREE;
        private final Set<Skill> skills = EnumSet.noneOf(Skill.class);

        private Builder(String ids, String sample, int contextTokens, int maxOutputTokens) {
            this.ids = Pattern.compile("(?:" + ids + ")(?:-\\d{8}|-latest|-v\\d+:\\d+)?");
            this.sample = sample;
            this.contextTokens = contextTokens;
            this.maxOutputTokens = maxOutputTokens;
        }

        Builder cacheFrom(int tokens) {
            minCacheTokens = tokens;
            return this;
        }

        Builder thinks(Thinking whenUnasked, String... types) {
            unasked = whenUnasked;
            thinkingTypes = Set.of(types);
            return this;
        }

        Builder efforts(String usual, String... levels) {
            usualEffort = usual;
            efforts = List.of(levels);
            return this;
        }

        Builder forcing(Forcing rule) {
            forcing = rule;
            return this;
        }

        Builder sampling(Sampling rule) {
            sampling = rule;
            return this;
        }

        Builder can(Skill... more) {
            skills.addAll(List.of(more));
            return this;
        }

        AnthropicModel row() {
            return new AnthropicModel(
                    ids,
                    sample,
                    contextTokens,
                    maxOutputTokens,
                    minCacheTokens,
                    unasked,
                    thinkingTypes,
                    efforts,
                    usualEffort,
                    forcing,
                    sampling,
                    EnumSet.copyOf(skills));
        }
    }
}
