package dev.pillion.sidecar.simulate.gemini;

import static dev.pillion.sidecar.simulate.gemini.GeminiErrors.field;
import static dev.pillion.sidecar.simulate.gemini.GeminiErrors.invalid;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.sidecar.simulate.gemini.GeminiModel.Skill;
import dev.pillion.sidecar.simulate.kit.Path;
import dev.pillion.sidecar.simulate.kit.Rule;
import dev.pillion.sidecar.simulate.kit.Trees;
import dev.pillion.sidecar.simulate.kit.VendorError;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What holds of the settings of an answer, model by model. */
final class ConfigRules {
    static final List<Rule<GeminiRequest>> ALL =
            List.of(
                    ConfigRules::format,
                    ConfigRules::thinking,
                    ConfigRules::length,
                    ConfigRules::candidates,
                    ConfigRules::penalties,
                    ConfigRules::probabilities,
                    ConfigRules::modalities,
                    ConfigRules::safety,
                    ConfigRules::cache,
                    ConfigRules::continuation,
                    ConfigRules::window);
    private static final Set<String> MIMES =
            Set.of("text/plain", "application/json", "text/x.enum");
    private static final Pattern CACHE = Pattern.compile("(?:projects/.+/)?cachedContents/[^/]+");

    private ConfigRules() {}

    private static @Nullable VendorError format(GeminiRequest request) {
        var config = request.config();
        var path = Path.ROOT.field("generationConfig");
        var mime = Trees.string(config, "responseMimeType", "text/plain");
        if (!MIMES.contains(mime)) {
            return field(
                    path.field("responseMimeType"),
                    "* GenerateContentRequest.generation_config.response_mime_type: allowed"
                            + " mimetypes are `text/plain`, `application/json`, `application/xml`,"
                            + " `application/yaml` and `text/x.enum`.");
        }
        boolean old = config.has("responseSchema");
        boolean json = config.has("responseJsonSchema");
        if (old && json) {
            return invalid("Only one of response_schema and response_json_schema can be set.");
        }
        if ((old || json) && mime.equals("text/plain")) {
            return invalid(
                    "Controlled generation is only supported with response_mime_type set to"
                            + " 'application/json' or 'text/x.enum'.");
        }
        if (old) {
            return LegacySchema.check(config.get("responseSchema"), path.field("responseSchema"));
        }
        return json
                ? JsonSchemaRules.check(
                        config.get("responseJsonSchema"), path.field("responseJsonSchema"))
                : null;
    }

    private static @Nullable VendorError thinking(GeminiRequest request) {
        var thinking = request.config().path("thinkingConfig");
        var model = request.model();
        boolean budget = thinking.has("thinkingBudget");
        var level = Trees.string(thinking, "thinkingLevel", "THINKING_LEVEL_UNSPECIFIED");
        boolean named = !level.equals("THINKING_LEVEL_UNSPECIFIED");
        if (budget && named) {
            return invalid("You can only set one of thinking budget and thinking level.");
        }
        boolean asks = budget || named || thinking.path("includeThoughts").asBoolean();
        if (asks && !model.can(Skill.THINK)) {
            return invalid("Thinking is not supported by this model.");
        }
        if (named && !model.levels().contains(level)) {
            return invalid(
                    model.levels().isEmpty()
                            ? "Thinking level is not supported for this model."
                            : "Thinking level " + level + " is not supported for this model.");
        }
        return budget ? budget(model, thinking.get("thinkingBudget").asLong()) : null;
    }

    private static @Nullable VendorError budget(GeminiModel model, long tokens) {
        var range = model.budget();
        if (!range.taken()) {
            return invalid("Thinking budget is not supported for this model.");
        }
        return range.takes(tokens)
                ? null
                : invalid(
                        "The thinking budget "
                                + tokens
                                + " is invalid. Please choose a value between "
                                + range.min()
                                + " and "
                                + range.max()
                                + ".");
    }

    private static @Nullable VendorError length(GeminiRequest request) {
        long most = request.config().path("maxOutputTokens").asLong(1);
        int limit = request.model().outputTokens();
        return most > limit && !request.model().can(Skill.CONTINUES)
                ? invalid(
                        "Unable to submit request because it has a maxOutputTokens value of "
                                + most
                                + " but the supported range is from 1 (inclusive) to "
                                + (limit + 1)
                                + " (exclusive). Update the value and try again.")
                : null;
    }

    private static @Nullable VendorError candidates(GeminiRequest request) {
        return request.config().path("candidateCount").asInt(1) > 1
                        && !request.model().can(Skill.CANDIDATES)
                ? invalid("Multiple candidates is not enabled for this model")
                : null;
    }

    private static @Nullable VendorError penalties(GeminiRequest request) {
        boolean set =
                request.config().has("presencePenalty") || request.config().has("frequencyPenalty");
        return set && !request.model().can(Skill.PENALTIES) && !request.vertex()
                ? invalid("Penalty is not enabled for this model")
                : null;
    }

    private static @Nullable VendorError probabilities(GeminiRequest request) {
        return request.config().has("logprobs")
                        && !request.config().path("responseLogprobs").asBoolean()
                ? invalid("logprobs can only be set when response_logprobs is true.")
                : null;
    }

    private static @Nullable VendorError modalities(GeminiRequest request) {
        for (var modality : request.config().path("responseModalities")) {
            if (!modality.asText().equals("TEXT")) {
                return invalid(
                        "The requested combination of response modalities ("
                                + modality.asText()
                                + ") is not supported by the model.");
            }
        }
        return null;
    }

    private static @Nullable VendorError safety(GeminiRequest request) {
        var seen = new HashSet<String>();
        for (var setting : request.body().path("safetySettings")) {
            if (!seen.add(setting.path("category").asText())) {
                return invalid(
                        "element predicate failed: safety_settings must have one entry per"
                                + " category");
            }
        }
        return null;
    }

    private static @Nullable VendorError cache(GeminiRequest request) {
        var name = Trees.string(request.body(), "cachedContent");
        if (name == null) {
            return null;
        }
        if (!CACHE.matcher(name).matches()) {
            return invalid("Invalid CachedContent name.");
        }
        if (!request.model().can(Skill.EXPLICIT_CACHE)) {
            return invalid("Explicit caching is not supported for this model.");
        }
        for (var twice : List.of("systemInstruction", "tools", "toolConfig")) {
            if (request.body().has(twice)) {
                return invalid(
                        "CachedContent can not be used with GenerateContent request setting"
                                + " system_instruction, tools or tool_config.");
            }
        }
        return null;
    }

    private static @Nullable VendorError continuation(GeminiRequest request) {
        return request.body().has("continuationToken") && !request.model().can(Skill.CONTINUES)
                ? invalid("Continuation is not supported for this model.")
                : null;
    }

    private static @Nullable VendorError window(GeminiRequest request) {
        JsonNode contents = request.body().path("contents");
        long tokens = contents.isMissingNode() ? 0 : request.promptTokens();
        return tokens > request.model().inputTokens()
                ? GeminiErrors.tooLong(tokens, request.model().inputTokens())
                : null;
    }
}
