package dev.pillion.sidecar.simulate.anthropic;

import static dev.pillion.sidecar.simulate.anthropic.AnthropicErrors.invalid;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.sidecar.simulate.anthropic.AnthropicModel.Forcing;
import dev.pillion.sidecar.simulate.anthropic.AnthropicModel.Sampling;
import dev.pillion.sidecar.simulate.anthropic.AnthropicModel.Skill;
import dev.pillion.sidecar.simulate.kit.Rule;
import dev.pillion.sidecar.simulate.kit.Trees;
import dev.pillion.sidecar.simulate.kit.VendorError;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the settings of a request may be, by model: length, thinking, effort, sampling. */
final class SettingRules {
    static final List<Rule<AnthropicRequest>> ALL =
            List.of(
                    SettingRules::length,
                    SettingRules::stopSequences,
                    SettingRules::thinkingType,
                    SettingRules::budget,
                    SettingRules::effort,
                    SettingRules::effortOfThinking,
                    SettingRules::defaultsOnly,
                    SettingRules::temperatureOrTopP,
                    SettingRules::samplingWithThinking,
                    SettingRules::structuredOutput,
                    SettingRules::promptLength,
                    SettingRules::thread);

    private SettingRules() {}

    /** This organization lets nothing be kept, so no conversation is held for it. */
    private static @Nullable VendorError thread(AnthropicRequest request) {
        return Trees.has(request.body(), "thread")
                ? new VendorError(
                        400,
                        "invalid_request_error",
                        "thread: not available for this organization",
                        null,
                        "thread_unsupported_request")
                : null;
    }

    private static @Nullable VendorError length(AnthropicRequest request) {
        long asked = request.body().path("max_tokens").asLong();
        int most = request.model().maxOutputTokens();
        return asked <= most
                ? null
                : invalid(
                        "max_tokens: "
                                + asked
                                + " > "
                                + most
                                + ", which is the maximum allowed number of output tokens for "
                                + request.modelId());
    }

    private static @Nullable VendorError stopSequences(AnthropicRequest request) {
        for (var stop : request.body().path("stop_sequences")) {
            if (stop.asText().isBlank()) {
                return invalid("stop_sequences: each stop sequence must contain non-whitespace");
            }
        }
        return null;
    }

    private static @Nullable VendorError thinkingType(AnthropicRequest request) {
        var type = request.thinking();
        if (type == null || request.model().thinkingTypes().contains(type)) {
            return null;
        }
        return invalid(
                request.model().thinkingTypes().size() > 1 || !type.equals("enabled")
                        ? "\"thinking.type."
                                + type
                                + "\" is not supported for this model. Supported: "
                                + String.join(
                                        ", ",
                                        request.model().thinkingTypes().stream().sorted().toList())
                        : "'" + request.modelId() + "' does not support thinking.");
    }

    private static @Nullable VendorError budget(AnthropicRequest request) {
        var budget = request.body().path("thinking").path("budget_tokens");
        boolean beyond =
                budget.isNumber()
                        && !request.counting()
                        && budget.asLong() >= request.body().path("max_tokens").asLong();
        return beyond && !request.betas().contains(Beta.INTERLEAVED)
                ? invalid("`max_tokens` must be greater than `thinking.budget_tokens`")
                : null;
    }

    private static @Nullable VendorError effort(AnthropicRequest request) {
        var effort = Trees.string(request.body().path("output_config"), "effort");
        var levels = request.model().efforts();
        if (effort == null || levels.contains(effort)) {
            return null;
        }
        return invalid(
                levels.isEmpty()
                        ? "This model does not support the effort parameter."
                        : "This model does not support effort level '"
                                + effort
                                + "'. Supported levels: "
                                + String.join(", ", levels.stream().sorted().toList())
                                + ".");
    }

    private static @Nullable VendorError effortOfThinking(AnthropicRequest request) {
        var type = request.thinking();
        var effort =
                Trees.string(
                        request.body().path("output_config"),
                        "effort",
                        request.model().usualEffort());
        boolean beyondHigh = effort.equals("xhigh") || effort.equals("max");
        boolean low = "between_tools".equals(type) || quietOnlyUpToHigh(request, type);
        return beyondHigh && low
                ? invalid("thinking.type \"" + type + "\" is not supported at effort " + effort)
                : null;
    }

    private static boolean quietOnlyUpToHigh(AnthropicRequest request, @Nullable String type) {
        return "disabled".equals(type)
                && request.model().unasked() == AnthropicModel.Thinking.ON
                && request.model().can(Skill.SYSTEM_TURNS);
    }

    private static @Nullable VendorError defaultsOnly(AnthropicRequest request) {
        if (request.model().sampling() != Sampling.DEFAULTS_ONLY) {
            return null;
        }
        var body = request.body();
        boolean usual =
                body.path("temperature").asDouble(1) == 1
                        && body.path("top_p").asDouble(1) >= 0.99
                        && !body.has("top_k");
        return usual
                ? null
                : invalid(
                        "`temperature`, `top_p` and `top_k` may only be left at their defaults for"
                                + " this model. Please remove them.");
    }

    private static @Nullable VendorError temperatureOrTopP(AnthropicRequest request) {
        return request.model().sampling() == Sampling.TEMPERATURE_OR_TOP_P
                        && request.body().has("temperature")
                        && request.body().has("top_p")
                ? invalid(
                        "`temperature` and `top_p` cannot both be specified for this model. Please"
                                + " use only one.")
                : null;
    }

    private static @Nullable VendorError samplingWithThinking(AnthropicRequest request) {
        var type = request.thinking();
        if (!"enabled".equals(type) && !"adaptive".equals(type)) {
            return null;
        }
        var body = request.body();
        if (body.path("temperature").asDouble(1) != 1) {
            return invalid("`temperature` may only be set to 1 when thinking is enabled.");
        }
        if (body.has("top_k")) {
            return invalid("`top_k` must be unset when thinking is enabled.");
        }
        return body.path("top_p").asDouble(1) < 0.95
                ? invalid(
                        "`top_p` must be greater than or equal to 0.95 or unset when thinking is"
                                + " enabled.")
                : null;
    }

    static @Nullable VendorError forcing(AnthropicRequest request) {
        var choice = request.toolChoice();
        if (!choice.equals("any") && !choice.equals("tool")) {
            return null;
        }
        if (request.model().forcing() == Forcing.NEVER) {
            return invalid("tool_choice." + choice + " is not supported for this model");
        }
        return "enabled".equals(request.thinking())
                ? invalid("Thinking may not be enabled when tool_choice forces tool use.")
                : null;
    }

    private static @Nullable VendorError structuredOutput(AnthropicRequest request) {
        var schema = request.answerSchema();
        if (schema == null) {
            return null;
        }
        boolean old = Trees.has(request.body(), "output_format");
        if (old && Trees.has(request.body().path("output_config"), "format")) {
            return invalid("output_format: cannot be set together with output_config.format");
        }
        if (!request.model().can(Skill.STRUCTURED_OUTPUT)) {
            return invalid("'" + request.modelId() + "' does not support output format.");
        }
        if (cites(request)) {
            return invalid("output_config.format: incompatible with citations");
        }
        return SchemaRulesOfTools.answer(schema, old);
    }

    private static boolean cites(AnthropicRequest request) {
        for (var turn : request.turns()) {
            for (var block : turn.blocks()) {
                if (turn.is("user") && asksForCitations(block.node())) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean asksForCitations(JsonNode block) {
        return block.path("citations").path("enabled").asBoolean();
    }

    private static @Nullable VendorError promptLength(AnthropicRequest request) {
        int tokens = request.promptTokens();
        return tokens > request.contextTokens()
                ? AnthropicErrors.tooLong(tokens, request.contextTokens())
                : null;
    }
}
