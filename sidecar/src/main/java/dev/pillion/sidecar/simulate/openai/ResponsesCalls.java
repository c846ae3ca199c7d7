package dev.pillion.sidecar.simulate.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.sidecar.simulate.kit.Ids;
import dev.pillion.sidecar.simulate.kit.ToolUse;
import dev.pillion.sidecar.simulate.kit.ToolUse.Tool;
import dev.pillion.sidecar.simulate.kit.Trees;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The calls that the simulated model makes on Responses; a deferred tool is searched for first. */
final class ResponsesCalls {
    private final Ids ids;

    ResponsesCalls(Ids ids) {
        this.ids = ids;
    }

    /** The items of all calls, often none. */
    List<ObjectNode> of(ResponsesRequest request, String text) {
        var wish = wish(request);
        boolean answered = !wish.forced() && !request.conversation().results().isEmpty();
        if (request.toolChoice().equals("none") || answered) {
            return List.of();
        }
        var items = new ArrayList<ObjectNode>();
        for (var call : ToolUse.calls(tools(request), wish, text)) {
            if (items.isEmpty()) {
                items.addAll(search(request, call.tool().name()));
            }
            items.add(item(request, call));
        }
        return items;
    }

    private static ToolUse.Choice wish(ResponsesRequest request) {
        var choice = request.body().path("tool_choice");
        var kind = request.toolChoice();
        boolean named = kind.equals("function") || kind.equals("custom");
        boolean must = choice.path("mode").asText().equals("required");
        var allowed = Trees.items(choice.get("tools"));
        return new ToolUse.Choice(
                named || must || kind.equals("required"),
                named ? Trees.string(choice, "name") : null,
                allowed.stream().map(tool -> Trees.string(tool, "name", "")).toList(),
                request.body().path("parallel_tool_calls").asBoolean(true));
    }

    private static List<Tool> tools(ResponsesRequest request) {
        var tools = new ArrayList<Tool>();
        for (var tool : request.tools()) {
            var name = tool.path("name").asText();
            switch (tool.path("type").asText()) {
                case "function" -> tools.add(Tool.function(name, tool.path("parameters")));
                case "custom" -> tools.add(new Tool(name, null));
                default -> {
                    // The vendor's own tools are no calls of the client's.
                }
            }
        }
        return tools;
    }

    /** What the vendor does to find a tool that was sent to be found. */
    private List<ObjectNode> search(ResponsesRequest request, String name) {
        var searching = request.tool("tool_search");
        boolean client = searching != null && searching.path("execution").asText().equals("client");
        if (searching == null || client) {
            return List.of();
        }
        for (var tool : Trees.items(request.body().get("tools"))) {
            boolean same = tool.path("name").asText().equals(name);
            if (same && tool.path("defer_loading").asBoolean()) {
                var call = searchItem("tool_search_call", "tsc_");
                call.putObject("arguments").putArray("paths").add(name);
                var output = searchItem("tool_search_output", "tso_");
                output.putArray("tools").add(tool);
                return List.of(call, output);
            }
        }
        return List.of();
    }

    private ObjectNode searchItem(String type, String prefix) {
        return Trees.object()
                .put("id", ids.nextHex(prefix))
                .put("type", type)
                .put("status", "completed")
                .put("execution", "server")
                .putNull("call_id");
    }

    private ObjectNode item(ResponsesRequest request, ToolUse.Call call) {
        boolean free = call.tool().schema() == null;
        var item =
                Trees.object()
                        .put("id", ids.nextHex(free ? "ctc_" : "fc_"))
                        .put("type", free ? "custom_tool_call" : "function_call")
                        .put("status", "completed")
                        .put(free ? "input" : "arguments", call.input())
                        .put("call_id", ids.next("call_"))
                        .put("name", call.tool().name());
        var space = namespaces(request.body().path("tools")).get(call.tool().name());
        return space == null ? item : item.put("namespace", space);
    }

    /** Tools that are found by search, and those in a namespace, are called with one. */
    private static Map<String, String> namespaces(JsonNode tools) {
        var spaces = new HashMap<String, String>();
        for (var tool : Trees.items(tools)) {
            var name = tool.path("name").asText();
            if (tool.path("defer_loading").asBoolean()) {
                spaces.put(name, name);
            }
            for (var inner : Trees.items(tool.get("tools"))) {
                spaces.put(inner.path("name").asText(), name);
            }
        }
        return spaces;
    }
}
