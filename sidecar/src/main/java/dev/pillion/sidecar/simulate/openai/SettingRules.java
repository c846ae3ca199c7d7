package dev.pillion.sidecar.simulate.openai;

import static dev.pillion.sidecar.simulate.openai.OpenAiErrors.invalid;
import static dev.pillion.sidecar.simulate.openai.OpenAiErrors.unsupportedParameter;
import static dev.pillion.sidecar.simulate.openai.OpenAiErrors.unsupportedValue;

import dev.pillion.sidecar.simulate.kit.Rule;
import dev.pillion.sidecar.simulate.kit.VendorError;
import dev.pillion.sidecar.simulate.openai.OpenAiModel.Skill;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the settings of a request may be, by model. */
final class SettingRules {
    private static final List<String> REFUSED_BY_REASONING =
            List.of("max_tokens", "frequency_penalty", "presence_penalty", "logit_bias");

    static final List<Rule<ChatRequest>> ALL =
            List.of(
                    CommonRules::streamOptions,
                    SettingRules::lengths,
                    SettingRules::stop,
                    SettingRules::effort,
                    SettingRules::reasoningRefuses,
                    CommonRules::sampling,
                    SettingRules::logprobs,
                    SettingRules::topLogprobs,
                    SettingRules::logitBias,
                    SettingRules::tools,
                    SettingRules::search,
                    SettingRules::audio,
                    SettingRules::cache,
                    SettingRules::verbosity,
                    CommonRules::metadata,
                    SettingRules::promptLength);

    private SettingRules() {}

    private static @Nullable VendorError lengths(ChatRequest request) {
        if (request.has("max_tokens") && request.has("max_completion_tokens")) {
            return invalid(
                    "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not"
                            + " supported.",
                    null,
                    "invalid_parameter_combination");
        }
        var field = request.has("max_tokens") ? "max_tokens" : "max_completion_tokens";
        long most = request.model().maxOutputTokens();
        return request.maxTokens() > most
                ? invalid(
                        field
                                + " is too large: "
                                + request.maxTokens()
                                + ". This model supports at most "
                                + most
                                + " completion tokens, whereas you provided "
                                + request.maxTokens()
                                + ".",
                        field,
                        "invalid_value")
                : null;
    }

    private static @Nullable VendorError stop(ChatRequest request) {
        return request.has("stop") && !request.model().can(Skill.STOP)
                ? unsupportedParameter("stop")
                : null;
    }

    private static @Nullable VendorError effort(ChatRequest request) {
        var effort = request.effort();
        if (effort == null || request.model().equals(OpenAiModels.COMPATIBLE)) {
            return null;
        }
        if (!request.model().reasons()) {
            return invalid(
                    "Unrecognized request argument supplied: reasoning_effort",
                    "reasoning_effort",
                    null);
        }
        return request.model().efforts().contains(effort)
                ? null
                : unsupportedValue("reasoning_effort", "'" + effort + "'");
    }

    private static @Nullable VendorError reasoningRefuses(ChatRequest request) {
        if (!request.model().reasons()) {
            return null;
        }
        for (var field : REFUSED_BY_REASONING) {
            var value = request.body().path(field);
            if (request.has(field) && !(value.isNumber() && value.asDouble() == 0)) {
                return unsupportedParameter(field);
            }
        }
        return null;
    }

    private static @Nullable VendorError logprobs(ChatRequest request) {
        return request.body().path("logprobs").asBoolean() && !CommonRules.samplesFreely(request)
                ? unsupportedParameter("logprobs")
                : null;
    }

    private static @Nullable VendorError topLogprobs(ChatRequest request) {
        return request.has("top_logprobs") && !request.body().path("logprobs").asBoolean()
                ? invalid(
                        "The 'top_logprobs' parameter is only allowed when 'logprobs' is enabled.",
                        "top_logprobs",
                        null)
                : null;
    }

    private static @Nullable VendorError logitBias(ChatRequest request) {
        for (var bias : request.body().path("logit_bias").properties()) {
            var value = bias.getValue();
            boolean fine =
                    bias.getKey().matches("\\d+")
                            && value.isNumber()
                            && Math.abs(value.asDouble()) <= 100;
            if (!fine) {
                return invalid(
                        "Invalid 'logit_bias': keys are token ids, values lie between -100 and"
                                + " 100.",
                        "logit_bias",
                        "invalid_value");
            }
        }
        return null;
    }

    private static @Nullable VendorError tools(ChatRequest request) {
        if (request.tools().isEmpty() && request.functions().isEmpty()) {
            return null;
        }
        var effort = request.effort();
        boolean none = "none".equals(effort);
        boolean fine =
                switch (request.model().tools()) {
                    case ALWAYS -> true;
                    case UNLESS_EFFORT -> effort == null || none;
                    case WITH_EXPLICIT_NONE -> none;
                    case NEVER -> false;
                };
        if (fine) {
            return null;
        }
        return request.model().reasons() && request.model().can(Skill.SYSTEM)
                ? invalid(
                        "Function tools with reasoning_effort are not supported for "
                                + request.modelId()
                                + " in /v1/chat/completions. Please use /v1/responses instead.",
                        "reasoning_effort",
                        null)
                : unsupportedParameter("tools");
    }

    private static @Nullable VendorError search(ChatRequest request) {
        boolean searches = request.model().can(Skill.SEARCH);
        if (request.has("web_search_options") && !searches) {
            return invalid(
                    "Web search options not supported with this model.",
                    "web_search_options",
                    null);
        }
        for (var field : List.of("temperature", "top_p", "n", "logprobs", "seed")) {
            boolean one = field.equals("n") && request.body().path("n").asInt() == 1;
            if (searches && request.has(field) && !one) {
                return invalid(
                        "Model incompatible request argument supplied: " + field, null, null);
            }
        }
        return null;
    }

    private static @Nullable VendorError audio(ChatRequest request) {
        if (!request.wantsAudio()) {
            return request.has("audio")
                    ? invalid(
                            "Audio parameters are only allowed when 'modalities' has 'audio'.",
                            "audio",
                            null)
                    : null;
        }
        if (!request.model().can(Skill.AUDIO)) {
            return unsupportedValue("modalities", "'audio'");
        }
        return request.has("audio")
                ? null
                : invalid(
                        "Missing required parameter: 'audio'.",
                        "audio",
                        "missing_required_parameter");
    }

    private static @Nullable VendorError cache(ChatRequest request) {
        return request.has("prompt_cache_options") && !request.model().can(Skill.EXPLICIT_CACHE)
                ? unsupportedParameter("prompt_cache_options")
                : null;
    }

    private static @Nullable VendorError verbosity(ChatRequest request) {
        var verbosity = request.body().path("verbosity").asText("medium");
        return !request.has("verbosity")
                        || verbosity.equals("medium")
                        || request.model().can(Skill.VERBOSITY)
                ? null
                : unsupportedValue("verbosity", "'" + verbosity + "'");
    }

    private static @Nullable VendorError promptLength(ChatRequest request) {
        int tokens = request.promptTokens();
        return tokens > request.model().contextTokens()
                ? OpenAiErrors.tooLong(tokens, request.model().contextTokens())
                : null;
    }
}
