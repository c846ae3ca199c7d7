package dev.pillion.sidecar.simulate.xai;

import static dev.pillion.sidecar.simulate.xai.XaiErrors.invalid;
import static dev.pillion.sidecar.simulate.xai.XaiErrors.unsupported;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.sidecar.simulate.kit.ChatPairing;
import dev.pillion.sidecar.simulate.kit.Rule;
import dev.pillion.sidecar.simulate.kit.Trees;
import dev.pillion.sidecar.simulate.kit.VendorError;
import dev.pillion.sidecar.simulate.xai.XaiModel.Skill;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What holds for a request to Chat Completions. */
final class XaiChatRules {
    static final List<Rule<XaiChatRequest>> ALL =
            List.of(
                    XaiChatRules::messages,
                    XaiChatRules::images,
                    XaiChatRules::pairing,
                    XaiChatRules::tools,
                    XaiRules::answerSchema,
                    XaiRules::effort,
                    XaiChatRules::reasoningRefuses,
                    XaiChatRules::streaming,
                    XaiRules::promptLength);

    private XaiChatRules() {}

    private static @Nullable VendorError messages(XaiChatRequest request) {
        for (var message : request.messages()) {
            boolean says = Trees.has(message, "content") || message.path("tool_calls").size() > 0;
            if (!says) {
                return invalid("Each message must have at least one content element.");
            }
        }
        return null;
    }

    private static @Nullable VendorError images(XaiChatRequest request) {
        for (var message : request.messages()) {
            for (var part : message.path("content")) {
                if (part.path("type").asText().equals("image_url")) {
                    var url = part.path("image_url").path("url").asText();
                    var error = XaiRules.image(request, url);
                    if (error != null) {
                        return error;
                    }
                }
            }
        }
        return null;
    }

    private static @Nullable VendorError pairing(XaiChatRequest request) {
        var flaw = ChatPairing.check(request.messages());
        return flaw == null
                ? null
                : invalid(
                        "Tool calls and results do not match at message "
                                + flaw.index()
                                + ": "
                                + String.join(", ", flaw.ids())
                                + ".");
    }

    private static @Nullable VendorError tools(XaiChatRequest request) {
        var functions = request.tools().stream().map(tool -> tool.path("function")).toList();
        var error = XaiRules.functions(functions);
        if (error != null) {
            return error;
        }
        var choice = request.body().path("tool_choice");
        var named = Trees.string(choice.path("function"), "name");
        return XaiRules.choice(choice, named, names(functions));
    }

    private static Set<String> names(List<JsonNode> functions) {
        return functions.stream().map(f -> f.path("name").asText()).collect(Collectors.toSet());
    }

    private static @Nullable VendorError reasoningRefuses(XaiChatRequest request) {
        if (!request.model().can(Skill.REASONS)) {
            return null;
        }
        for (var field : List.of("stop", "presence_penalty", "frequency_penalty")) {
            if (request.has(field)) {
                return unsupported(request.modelId(), field);
            }
        }
        return null;
    }

    private static @Nullable VendorError streaming(XaiChatRequest request) {
        if (request.has("stream_options") && !request.streams()) {
            return invalid("stream_options can only be set when stream is true.");
        }
        return request.streams() && request.body().path("deferred").asBoolean()
                ? invalid("A deferred completion cannot be streamed.")
                : null;
    }
}
