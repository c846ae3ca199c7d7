package dev.pillion.sidecar.simulate.openai;

import dev.pillion.sidecar.simulate.kit.ModelTable;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What one family of models takes, on Chat Completions and on Responses.
 *
 * @param contextTokens of the longest prompt
 * @param ids a regular expression over model ids, without their date
 * @param snapshot the id that an undated one resolves to in the answer; empty: itself
 * @param efforts the values of {@code reasoning_effort} on Chat; empty: no reasoning model
 * @param usualEffort what an absent one means
 */
record OpenAiModel(
        Pattern ids,
        String sample,
        String snapshot,
        int contextTokens,
        int maxOutputTokens,
        List<String> efforts,
        String usualEffort,
        Sampling sampling,
        Tools tools,
        Set<Skill> skills)
        implements ModelTable.Model {
    /** When temperature, top_p and logprobs are taken. */
    enum Sampling {
        ALWAYS,
        WITHOUT_REASONING,
        NEVER
    }

    /** When function tools are taken. */
    enum Tools {
        ALWAYS,
        /** An effort other than {@code none} that is sent explicitly forbids them. */
        UNLESS_EFFORT,
        /** Only with {@code reasoning_effort: "none"}, sent explicitly. */
        WITH_EXPLICIT_NONE,
        NEVER
    }

    /** What only some models can do. */
    enum Skill {
        CHAT,
        RESPONSES,
        /** The effort {@code max}, on Responses only. */
        MAX_EFFORT,
        /** The web search that the vendor runs on Responses. */
        WEB_SEARCH,
        /** {@code reasoning.mode}, and reasoning that is encrypted without being asked for. */
        REASONING_MODE,
        /** {@code phase} on messages. */
        PHASE,
        SYSTEM,
        STOP,
        IMAGES,
        FILES,
        AUDIO,
        SEARCH,
        JSON_OBJECT,
        JSON_SCHEMA,
        /** Images in the results of tools. */
        TOOL_IMAGES,
        /** {@code image_url} as a bare string, as the first vision model took it. */
        BARE_IMAGE_URL,
        EXPLICIT_CACHE,
        VERBOSITY
    }

    boolean can(Skill skill) {
        return skills.contains(skill);
    }

    /** The values of {@code reasoning.effort} on Responses. */
    List<String> responsesEfforts() {
        if (!can(Skill.MAX_EFFORT) || efforts.contains("max")) {
            return efforts;
        }
        var more = new ArrayList<>(efforts);
        more.add("max");
        return more;
    }

    /** What the answer names as its model. */
    String resolve(String id) {
        boolean dated = id.matches(".*-\\d{4}(?:-\\d{2}-\\d{2})?");
        return snapshot.isEmpty() || dated ? id : snapshot;
    }

    boolean reasons() {
        return !efforts.isEmpty();
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
        private String snapshot = "";
        private List<String> efforts = List.of();
        private String usualEffort = "none";
        private Sampling sampling = Sampling.ALWAYS;
        private Tools tools = Tools.ALWAYS;
        private final Set<Skill> skills =
                EnumSet.of(
                        Skill.CHAT, Skill.RESPONSES, Skill.SYSTEM, Skill.STOP, Skill.JSON_OBJECT);

        private Builder(String ids, String sample, int contextTokens, int maxOutputTokens) {
            this.ids = Pattern.compile("(?:" + ids + ")(?:-\\d{4}(?:-\\d{2}-\\d{2})?)?");
            this.sample = sample;
            this.contextTokens = contextTokens;
            this.maxOutputTokens = maxOutputTokens;
        }

        Builder snapshot(String id) {
            snapshot = id;
            return this;
        }

        Builder reasons(String usual, Sampling rule, String... levels) {
            usualEffort = usual;
            efforts = List.of(levels);
            sampling = rule;
            return this;
        }

        Builder tools(Tools rule) {
            tools = rule;
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

        OpenAiModel row() {
            return new OpenAiModel(
                    ids,
                    sample,
                    snapshot,
                    contextTokens,
                    maxOutputTokens,
                    efforts,
                    usualEffort,
                    sampling,
                    tools,
                    EnumSet.copyOf(skills));
        }
    }
}
