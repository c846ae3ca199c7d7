package dev.pillion.sidecar.simulate.openai;

import static dev.pillion.sidecar.simulate.openai.OpenAiErrors.invalid;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.sidecar.simulate.kit.Rule;
import dev.pillion.sidecar.simulate.kit.Trees;
import dev.pillion.sidecar.simulate.kit.VendorError;
import dev.pillion.sidecar.simulate.responses.CallPairing;
import dev.pillion.sidecar.simulate.responses.Conversation;
import dev.pillion.sidecar.simulate.responses.ReasoningSeals;
import dev.pillion.sidecar.simulate.responses.ReasoningSeals.Judgement;
import dev.pillion.sidecar.simulate.responses.ResponsesMemory;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How the items of a conversation belong together: ids, calls and outputs, reasoning. */
final class ItemRules {
    private static final int MAX_ID_CHARS = 64;
    private static final Map<String, String> PREFIXES =
            Map.ofEntries(
                    Map.entry("message", "msg"),
                    Map.entry("function_call", "fc"),
                    Map.entry("custom_tool_call", "ctc"),
                    Map.entry("reasoning", "rs"),
                    Map.entry("web_search_call", "ws"),
                    Map.entry("file_search_call", "fs"),
                    Map.entry("code_interpreter_call", "ci"),
                    Map.entry("image_generation_call", "ig"),
                    Map.entry("tool_search_call", "tsc"),
                    Map.entry("tool_search_output", "tso"),
                    Map.entry("mcp_call", "mcp"),
                    Map.entry("mcp_list_tools", "mcpl"));
    private static final Set<String> CALLS = Set.of("function_call", "custom_tool_call");
    private static final Set<String> CALLERS_OWN =
            Set.of("function_call_output", "custom_tool_call_output", "mcp_approval_response");

    private final ResponsesMemory memory;
    private final ReasoningSeals seals;

    ItemRules(ResponsesMemory memory, ReasoningSeals seals) {
        this.memory = memory;
        this.seals = seals;
    }

    List<Rule<ResponsesRequest>> all() {
        return List.of(
                ItemRules::ids,
                ItemRules::pairing,
                ItemRules::followers,
                this::led,
                this::sealed,
                this::stored);
    }

    private static @Nullable VendorError ids(ResponsesRequest request) {
        var seen = new HashSet<String>();
        var items = request.input();
        for (int i = 0; i < items.size(); i++) {
            var id = Trees.string(items.get(i), "id");
            if (id != null) {
                var error = id(items.get(i), id, "input[" + i + "].id");
                if (error != null) {
                    return error;
                }
                if (!seen.add(id)) {
                    return invalid(
                            "Duplicate item found with id "
                                    + id
                                    + ". Remove duplicate items from your input and try again.",
                            "input",
                            null);
                }
            }
        }
        return null;
    }

    private static @Nullable VendorError id(JsonNode item, String id, String at) {
        if (id.length() > MAX_ID_CHARS) {
            return invalid(
                    "Invalid '"
                            + at
                            + "': string too long. Expected a string with maximum length 64, but"
                            + " got a string with length "
                            + id.length()
                            + " instead.",
                    at,
                    "string_above_max_length");
        }
        var prefix = PREFIXES.get(Conversation.type(item));
        return prefix == null || id.startsWith(prefix + "_")
                ? null
                : invalid(
                        "Invalid '"
                                + at
                                + "': '"
                                + id
                                + "'. Expected an ID that begins with '"
                                + prefix
                                + "'.",
                        at,
                        "invalid_value");
    }

    private static @Nullable VendorError pairing(ResponsesRequest request) {
        // What a stored conversation holds is not known where it is not ours.
        boolean whole = request.earlier().known() && !continuesUnseen(request);
        var pairing = CallPairing.of(request.items(), CALLS, Set.of("tool_search_call"));
        if (whole && pairing.orphan() != null) {
            return invalid(
                    "No tool call found for function call output with call_id "
                            + pairing.orphan()
                            + ".",
                    "input",
                    null);
        }
        return pairing.unanswered() == null
                ? null
                : invalid(
                        "No tool output found for function call " + pairing.unanswered() + ".",
                        "input",
                        null);
    }

    private static boolean continuesUnseen(ResponsesRequest request) {
        return request.earlier().items().isEmpty()
                && (request.has("previous_response_id") || request.has("conversation"));
    }

    /** Reasoning that has its id is followed by what it led to. */
    private static @Nullable VendorError followers(ResponsesRequest request) {
        var items = request.input();
        boolean stored = request.stores();
        for (int i = 0; i < items.size(); i++) {
            var item = items.get(i);
            var id = Trees.string(item, "id");
            if (id == null || !Conversation.type(item).equals("reasoning")) {
                continue;
            }
            var next = i + 1 < items.size() ? items.get(i + 1) : null;
            if (next == null || !follows(next, stored)) {
                return invalid(
                        "Item '"
                                + id
                                + "' of type 'reasoning' was provided without its required"
                                + " following item.",
                        "input",
                        null);
            }
        }
        return null;
    }

    /** Of what is not stored an answer need not have its id: Vercel's AI SDK sends it without. */
    private static boolean follows(JsonNode next, boolean stored) {
        var type = Conversation.type(next);
        boolean answer = !stored && Trees.string(next, "role", "").equals("assistant");
        return type.equals("message")
                ? answer || Trees.has(next, "id")
                : !CALLERS_OWN.contains(type);
    }

    /** A stored item that reasoning led to comes with that reasoning. */
    private @Nullable VendorError led(ResponsesRequest request) {
        var ids = new HashSet<String>();
        for (var item : request.items()) {
            ids.add(Trees.string(item, "id", ""));
        }
        for (var item : request.input()) {
            var id = Trees.string(item, "id", "");
            var reasoning = memory.reasoningOf(request.account(), id);
            if (!reasoning.isEmpty() && !ids.contains(reasoning)) {
                return invalid(
                        "Item '"
                                + id
                                + "' of type '"
                                + Conversation.type(item)
                                + "' was provided without its required 'reasoning' item: '"
                                + reasoning
                                + "'.",
                        "input",
                        null);
            }
        }
        return null;
    }

    private @Nullable VendorError sealed(ResponsesRequest request) {
        for (var item : request.input()) {
            if (Conversation.type(item).equals("reasoning")
                    && seals.judge(request.owner(), item) == Judgement.BROKEN) {
                return invalid(
                        "The encrypted content for item "
                                + item.path("id").asText("")
                                + " could not be verified. Reason: Encrypted content could not be"
                                + " decrypted or parsed.",
                        null,
                        "invalid_encrypted_content");
            }
        }
        return null;
    }

    /** What is named and not sent has to be stored. */
    private @Nullable VendorError stored(ResponsesRequest request) {
        for (var item : request.input()) {
            var type = Conversation.type(item);
            boolean bare = type.equals("reasoning") && !Trees.has(item, "encrypted_content");
            var id = Trees.string(item, "id");
            if (bare && id == null) {
                return invalid(
                        "Missing required parameter: 'input' item of type 'reasoning' needs 'id'.",
                        "input",
                        "missing_required_parameter");
            }
            boolean named = type.equals("item_reference") || bare;
            if (named && id != null && !memory.knows(request.account(), id)) {
                return OpenAiErrors.notFound(
                        "Item with id '"
                                + id
                                + "' not found. Items are not persisted when `store` is set to"
                                + " false. Try again with `store` set to true, or remove this item"
                                + " from your input.",
                        "input");
            }
        }
        return null;
    }
}
