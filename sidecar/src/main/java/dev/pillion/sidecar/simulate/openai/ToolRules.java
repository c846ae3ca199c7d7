package dev.pillion.sidecar.simulate.openai;

import static dev.pillion.sidecar.simulate.openai.OpenAiErrors.invalid;

import dev.pillion.sidecar.simulate.kit.Rule;
import dev.pillion.sidecar.simulate.kit.Trees;
import dev.pillion.sidecar.simulate.kit.VendorError;
import dev.pillion.sidecar.simulate.openai.OpenAiModel.Skill;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Tools, the choice among them, and the form of the answer: all that schemas are about. */
final class ToolRules {
    static final List<Rule<ChatRequest>> ALL =
            List.of(
                    ToolRules::uniqueNames,
                    ToolRules::schemas,
                    ToolRules::functionSchemas,
                    ToolRules::choiceNeedsTools,
                    ToolRules::choiceIsKnown,
                    ToolRules::answerSchema,
                    ToolRules::wordJson);

    private ToolRules() {}

    private static @Nullable VendorError uniqueNames(ChatRequest request) {
        var seen = new HashSet<String>();
        for (var tool : request.tools()) {
            if (!seen.add(ChatRequest.name(tool))) {
                return invalid(
                        "Invalid 'tools': tool names must be unique, got '"
                                + ChatRequest.name(tool)
                                + "' twice.",
                        "tools",
                        "invalid_value");
            }
        }
        return null;
    }

    private static @Nullable VendorError schemas(ChatRequest request) {
        var tools = request.tools();
        for (int i = 0; i < tools.size(); i++) {
            var function = tools.get(i).path("function");
            if (Trees.has(function, "parameters")) {
                var error =
                        Schemas.parameters(
                                function,
                                function.path("strict").asBoolean(),
                                "tools[" + i + "].function.parameters");
                if (error != null) {
                    return error;
                }
            }
        }
        return null;
    }

    private static @Nullable VendorError functionSchemas(ChatRequest request) {
        var functions = request.functions();
        for (int i = 0; i < functions.size(); i++) {
            var error =
                    Trees.has(functions.get(i), "parameters")
                            ? Schemas.parameters(
                                    functions.get(i), false, "functions[" + i + "].parameters")
                            : null;
            if (error != null) {
                return error;
            }
        }
        return null;
    }

    private static @Nullable VendorError choiceNeedsTools(ChatRequest request) {
        for (var field : List.of("tool_choice", "parallel_tool_calls")) {
            if (request.has(field) && request.tools().isEmpty()) {
                return invalid(
                        "Invalid value for '"
                                + field
                                + "': '"
                                + field
                                + "' is only allowed when 'tools' are specified.",
                        field,
                        null);
            }
        }
        return request.has("function_call") && request.functions().isEmpty()
                ? invalid(
                        "Invalid value for 'function_call': 'function_call' is only allowed when"
                                + " 'functions' are specified.",
                        "function_call",
                        null)
                : null;
    }

    private static @Nullable VendorError choiceIsKnown(ChatRequest request) {
        var names = request.tools().stream().map(ChatRequest::name).toList();
        var forced = request.forcedTool();
        if (forced != null && !names.contains(forced)) {
            return unknownChoice(forced);
        }
        var allowed = request.body().path("tool_choice").path("allowed_tools").path("tools");
        for (var tool : allowed) {
            if (!names.contains(ChatRequest.name(tool))) {
                return unknownChoice(ChatRequest.name(tool));
            }
        }
        var function = Trees.string(request.body().path("function_call"), "name");
        boolean known =
                function == null
                        || request.functions().stream()
                                .anyMatch(f -> function.equals(Trees.string(f, "name")));
        return known ? null : unknownChoice(function);
    }

    private static VendorError unknownChoice(@Nullable String name) {
        return invalid(
                "Invalid value: tool choice '" + name + "' not found in 'tools' parameter.",
                "tool_choice",
                null);
    }

    private static @Nullable VendorError answerSchema(ChatRequest request) {
        var format = request.body().path("response_format");
        var type = format.path("type").asText();
        boolean object = type.equals("json_object") && !request.model().can(Skill.JSON_OBJECT);
        boolean schema = type.equals("json_schema") && !request.model().can(Skill.JSON_SCHEMA);
        if (object || schema) {
            return invalid(
                    "Invalid parameter: 'response_format' of type '"
                            + type
                            + "' is not supported with this model.",
                    "response_format",
                    null);
        }
        var wanted = format.path("json_schema");
        if (!Trees.has(wanted, "schema")) {
            return null;
        }
        var flaw = Schemas.flaw(wanted.path("schema"), wanted.path("strict").asBoolean());
        var subject = "response_format '" + wanted.path("name").asText() + "'";
        return flaw == null ? null : OpenAiErrors.of(flaw, subject, "response_format", null);
    }

    private static @Nullable VendorError wordJson(ChatRequest request) {
        if (!request.body().path("response_format").path("type").asText().equals("json_object")) {
            return null;
        }
        for (var message : request.messages()) {
            if (ChatRequest.text(message).toLowerCase(Locale.ROOT).contains("json")) {
                return null;
            }
        }
        return invalid(
                "'messages' must contain the word 'json' in some form, to use 'response_format' of"
                        + " type 'json_object'.",
                "messages",
                null);
    }
}
