package dev.pillion.sidecar.simulate.xai;

import static dev.pillion.sidecar.simulate.xai.XaiErrors.invalid;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.sidecar.simulate.kit.Rule;
import dev.pillion.sidecar.simulate.kit.Trees;
import dev.pillion.sidecar.simulate.kit.VendorError;
import dev.pillion.sidecar.simulate.responses.CallPairing;
import dev.pillion.sidecar.simulate.responses.Conversation;
import dev.pillion.sidecar.simulate.responses.ReasoningSeals;
import dev.pillion.sidecar.simulate.responses.ReasoningSeals.Judgement;
import dev.pillion.sidecar.simulate.xai.XaiModel.Skill;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What holds for a request to Responses. */
final class XaiResponsesRules {
    private static final Pattern BEFORE_RESULTS =
            Pattern.compile("tco_[0-9a-f-]{36}_call-[0-9a-f-]{36}-\\d+_");

    private final ReasoningSeals seals;

    XaiResponsesRules(ReasoningSeals seals) {
        this.seals = seals;
    }

    List<Rule<XaiResponsesRequest>> all() {
        return List.of(
                XaiResponsesRules::continued,
                XaiResponsesRules::parts,
                XaiResponsesRules::pairing,
                this::sealed,
                XaiResponsesRules::functions,
                XaiResponsesRules::serverTools,
                XaiRules::answerSchema,
                XaiRules::effort,
                XaiResponsesRules::background,
                XaiRules::promptLength);
    }

    private static @Nullable VendorError continued(XaiResponsesRequest request) {
        var previous = Trees.string(request.body(), "previous_response_id");
        if (previous == null) {
            return null;
        }
        if (request.has("instructions")) {
            return invalid("`instructions` cannot be used together with `previous_response_id`.");
        }
        return request.earlier().known()
                ? null
                : XaiErrors.plain(404, "Response with id=" + previous + " not found.");
    }

    private static @Nullable VendorError parts(XaiResponsesRequest request) {
        for (var item : request.input()) {
            for (var field : List.of("content", "output")) {
                for (var part : Trees.items(item.get(field))) {
                    var error = part(request, part);
                    if (error != null) {
                        return error;
                    }
                }
            }
        }
        return null;
    }

    private static @Nullable VendorError part(XaiResponsesRequest request, JsonNode part) {
        return switch (part.path("type").asText()) {
            case "input_image" -> XaiRules.image(request, Trees.string(part, "image_url"));
            case "input_file" ->
                    Trees.has(part, "file_id") == Trees.has(part, "file_url")
                            ? invalid("An input_file needs either file_id or file_url.")
                            : null;
            default -> null;
        };
    }

    private static @Nullable VendorError pairing(XaiResponsesRequest request) {
        var pairing = CallPairing.of(request.items(), Set.of("function_call"), Set.of());
        boolean unseen = request.earlier().items().isEmpty() && request.has("previous_response_id");
        if (pairing.orphan() != null && !unseen) {
            return invalid("No function call found for output with call_id " + pairing.orphan());
        }
        return pairing.unanswered() == null
                ? null
                : invalid("No output found for function call " + pairing.unanswered());
    }

    /** Reasoning is bound to the account and the model that it comes from. */
    private @Nullable VendorError sealed(XaiResponsesRequest request) {
        for (var item : request.input()) {
            if (Conversation.type(item).equals("reasoning")
                    && seals.judge(request.owner(), blob(item)) != Judgement.FINE) {
                return invalid("Could not decrypt the provided encrypted_content.");
            }
        }
        return null;
    }

    /** An item without what stands before the blob of a search's results. */
    private static JsonNode blob(JsonNode item) {
        var sealed = Trees.string(item, "encrypted_content", "");
        var matcher = BEFORE_RESULTS.matcher(sealed);
        ObjectNode copy = item.deepCopy();
        return matcher.lookingAt()
                ? copy.put("encrypted_content", sealed.substring(matcher.end()))
                : item;
    }

    private static @Nullable VendorError functions(XaiResponsesRequest request) {
        var functions =
                request.tools().stream()
                        .filter(tool -> tool.path("type").asText().equals("function"))
                        .toList();
        if (!functions.isEmpty() && !request.model().can(Skill.FUNCTIONS)) {
            return invalid(
                    "Client side tools are not supported for model " + request.modelId() + ".");
        }
        var error = XaiRules.functions(functions);
        if (error != null) {
            return error;
        }
        var choice = request.body().path("tool_choice");
        var names = functions.stream().map(f -> f.path("name").asText());
        if (choice.isObject()) {
            return XaiRules.choice(
                    choice, Trees.string(choice, "name"), names.collect(Collectors.toSet()));
        }
        var types = request.tools().stream().map(tool -> tool.path("type").asText());
        return XaiRules.choice(choice, null, types.collect(Collectors.toSet()));
    }

    private static @Nullable VendorError serverTools(XaiResponsesRequest request) {
        for (var tool : request.tools()) {
            for (var holder : List.of(tool, tool.path("filters"))) {
                for (var what : List.of("domains", "x_handles")) {
                    boolean both =
                            Trees.items(holder.get("allowed_" + what)).size() > 0
                                    && Trees.items(holder.get("excluded_" + what)).size() > 0;
                    if (both) {
                        return invalid(
                                "Cannot set both allowed_" + what + " and excluded_" + what + ".");
                    }
                }
            }
        }
        return null;
    }

    private static @Nullable VendorError background(XaiResponsesRequest request) {
        return request.body().path("background").asBoolean()
                ? invalid("Background mode is not supported.")
                : null;
    }
}
