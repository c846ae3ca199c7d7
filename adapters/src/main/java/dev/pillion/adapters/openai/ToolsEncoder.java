package dev.pillion.adapters.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.EncodeContext;
import dev.pillion.adapters.Losses;
import dev.pillion.adapters.Refusal;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.Effort;
import dev.pillion.protocol.chat.Tool;
import dev.pillion.protocol.chat.ToolChoice;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Renders the tools and the choice among them. */
final class ToolsEncoder {
    private final ChatRequest request;
    private final EncodeContext context;
    private final Quirks quirks;
    private final Losses losses;

    ToolsEncoder(ChatRequest request, EncodeContext context, Quirks quirks, Losses losses) {
        this.request = request;
        this.context = context;
        this.quirks = quirks;
        this.losses = losses;
    }

    void encode(ObjectNode body, @Nullable Effort effort) {
        if (request.tools().isEmpty()) {
            if (forces(request.toolChoice())) {
                losses.lose("/tool_choice", "no tools to choose from");
            }
            return;
        }
        if (Endpoint.refusesTools(context.model(), effort)) {
            losses.lose("/tools", "this model takes no tools on Chat Completions while it thinks");
            return;
        }
        ArrayNode tools = body.arrayNode();
        List<Tool> offered = offered();
        for (int i = 0; i < offered.size(); i++) {
            tool(offered.get(i), "/tools/" + i, tools);
        }
        if (tools.isEmpty()) {
            return;
        }
        body.set("tools", tools);
        choice(body);
        if (request.parallelTools() != null) {
            body.put("parallel_tool_calls", request.parallelTools());
        }
    }

    private static boolean forces(@Nullable ToolChoice choice) {
        return choice instanceof ToolChoice.Required
                || choice instanceof ToolChoice.Named
                || (choice instanceof ToolChoice.Allowed allowed && allowed.required());
    }

    /** All tools, or only the allowed ones where the server can't be told otherwise. */
    private List<Tool> offered() {
        if (request.toolChoice() instanceof ToolChoice.Allowed allowed && !quirks.allowedTools()) {
            return request.tools().stream()
                    .filter(tool -> allowed.names().contains(name(tool)))
                    .toList();
        }
        return request.tools();
    }

    private static String name(Tool tool) {
        return switch (tool) {
            case Tool.Function function -> function.name();
            case Tool.Vendor vendor ->
                    nested(vendor.definition()).path("custom").path("name").asText("");
        };
    }

    /** A custom tool of the Responses API says the same a level higher. */
    private static ObjectNode nested(ObjectNode definition) {
        if (!definition.path("type").asText().equals("custom") || definition.has("custom")) {
            return definition;
        }
        ObjectNode custom = definition.deepCopy();
        custom.remove("type");
        if (custom.path("format").path("type").asText().equals("grammar")) {
            ObjectNode grammar = (ObjectNode) custom.get("format");
            grammar.remove("type");
            custom.putObject("format").put("type", "grammar").set("grammar", grammar);
        }
        ObjectNode nested = definition.objectNode().put("type", "custom");
        nested.set("custom", custom);
        return nested;
    }

    private void tool(Tool tool, String at, ArrayNode tools) {
        switch (tool) {
            case Tool.Function function -> tools.add(function(function, at, tools.objectNode()));
            case Tool.Vendor vendor -> {
                if (vendor.provider().equals(Marks.SPEAKS)
                        || vendor.provider().equals(context.provider())) {
                    tools.add(nested(vendor.definition()));
                } else {
                    losses.lose(at, "a tool of " + vendor.provider() + " only");
                }
            }
        }
    }

    private ObjectNode function(Tool.Function tool, String at, ObjectNode target) {
        losses.loseForeign(tool.extras(), Marks.SPEAKS, at);
        target.put("type", "function");
        ObjectNode function = target.putObject("function");
        function.put("name", tool.name());
        if (tool.description() != null) {
            function.put("description", tool.description());
        }
        if (tool.parameters() != null) {
            function.set("parameters", tool.parameters());
        }
        if (tool.strict() != null) {
            function.put("strict", strict(tool, at));
        }
        Merge.into(target, tool.extras());
        if (target.path("strict").isNull()) {
            target.remove("strict"); // That a client of the Responses API did not say it.
        }
        return target;
    }

    private boolean strict(Tool.Function tool, String at) {
        if (!quirks.strictSubset()
                || !Boolean.TRUE.equals(tool.strict())
                || tool.parameters() == null) {
            return Boolean.TRUE.equals(tool.strict());
        }
        return FormatEncoder.insist(
                StrictSchema.problem(tool.parameters()), true, at + "/parameters", losses);
    }

    private void choice(ObjectNode body) {
        ToolChoice choice = request.toolChoice();
        if (choice == null) {
            return;
        }
        if (forces(choice) && context.model().refuses(Refusal.FORCED_TOOLS)) {
            losses.lose("/tool_choice", "this model can't be made to call a tool");
            return;
        }
        switch (choice) {
            case ToolChoice.Auto _ -> body.put("tool_choice", "auto");
            case ToolChoice.None _ -> body.put("tool_choice", "none");
            case ToolChoice.Required _ -> body.put("tool_choice", "required");
            case ToolChoice.Named named -> body.set("tool_choice", reference(named.name(), body));
            case ToolChoice.Allowed allowed -> allowed(allowed, body);
        }
    }

    private JsonNode reference(String name, ObjectNode factory) {
        String type = "function";
        for (Tool tool : request.tools()) {
            if (tool instanceof Tool.Vendor vendor && name(vendor).equals(name)) {
                type = "custom";
            }
        }
        ObjectNode reference = factory.objectNode();
        reference.put("type", type);
        reference.putObject(type).put("name", name);
        return reference;
    }

    private void allowed(ToolChoice.Allowed allowed, ObjectNode body) {
        String mode = allowed.required() ? "required" : "auto";
        if (!quirks.allowedTools()) {
            body.put("tool_choice", mode);
            return;
        }
        ObjectNode choice = body.putObject("tool_choice");
        choice.put("type", "allowed_tools");
        ObjectNode spec = choice.putObject("allowed_tools");
        spec.put("mode", mode);
        ArrayNode tools = spec.putArray("tools");
        allowed.names().forEach(name -> tools.add(reference(name, body)));
    }
}
