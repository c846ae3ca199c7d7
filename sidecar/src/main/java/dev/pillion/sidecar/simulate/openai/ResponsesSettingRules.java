package dev.pillion.sidecar.simulate.openai;

import static dev.pillion.sidecar.simulate.openai.OpenAiErrors.invalid;
import static dev.pillion.sidecar.simulate.openai.OpenAiErrors.unsupportedParameter;

import dev.pillion.sidecar.simulate.kit.Rule;
import dev.pillion.sidecar.simulate.kit.Trees;
import dev.pillion.sidecar.simulate.kit.VendorError;
import dev.pillion.sidecar.simulate.openai.OpenAiModel.Skill;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the settings of a request to Responses may be, by model. */
final class ResponsesSettingRules {
    static final List<Rule<ResponsesRequest>> ALL =
            List.of(
                    CommonRules::streamOptions,
                    ResponsesSettingRules::effort,
                    ResponsesSettingRules::reasoning,
                    ResponsesSettingRules::encrypted,
                    CommonRules::sampling,
                    ResponsesSettingRules::logprobs,
                    ResponsesSettingRules::most,
                    ResponsesSettingRules::background,
                    ResponsesSettingRules::cache,
                    ResponsesSettingRules::verbosity,
                    ResponsesSettingRules::tier,
                    CommonRules::metadata);

    private ResponsesSettingRules() {}

    private static @Nullable VendorError effort(ResponsesRequest request) {
        var effort = request.effort();
        if (effort == null) {
            return null;
        }
        var all = request.model().responsesEfforts();
        if (all.isEmpty()) {
            return unsupportedParameter("reasoning.effort");
        }
        if (all.contains(effort)) {
            return null;
        }
        var quoted = all.stream().map(value -> "'" + value + "'").toList();
        var most = String.join(", ", quoted.subList(0, quoted.size() - 1));
        return invalid(
                "Unsupported value: '"
                        + effort
                        + "' is not supported with the '"
                        + request.modelId()
                        + "' model. Supported values are: "
                        + (most.isEmpty() ? "" : most + ", and ")
                        + quoted.getLast()
                        + ".",
                "reasoning.effort",
                "unsupported_value");
    }

    private static @Nullable VendorError reasoning(ResponsesRequest request) {
        var reasoning = request.body().path("reasoning");
        for (var field : List.of("summary", "generate_summary", "context")) {
            if (Trees.has(reasoning, field) && !request.model().reasons()) {
                return unsupportedParameter("reasoning." + field);
            }
        }
        boolean pro = reasoning.path("mode").asText().equals("pro");
        return pro && !request.model().can(Skill.REASONING_MODE)
                ? unsupportedParameter("reasoning.mode")
                : null;
    }

    private static @Nullable VendorError encrypted(ResponsesRequest request) {
        return request.includes("reasoning.encrypted_content") && !request.model().reasons()
                ? invalid("Encrypted content is not supported with this model.", "include", null)
                : null;
    }

    private static @Nullable VendorError logprobs(ResponsesRequest request) {
        return request.includes("message.output_text.logprobs")
                        && !CommonRules.samplesFreely(request)
                ? invalid("logprobs are not supported with reasoning models.", "include", null)
                : null;
    }

    private static @Nullable VendorError most(ResponsesRequest request) {
        int limit = request.model().maxOutputTokens();
        return request.maxTokens() > limit
                ? invalid(
                        "Invalid 'max_output_tokens': integer above maximum value. Expected a value"
                                + " <= "
                                + limit
                                + ", but got "
                                + request.maxTokens()
                                + " instead.",
                        "max_output_tokens",
                        "integer_above_max_value")
                : null;
    }

    private static @Nullable VendorError background(ResponsesRequest request) {
        return request.body().path("background").asBoolean() && !request.stores()
                ? invalid("Background mode requires 'store' to be true.", "background", null)
                : null;
    }

    private static @Nullable VendorError cache(ResponsesRequest request) {
        return request.has("prompt_cache_options") && !request.model().can(Skill.EXPLICIT_CACHE)
                ? unsupportedParameter("prompt_cache_options")
                : null;
    }

    private static @Nullable VendorError verbosity(ResponsesRequest request) {
        var verbosity = request.body().path("text").path("verbosity").asText("medium");
        return verbosity.equals("medium")
                        || verbosity.equals("null")
                        || request.model().can(Skill.VERBOSITY)
                ? null
                : OpenAiErrors.unsupportedValue("text.verbosity", "'" + verbosity + "'");
    }

    private static @Nullable VendorError tier(ResponsesRequest request) {
        return request.body().path("service_tier").asText().equals("ultrafast")
                ? invalid(
                        "Invalid service_tier argument: 'ultrafast' is not available to you.",
                        "service_tier",
                        null)
                : null;
    }
}
