package dev.pillion.sidecar.simulate.openai;

import static dev.pillion.sidecar.simulate.openai.OpenAiErrors.invalid;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.sidecar.simulate.kit.Rule;
import dev.pillion.sidecar.simulate.kit.Trees;
import dev.pillion.sidecar.simulate.kit.VendorError;
import dev.pillion.sidecar.simulate.openai.OpenAiModel.Skill;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tools on Responses, the choice among them, and the form of the answer. */
final class ResponsesToolRules {
    static final List<Rule<ResponsesRequest>> ALL =
            List.of(
                    ResponsesToolRules::uniqueNames,
                    ResponsesToolRules::schemas,
                    ResponsesToolRules::search,
                    ResponsesToolRules::servers,
                    ResponsesToolRules::choice,
                    ResponsesToolRules::answerSchema);

    private ResponsesToolRules() {}

    private static @Nullable VendorError uniqueNames(ResponsesRequest request) {
        var seen = new HashSet<String>();
        for (var tool : Trees.items(request.body().get("tools"))) {
            var name = Trees.string(tool, "name", tool.path("server_label").asText());
            if (!name.isEmpty() && !seen.add(name)) {
                return invalid(
                        "Invalid 'tools': tool names must be unique, got '" + name + "' twice.",
                        "tools",
                        "invalid_value");
            }
        }
        return null;
    }

    private static @Nullable VendorError schemas(ResponsesRequest request) {
        var tools = Trees.items(request.body().get("tools"));
        for (int i = 0; i < tools.size(); i++) {
            var error = schema(tools.get(i), "tools[" + i + "].parameters");
            if (error != null) {
                return error;
            }
        }
        return null;
    }

    private static @Nullable VendorError schema(JsonNode tool, String at) {
        boolean function = tool.path("type").asText().equals("function");
        return function && Trees.has(tool, "parameters")
                ? Schemas.parameters(tool, tool.path("strict").asBoolean(), at)
                : null;
    }

    private static @Nullable VendorError search(ResponsesRequest request) {
        var tool = request.tool("web_search");
        if (tool == null) {
            return null;
        }
        if (!request.model().can(Skill.WEB_SEARCH)) {
            return invalid(
                    "Hosted tool '"
                            + tool.path("type").asText()
                            + "' is not supported with "
                            + request.modelId()
                            + ".",
                    "tools",
                    null);
        }
        if ("minimal".equals(request.effort())) {
            return invalid(
                    "The following tools cannot be used with reasoning.effort 'minimal':"
                            + " web_search.",
                    "tools",
                    null);
        }
        for (var field : List.of("allowed_domains", "blocked_domains")) {
            for (var domain : tool.path("filters").path(field)) {
                if (domain.asText().contains("://")) {
                    return invalid(
                            "Invalid domain '" + domain.asText() + "': leave out the scheme.",
                            "tools",
                            "invalid_value");
                }
            }
        }
        return null;
    }

    private static @Nullable VendorError servers(ResponsesRequest request) {
        for (var tool : Trees.items(request.body().get("tools"))) {
            boolean reached =
                    Trees.has(tool, "server_url")
                            || Trees.has(tool, "connector_id")
                            || Trees.has(tool, "tunnel_id");
            if (tool.path("type").asText().equals("mcp") && !reached) {
                return invalid(
                        "Missing required parameter: 'tools[].server_url' or"
                                + " 'tools[].connector_id'.",
                        "tools",
                        "missing_required_parameter");
            }
        }
        return null;
    }

    private static @Nullable VendorError choice(ResponsesRequest request) {
        var choice = request.body().path("tool_choice");
        var tools = request.tools();
        var kind = request.toolChoice();
        if (kind.equals("required") && tools.isEmpty()) {
            return invalid(
                    "Tool choice 'required' must be specified with 'tools' parameter.",
                    "tool_choice",
                    null);
        }
        if (!choice.isObject()) {
            return null;
        }
        var wanted = kind.equals("allowed_tools") ? choice.path("tools") : List.of(choice);
        for (var one : wanted) {
            if (tools.stream().noneMatch(tool -> is(tool, one))) {
                return invalid(
                        "Tool choice '"
                                + Trees.string(one, "name", one.path("type").asText())
                                + "' not found in 'tools' parameter.",
                        "tool_choice",
                        null);
            }
        }
        return null;
    }

    private static boolean is(JsonNode tool, JsonNode chosen) {
        return tool.path("type").asText().equals(chosen.path("type").asText())
                && tool.path("server_label").equals(chosen.path("server_label"))
                && (!chosen.has("name")
                        || !tool.has("name")
                        || tool.get("name").equals(chosen.get("name")));
    }

    private static @Nullable VendorError answerSchema(ResponsesRequest request) {
        var format = request.format();
        var type = format.path("type").asText();
        boolean object = type.equals("json_object") && !request.model().can(Skill.JSON_OBJECT);
        boolean schema = type.equals("json_schema") && !request.model().can(Skill.JSON_SCHEMA);
        if (object || schema) {
            return invalid(
                    "Invalid parameter: 'text.format' of type '"
                            + type
                            + "' is not supported with this model.",
                    "text.format",
                    null);
        }
        if (!type.equals("json_schema")) {
            return null;
        }
        var flaw = Schemas.flaw(format.path("schema"), format.path("strict").asBoolean());
        var subject = "response_format '" + format.path("name").asText() + "'";
        return flaw == null
                ? null
                : OpenAiErrors.of(flaw, subject, "text.format.schema", "invalid_json_schema");
    }
}
