package dev.pillion.adapters.openai.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.EncodeContext;
import dev.pillion.adapters.Losses;
import dev.pillion.adapters.Refusal;
import dev.pillion.adapters.openai.FormatEncoder;
import dev.pillion.adapters.openai.StrictSchema;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.Tool;
import dev.pillion.protocol.chat.ToolChoice;
import dev.pillion.protocol.wire.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Renders the tools, web search among them, and the choice among them. */
final class ItemToolsEncoder {
    private final ChatRequest request;
    private final EncodeContext context;
    private final ResponsesQuirks quirks;
    private final Losses losses;

    ItemToolsEncoder(
            ChatRequest request, EncodeContext context, ResponsesQuirks quirks, Losses losses) {
        this.request = request;
        this.context = context;
        this.quirks = quirks;
        this.losses = losses;
    }

    void encode(ObjectNode body) {
        ArrayNode tools = body.arrayNode();
        List<Tool> all = request.tools();
        for (int i = 0; i < all.size(); i++) {
            if (isOffered(all.get(i))) {
                tool(all.get(i), "/tools/" + i, tools);
            }
        }
        if (request.webSearch() != null) {
            var search = new SearchToolEncoder(request.webSearch(), quirks, losses);
            search.addTo(tools, body);
        }
        if (tools.isEmpty()) {
            if (forces(request.toolChoice())) {
                losses.lose("/tool_choice", "no tools to choose from");
            }
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

    /** A choice among some is made by offering only those, where the server can't be told. */
    private boolean isOffered(Tool tool) {
        return quirks.allowedTools()
                || !(request.toolChoice() instanceof ToolChoice.Allowed allowed)
                || allowed.names().contains(name(tool));
    }

    private static String name(Tool tool) {
        return switch (tool) {
            case Tool.Function function -> function.name();
            case Tool.Vendor vendor -> flat(vendor.definition()).path("name").asText("");
        };
    }

    private void tool(Tool tool, String at, ArrayNode tools) {
        switch (tool) {
            case Tool.Function function -> tools.add(function(function, at));
            case Tool.Vendor vendor -> {
                if (vendor.provider().equals(quirks.provider())
                        || vendor.provider().equals(context.provider())) {
                    tools.add(flat(vendor.definition()));
                } else {
                    losses.lose(at, "a tool of " + vendor.provider() + " only");
                }
            }
        }
    }

    /** A custom tool of Chat Completions says the same a level deeper. */
    private static ObjectNode flat(ObjectNode definition) {
        if (!(definition.get("custom") instanceof ObjectNode custom)) {
            return definition;
        }
        ObjectNode flat = Json.object().put("type", "custom");
        flat.setAll(custom);
        if (custom.path("format").path("grammar") instanceof ObjectNode grammar) {
            flat.putObject("format").put("type", "grammar").setAll(grammar);
        }
        return flat;
    }

    private ObjectNode function(Tool.Function tool, String at) {
        losses.loseForeign(tool.extras(), quirks.provider(), at);
        ObjectNode target = Json.object().put("type", "function").put("name", tool.name());
        if (tool.description() != null) {
            target.put("description", tool.description());
        }
        if (tool.parameters() == null) {
            target.putObject("parameters").put("type", "object").putObject("properties");
        } else {
            target.set("parameters", tool.parameters());
        }
        // Said aloud: left out, the vendor would try to make the schema a strict one.
        target.put("strict", strict(tool, at));
        ObjectNode raw = RawParts.copy(tool.extras(), quirks.provider());
        if (raw.path("strict").isNull()) {
            // Left out on this very surface: the vendor decides.
            raw.remove("strict");
            target.remove("strict");
        }
        RawParts.addTo(target, raw, tool.extras(), losses, at);
        return target;
    }

    private boolean strict(Tool.Function tool, String at) {
        if (!Boolean.TRUE.equals(tool.strict())
                || !quirks.strictSubset()
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
            case ToolChoice.Named named -> body.set("tool_choice", reference(named.name()));
            case ToolChoice.Allowed allowed -> allowed(allowed, body);
        }
    }

    private JsonNode reference(String name) {
        String type = "function";
        for (Tool tool : request.tools()) {
            if (tool instanceof Tool.Vendor vendor && name(vendor).equals(name)) {
                type = flat(vendor.definition()).path("type").asText("custom");
            }
        }
        return Json.object().put("type", type).put("name", name);
    }

    private void allowed(ToolChoice.Allowed allowed, ObjectNode body) {
        String mode = allowed.required() ? "required" : "auto";
        if (!quirks.allowedTools()) {
            body.put("tool_choice", mode);
            return;
        }
        ObjectNode choice = body.putObject("tool_choice");
        choice.put("type", "allowed_tools").put("mode", mode);
        ArrayNode tools = choice.putArray("tools");
        allowed.names().forEach(name -> tools.add(reference(name)));
    }
}
