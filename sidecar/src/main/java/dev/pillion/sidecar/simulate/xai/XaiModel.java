package dev.pillion.sidecar.simulate.xai;

import dev.pillion.sidecar.simulate.kit.ModelTable;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a model takes, and what it costs.
 *
 * @param ids a regular expression over the model's ids
 * @param sample the id it is listed under, and answers with
 * @param efforts values of the effort; empty: the parameter is refused
 * @param usualEffort what an absent one means
 * @param price in ticks a token
 */
record XaiModel(
        Pattern ids,
        String sample,
        int contextTokens,
        List<String> efforts,
        String usualEffort,
        Price price,
        Set<Skill> skills)
        implements ModelTable.Model {

    /** What only some models do. */
    enum Skill {
        /** Thinks; such models refuse stop sequences and penalties. */
        REASONS,
        CHAT,
        IMAGES,
        /** Functions of the client's. */
        FUNCTIONS,
        /** Encrypted reasoning comes unasked. */
        ALWAYS_ENCRYPTED,
        /** Thinks aloud on Chat. */
        SHOWS_REASONING,
        /** Served no longer. */
        RETIRED
    }

    /**
     * Prices in ticks a token; 1 USD is 10,000,000,000 ticks, so 10,000 ticks a token are 1 USD a
     * million tokens.
     */
    record Price(long input, long cached, long output) {
        /** From USD cents a million tokens, as the price list has them. */
        static Price ofCents(double input, double cached, double output) {
            return new Price(
                    Math.round(input * 100), Math.round(cached * 100), Math.round(output * 100));
        }
    }

    boolean can(Skill skill) {
        return skills.contains(skill);
    }

    static Builder model(String ids, String sample, int contextTokens) {
        return new Builder(ids, sample, contextTokens);
    }

    /** Fills a row of the table; every setter gives the same builder. */
    static final class Builder {
        private final Pattern ids;
        private final String sample;
        private final int contextTokens;
        private List<String> efforts = List.of();
        private String usualEffort = "high";
        private Price price = Price.ofCents(200, 50, 600);
        private final Set<Skill> skills =
                EnumSet.of(Skill.REASONS, Skill.CHAT, Skill.IMAGES, Skill.FUNCTIONS);

        private Builder(String ids, String sample, int contextTokens) {
            this.ids = Pattern.compile(ids);
            this.sample = sample;
            this.contextTokens = contextTokens;
        }

        Builder efforts(String usual, String... levels) {
            usualEffort = usual;
            efforts = List.of(levels);
            return this;
        }

        Builder costs(Price wanted) {
            price = wanted;
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

        XaiModel row() {
            return new XaiModel(
                    ids,
                    sample,
                    contextTokens,
                    efforts,
                    usualEffort,
                    price,
                    EnumSet.copyOf(skills));
        }
    }
}
