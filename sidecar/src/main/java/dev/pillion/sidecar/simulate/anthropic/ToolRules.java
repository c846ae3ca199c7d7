package dev.pillion.sidecar.simulate.anthropic;

import static dev.pillion.sidecar.simulate.anthropic.AnthropicErrors.invalid;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.sidecar.simulate.anthropic.AnthropicModel.Skill;
import dev.pillion.sidecar.simulate.kit.Rule;
import dev.pillion.sidecar.simulate.kit.SchemaSubset;
import dev.pillion.sidecar.simulate.kit.Trees;
import dev.pillion.sidecar.simulate.kit.VendorError;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The tools of a request, and the choice among them. */
final class ToolRules {
    static final List<Rule<AnthropicRequest>> ALL =
            List.of(
                    ToolRules::modelHasTools,
                    ToolRules::uniqueNames,
                    ToolRules::schemas,
                    ToolRules::strictness,
                    ToolRules::serverTools,
                    ToolRules::domains,
                    ToolRules::choiceNeedsTools,
                    SettingRules::forcing);
    private static final int MAX_STRICT = 20;
    private static final Set<String> CLIENT_SIDE =
            Set.of("custom", "bash", "str_replace_editor", "str_replace_based_edit_tool", "memory");

    private ToolRules() {}

    private static @Nullable VendorError modelHasTools(AnthropicRequest request) {
        return request.tools().isEmpty() || request.model().can(Skill.TOOLS)
                ? null
                : invalid("'" + request.modelId() + "' does not support tool use.");
    }

    private static @Nullable VendorError uniqueNames(AnthropicRequest request) {
        var seen = new HashSet<String>();
        for (var tool : request.tools()) {
            var name = Trees.string(tool, "name");
            if (name != null && !seen.add(name)) {
                return invalid("tools: Tool names must be unique.");
            }
        }
        return null;
    }

    static boolean isCustom(JsonNode tool) {
        return Trees.string(tool, "type", "custom").equals("custom");
    }

    private static @Nullable VendorError schemas(AnthropicRequest request) {
        var tools = request.tools();
        for (int i = 0; i < tools.size(); i++) {
            var error = isCustom(tools.get(i)) ? SchemaRulesOfTools.tool(tools.get(i), i) : null;
            if (error != null) {
                return error;
            }
        }
        return null;
    }

    private static @Nullable VendorError strictness(AnthropicRequest request) {
        int strict = 0;
        int optional = 0;
        for (var tool : request.tools()) {
            if (tool.path("strict").asBoolean()) {
                strict++;
                optional +=
                        SchemaSubset.optionalProperties(
                                tool.path("input_schema"), SchemaRulesOfTools.CONSTRAINED);
            }
        }
        if (strict > MAX_STRICT) {
            return invalid("Too many strict tools (" + strict + ", limit: " + MAX_STRICT + ")");
        }
        return optional > SchemaRulesOfTools.MAX_OPTIONAL
                ? invalid("Schemas contains too many optional parameters (" + optional + ")")
                : null;
    }

    private static @Nullable VendorError serverTools(AnthropicRequest request) {
        for (var tool : request.tools()) {
            var type = Trees.string(tool, "type", "custom");
            boolean client = CLIENT_SIDE.stream().anyMatch(type::startsWith) || clientSide(tool);
            if (!client && !request.model().can(Skill.SERVER_TOOLS)) {
                return unsupported(request, type);
            }
            if (filters(tool, type) && !request.model().can(Skill.DYNAMIC_FILTERING)) {
                return unsupported(request, type);
            }
        }
        return null;
    }

    private static boolean clientSide(JsonNode tool) {
        var type = Trees.string(tool, "type", "");
        return type.startsWith("text_editor") || type.startsWith("computer");
    }

    /** From 2026-02-09 on the web tools run code over their results, unless called directly. */
    private static boolean filters(JsonNode tool, String type) {
        boolean web = type.startsWith("web_search_2026") || type.startsWith("web_fetch_2026");
        var callers = Trees.items(tool.get("allowed_callers"));
        boolean direct =
                !callers.isEmpty()
                        && callers.stream().allMatch(caller -> caller.asText().equals("direct"));
        return web && !direct;
    }

    private static VendorError unsupported(AnthropicRequest request, String type) {
        return invalid("'" + request.modelId() + "' does not support tool types: " + type + ".");
    }

    private static @Nullable VendorError domains(AnthropicRequest request) {
        for (var tool : request.tools()) {
            if (tool.path("allowed_domains").size() > 0
                    && tool.path("blocked_domains").size() > 0) {
                return invalid("tools: only one of allowed_domains and blocked_domains may be set");
            }
            for (var field : List.of("allowed_domains", "blocked_domains")) {
                for (var domain : Trees.items(tool.get(field))) {
                    if (domain.asText().contains("://")) {
                        return invalid("tools: " + field + ": domains must not include a scheme");
                    }
                }
            }
        }
        return null;
    }

    private static @Nullable VendorError choiceNeedsTools(AnthropicRequest request) {
        if (!Trees.has(request.body(), "tool_choice")) {
            return null;
        }
        var choice = request.toolChoice();
        boolean tools = !request.tools().isEmpty() || request.body().path("mcp_servers").size() > 0;
        if (!tools && !choice.equals("none")) {
            return invalid("tool_choice may only be specified while providing tools.");
        }
        var name = Trees.string(request.body().path("tool_choice"), "name");
        boolean known =
                name == null
                        || request.tools().stream()
                                .anyMatch(tool -> name.equals(Trees.string(tool, "name")));
        return known ? null : invalid("Tool '" + name + "' not found in provided tools");
    }
}
