package dev.pillion.sidecar.simulate.openai;

import static dev.pillion.sidecar.simulate.openai.OpenAiErrors.invalid;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.sidecar.simulate.kit.ChatPairing;
import dev.pillion.sidecar.simulate.kit.Rule;
import dev.pillion.sidecar.simulate.kit.Trees;
import dev.pillion.sidecar.simulate.kit.VendorError;
import dev.pillion.sidecar.simulate.openai.OpenAiModel.Skill;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What messages may hold, by role and model, and how calls and results pair. */
final class MessageRules {
    private static final Set<String> INSTRUCTIONS = Set.of("system", "developer");

    static final List<Rule<ChatRequest>> ALL =
            List.of(
                    MessageRules::roles,
                    MessageRules::parts,
                    MessageRules::assistants,
                    MessageRules::pairing,
                    MessageRules::audioModelNeedsAudio);

    private MessageRules() {}

    private static @Nullable VendorError roles(ChatRequest request) {
        var messages = request.messages();
        for (int i = 0; i < messages.size(); i++) {
            var role = messages.get(i).path("role").asText();
            if (INSTRUCTIONS.contains(role) && !request.model().can(Skill.SYSTEM)) {
                return OpenAiErrors.unsupportedValue("messages[" + i + "].role", "'" + role + "'");
            }
        }
        return null;
    }

    private static @Nullable VendorError parts(ChatRequest request) {
        var messages = request.messages();
        for (int i = 0; i < messages.size(); i++) {
            var content = messages.get(i).path("content");
            for (int j = 0; content.isArray() && j < content.size(); j++) {
                var at = "messages[" + i + "].content[" + j + "]";
                var error = part(request, messages.get(i), content.get(j), at, i);
                if (error != null) {
                    return error;
                }
            }
        }
        return null;
    }

    private static @Nullable VendorError part(
            ChatRequest request, JsonNode message, JsonNode part, String at, int index) {
        var role = message.path("role").asText();
        var type = part.path("type").asText();
        boolean plain = type.equals("text") || type.equals("refusal");
        if (role.equals("tool") && !plain && !toolPart(request, type)) {
            return invalid(
                    "Invalid 'messages["
                            + index
                            + "]'. Content blocks are expected to be either text or image_url"
                            + " type.",
                    "messages[" + index + "]",
                    "invalid_value");
        }
        if (INSTRUCTIONS.contains(role) && !plain) {
            return invalid(
                    "Image URLs are only allowed for messages with role 'user', but this message"
                            + " with role '"
                            + role
                            + "' contains an image URL.",
                    "messages[" + index + "].role",
                    "invalid_value");
        }
        return switch (type) {
            case "image_url" -> image(request, part.path("image_url"), at);
            case "input_audio" -> needs(request, Skill.AUDIO, "input_audio", at);
            case "file" -> file(request, part.path("file"), at);
            default -> null;
        };
    }

    private static boolean toolPart(ChatRequest request, String type) {
        return type.equals("image_url") && request.model().can(Skill.TOOL_IMAGES);
    }

    private static @Nullable VendorError needs(
            ChatRequest request, Skill skill, String type, String at) {
        return request.model().can(skill)
                ? null
                : invalid(
                        "Invalid content type. " + type + " is only supported by certain models.",
                        at + ".type",
                        null);
    }

    private static @Nullable VendorError image(ChatRequest request, JsonNode image, String at) {
        var lacking = needs(request, Skill.IMAGES, "image_url", at);
        if (lacking != null) {
            return lacking;
        }
        if (image.isTextual() && !request.model().can(Skill.BARE_IMAGE_URL)) {
            return invalid(
                    "Invalid type for '"
                            + at
                            + ".image_url': expected an object, but got a string instead.",
                    at + ".image_url",
                    "invalid_type");
        }
        var url = image.isTextual() ? image.textValue() : image.path("url").asText();
        return MediaUrls.image(url, at + ".image_url.url");
    }

    private static @Nullable VendorError file(ChatRequest request, JsonNode file, String at) {
        var lacking = needs(request, Skill.FILES, "file", at);
        if (lacking != null) {
            return lacking;
        }
        boolean id = Trees.has(file, "file_id");
        var data = Trees.string(file, "file_data");
        if (!id && data == null) {
            return invalid(
                    "Missing required parameter: '" + at + ".file.file_id'.",
                    at + ".file.file_id",
                    "missing_required_parameter");
        }
        return data != null && !data.startsWith("data:")
                ? invalid(
                        "Invalid '" + at + ".file.file_data'. Expected a base64-encoded data URL.",
                        at + ".file.file_data",
                        "invalid_value")
                : null;
    }

    private static @Nullable VendorError assistants(ChatRequest request) {
        var messages = request.messages();
        for (int i = 0; i < messages.size(); i++) {
            var message = messages.get(i);
            boolean says =
                    Trees.has(message, "content")
                            || Trees.has(message, "tool_calls")
                            || Trees.has(message, "function_call")
                            || Trees.has(message, "refusal")
                            || Trees.has(message, "audio");
            if (message.path("role").asText().equals("assistant") && !says) {
                return invalid(
                        "Invalid value for 'content': expected a string, got null.",
                        "messages.[" + i + "].content",
                        null);
            }
        }
        return null;
    }

    private static @Nullable VendorError pairing(ChatRequest request) {
        var flaw = ChatPairing.check(request.messages());
        if (flaw == null) {
            return null;
        }
        var at = "messages.[" + flaw.index() + "].";
        var ids = String.join(", ", flaw.ids());
        return switch (flaw.kind()) {
            case ORPHAN ->
                    invalid(
                            "Invalid parameter: messages with role 'tool' must be a response to a"
                                    + " preceeding message with 'tool_calls'.",
                            at + "role",
                            null);
            case TWO_RESULTS ->
                    invalid(
                            "Duplicate value for 'tool_call_id' of '" + ids + "' in messages.",
                            at + "tool_call_id",
                            null);
            case TWO_CALLS ->
                    invalid(
                            "Duplicate value for 'tool_calls' id '" + ids + "'.",
                            at + "tool_calls",
                            null);
            case UNANSWERED ->
                    invalid(
                            "An assistant message with 'tool_calls' must be followed by tool"
                                    + " messages responding to each 'tool_call_id'. The following"
                                    + " tool_call_ids did not have response messages: "
                                    + ids,
                            at + "role",
                            null);
        };
    }

    private static @Nullable VendorError audioModelNeedsAudio(ChatRequest request) {
        if (!request.model().can(Skill.AUDIO) || request.wantsAudio()) {
            return null;
        }
        for (var message : request.messages()) {
            for (var part : message.path("content")) {
                if (part.path("type").asText().equals("input_audio")) {
                    return null;
                }
            }
        }
        return invalid(
                "This model requires that either input content or output modality contain audio.",
                "model",
                "invalid_value");
    }
}
