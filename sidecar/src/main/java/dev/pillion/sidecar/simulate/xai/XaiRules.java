package dev.pillion.sidecar.simulate.xai;

import static dev.pillion.sidecar.simulate.xai.XaiErrors.invalid;
import static dev.pillion.sidecar.simulate.xai.XaiErrors.unsupported;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.sidecar.simulate.kit.Path;
import dev.pillion.sidecar.simulate.kit.SchemaFlaw;
import dev.pillion.sidecar.simulate.kit.SchemaForm;
import dev.pillion.sidecar.simulate.kit.Trees;
import dev.pillion.sidecar.simulate.kit.VendorError;
import dev.pillion.sidecar.simulate.xai.XaiModel.Skill;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What holds on both APIs. */
final class XaiRules {
    private static final Pattern IMAGE =
            Pattern.compile("(?is)https?://.+|data:image/(?:jpe?g|png|webp);base64,.+");

    /** Keywords of JSON Schema that the form of an answer may not have. */
    private static final Set<String> NOT_IN_ANSWERS =
            Set.of(
                    "allOf",
                    "minLength",
                    "maxLength",
                    "minItems",
                    "maxItems",
                    "minContains",
                    "maxContains");

    private XaiRules() {}

    static @Nullable VendorError effort(XaiRequest request) {
        var effort = request.effort();
        if (effort == null) {
            return null;
        }
        if (request.model().efforts().isEmpty()) {
            return unsupported(request.modelId(), "reasoningEffort");
        }
        return request.model().efforts().contains(effort)
                ? null
                : invalid(
                        "Invalid reasoning effort '"
                                + effort
                                + "' for model "
                                + request.modelId()
                                + ". Supported: "
                                + String.join(", ", request.model().efforts())
                                + ".");
    }

    static @Nullable VendorError promptLength(XaiRequest request) {
        int tokens = request.promptTokens();
        return tokens > request.model().contextTokens()
                ? XaiErrors.tooLong(tokens, request.model().contextTokens())
                : null;
    }

    static @Nullable VendorError answerSchema(XaiRequest request) {
        var wanted = request.answerSchema();
        if (!Trees.has(wanted, "schema")) {
            return null;
        }
        var flaw = SchemaForm.check(wanted.path("schema"), Path.ROOT);
        if (flaw == null) {
            flaw = keyword(wanted.path("schema"), Path.ROOT);
        }
        return flaw == null ? null : XaiErrors.of(flaw, wanted.path("name").asText());
    }

    private static @Nullable SchemaFlaw keyword(JsonNode schema, Path path) {
        for (var entry : schema.properties()) {
            var at = path.field(entry.getKey());
            if (NOT_IN_ANSWERS.contains(entry.getKey()) && !path.segment().equals("properties")) {
                return new SchemaFlaw(SchemaFlaw.Kind.KEYWORD, path, entry.getKey());
            }
            var flaw = keyword(entry.getValue(), at);
            if (flaw != null) {
                return flaw;
            }
        }
        for (int i = 0; schema.isArray() && i < schema.size(); i++) {
            var flaw = keyword(schema.get(i), path.item(i));
            if (flaw != null) {
                return flaw;
            }
        }
        return null;
    }

    /** Names and schemas of functions. */
    static @Nullable VendorError functions(List<JsonNode> functions) {
        var seen = new HashSet<String>();
        for (var function : functions) {
            var name = function.path("name").asText();
            if (!seen.add(name)) {
                return invalid("Tool names must be unique: '" + name + "'.");
            }
            var parameters = function.path("parameters");
            if (!parameters.isObject() || parameters.isEmpty()) {
                continue;
            }
            var flaw = SchemaForm.check(parameters, Path.ROOT);
            var type = parameters.path("type").asText();
            if (flaw == null && !type.equals("object")) {
                flaw = new SchemaFlaw(SchemaFlaw.Kind.ROOT_NOT_OBJECT, Path.ROOT, type);
            }
            if (flaw != null) {
                return XaiErrors.of(flaw, name);
            }
        }
        return null;
    }

    static @Nullable VendorError choice(
            JsonNode choice, @Nullable String named, Set<String> tools) {
        boolean required = choice.asText().equals("required");
        if (required && tools.isEmpty()) {
            return invalid("A tool_choice was set on the request but no tools were specified.");
        }
        return named == null || tools.contains(named)
                ? null
                : invalid("Tool choice '" + named + "' is not among the tools.");
    }

    static @Nullable VendorError image(XaiRequest request, @Nullable String url) {
        if (!request.model().can(Skill.IMAGES)) {
            return invalid("Image inputs are not supported by model " + request.modelId() + ".");
        }
        return url == null || IMAGE.matcher(url).matches()
                ? null
                : invalid(
                        "Invalid image: expected an http(s) URL, or base64 of a JPEG, PNG or WebP"
                                + " image in a data URL.");
    }
}
