package dev.pillion.sidecar.cross;

import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Why a request may be refused on its way to a vendor: known beforehand, from the vendors' own
 * documentation, so that nothing is refused which the vendor could have been asked.
 *
 * @param target the vendor; empty: any of the others
 * @param said what the refusal says, as a regular expression
 */
record Reason(Cause cause, String target, Pattern said, String why) {

    /** Where the word is missing. */
    enum Cause {
        /** The target's API has no word for it, or it is kept at the vendor that was spoken to. */
        TARGET,
        /** The target could be asked, but the uniform form has no word for it. */
        UNIFORM
    }

    private static final List<Reason> ALL =
            List.of(
                    target("", "^/n: ", "several answers: nobody else has them for every model"),
                    target("", "a file stored at ", "files lie at one vendor"),
                    target("", "a tool of \\w+ only", "tools that one vendor runs"),
                    target(
                            "",
                            "an item of \\w+ (only|can't stand here)",
                            "what one vendor's tools did"),
                    target(
                            "",
                            "^/(previous_response_id|conversation|prompt|background|store|container):"
                                + " ",
                            "kept at one vendor"),
                    target(
                            "",
                            "^/(context_management|truncation|moderation): ",
                            "what one vendor does with a conversation"),
                    target("", "^/messages/\\d+/type: ", "items that one vendor runs"),
                    target("", "^/messages/\\d+/name: ", "names of participants"),
                    target("", "^/modalities: ", "answers by voice"),
                    target("", "^/messages: nothing in them", "instructions, and nobody asks"),
                    target("", "a result whose call is not there", "no conversation elsewhere"),
                    target("", "no model: .*can't do audio", "sound, where no model of it hears"),
                    target(
                            "",
                            "no model: .*refuses temperature_with_top_p",
                            "temperature and top_p together"),
                    target("", "^/text: ", "how many words to make"),
                    target("", "^/reasoning: ", "another way of thinking"),
                    target("anthropic", "^/sampling/seed: ", "no seed"),
                    target("anthropic", "^/(logprobs|include): ", "no probabilities"),
                    target("gemini", "^/parallel_tools: ", "no switch for parallel calls"),
                    target("gemini", "^/websearch/(allowed_domains|location): ", "a plain search"),
                    target("openai", "^/top_k: ", "no top_k"),
                    target(
                            "openai",
                            "outside of the strict subset",
                            "a strict schema with optional properties"),
                    target("xai", "no file's bytes|no file in a tool's result", "files' bytes"),
                    target("xai", "no picture by file id", "pictures by file id"),
                    target("xai", "^/tools/\\d+/format: ", "input held to a grammar"),
                    uniform("^/reasoning/mode: ", "another way of thinking"),
                    uniform("^/text/verbosity: ", "how many words to make"),
                    uniform("^/service_tier: ", "the tier"),
                    uniform("^/(user|metadata): ", "whom the caller serves"),
                    uniform("^/(logprobs|include): ", "probabilities"),
                    uniform("^/top_k: ", "top_k"),
                    uniform("^/mcp_servers: ", "remote tool servers"),
                    uniform("/defer_loading: ", "tools found by search"));

    private static Reason target(String target, String said, String why) {
        return new Reason(Cause.TARGET, target, Pattern.compile(said), why);
    }

    private static Reason uniform(String said, String why) {
        return new Reason(Cause.UNIFORM, "", Pattern.compile(said), why);
    }

    /** The reason for a refusal; null: it is none that we know. */
    static Reason of(String target, String refusal) {
        return ALL.stream()
                .filter(r -> r.target.isEmpty() || r.target.equals(target))
                .filter(r -> r.said.matcher(refusal).find())
                .min(Comparator.comparing(r -> r.target.isEmpty()))
                .orElse(null);
    }
}
