package dev.pillion.sidecar.simulate.openai;

import static dev.pillion.sidecar.simulate.openai.OpenAiErrors.invalid;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.sidecar.simulate.kit.Rule;
import dev.pillion.sidecar.simulate.kit.Trees;
import dev.pillion.sidecar.simulate.kit.VendorError;
import dev.pillion.sidecar.simulate.openai.OpenAiModel.Skill;
import dev.pillion.sidecar.simulate.responses.Conversation;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What the input of a request to Responses may hold, by model. */
final class InputRules {
    static final List<Rule<ResponsesRequest>> ALL =
            List.of(
                    InputRules::present,
                    InputRules::continued,
                    InputRules::parts,
                    InputRules::wordJson,
                    InputRules::length);

    private InputRules() {}

    private static @Nullable VendorError present(ResponsesRequest request) {
        boolean elsewhere =
                request.has("prompt")
                        || request.has("previous_response_id")
                        || request.has("conversation");
        return request.input().isEmpty() && !elsewhere
                ? invalid(
                        "One of \"input\" or \"previous_response_id\" or 'prompt' or"
                                + " 'conversation_id' must be provided.",
                        "input",
                        "missing_required_parameter")
                : null;
    }

    private static @Nullable VendorError continued(ResponsesRequest request) {
        var previous = Trees.string(request.body(), "previous_response_id");
        boolean conversation = request.has("conversation");
        if (previous != null && conversation) {
            return invalid(
                    "Mutually exclusive parameters: Ensure you are only providing one of:"
                            + " 'previous_response_id' or 'conversation'.",
                    null,
                    "mutually_exclusive_parameters");
        }
        if (request.earlier().known()) {
            return null;
        }
        return previous == null
                ? OpenAiErrors.notFound("Conversation not found.", "conversation")
                : invalid(
                        "Previous response with id '" + previous + "' not found.",
                        "previous_response_id",
                        "previous_response_not_found");
    }

    private static @Nullable VendorError parts(ResponsesRequest request) {
        var items = request.input();
        for (int i = 0; i < items.size(); i++) {
            for (var field : List.of("content", "output")) {
                var parts = Trees.items(items.get(i).get(field));
                for (int j = 0; j < parts.size(); j++) {
                    var at = "input[" + i + "]." + field + "[" + j + "]";
                    var error = part(request, parts.get(j), at);
                    if (error != null) {
                        return error;
                    }
                }
            }
        }
        return null;
    }

    private static @Nullable VendorError part(ResponsesRequest request, JsonNode part, String at) {
        return switch (part.path("type").asText()) {
            case "input_image" -> image(request, part, at);
            case "input_file" -> file(request, part, at);
            case "input_audio" ->
                    invalid(
                            "Invalid value: 'input_audio'. Supported values are: 'input_text',"
                                    + " 'input_image', and 'input_file'.",
                            at + ".type",
                            "invalid_value");
            default -> null;
        };
    }

    private static @Nullable VendorError image(ResponsesRequest request, JsonNode part, String at) {
        if (!request.model().can(Skill.IMAGES)) {
            return unsupportedPart("image inputs", at);
        }
        var url = Trees.string(part, "image_url");
        if ((url == null) == !Trees.has(part, "file_id")) {
            return invalid(
                    "Missing mutually exclusive parameters: '"
                            + at
                            + "'. Ensure you are providing exactly one of: 'image_url' or"
                            + " 'file_id'.",
                    at,
                    "missing_mutually_exclusive_parameters");
        }
        return url == null ? null : MediaUrls.image(url, at + ".image_url");
    }

    private static @Nullable VendorError file(ResponsesRequest request, JsonNode part, String at) {
        if (!request.model().can(Skill.FILES)) {
            return unsupportedPart("file inputs", at);
        }
        var forms = List.of("file_id", "file_data", "file_url");
        if (forms.stream().filter(form -> Trees.has(part, form)).count() != 1) {
            return invalid(
                    "Missing mutually exclusive parameters: '"
                            + at
                            + "'. Ensure you are providing exactly one of: 'file_id', 'file_data'"
                            + " or 'file_url'.",
                    at,
                    "missing_mutually_exclusive_parameters");
        }
        var data = Trees.string(part, "file_data");
        if (data == null) {
            var url = Trees.string(part, "file_url");
            return url == null ? null : MediaUrls.fileUrl(url, at + ".file_url");
        }
        return Trees.has(part, "filename")
                ? MediaUrls.fileData(data, at + ".file_data")
                : invalid(
                        "Missing required parameter: '" + at + ".filename'.",
                        at + ".filename",
                        "missing_required_parameter");
    }

    private static VendorError unsupportedPart(String what, String at) {
        return invalid(
                "Invalid input: this model does not support " + what + ".",
                at,
                "unsupported_value");
    }

    private static @Nullable VendorError wordJson(ResponsesRequest request) {
        if (!request.format().path("type").asText().equals("json_object")) {
            return null;
        }
        for (var item : request.items()) {
            if (Conversation.text(item).toLowerCase(Locale.ROOT).contains("json")) {
                return null;
            }
        }
        return invalid(
                "Response input messages must contain the word 'json' in some form to use"
                        + " 'text.format' of type 'json_object'.",
                "input",
                null);
    }

    private static @Nullable VendorError length(ResponsesRequest request) {
        boolean cut = request.body().path("truncation").asText().equals("auto");
        return !cut && request.promptTokens() > request.model().contextTokens()
                ? OpenAiErrors.inputTooLong()
                : null;
    }
}
