package dev.pillion.sidecar.simulate.openai;

import static dev.pillion.sidecar.simulate.kit.Shape.ANY;
import static dev.pillion.sidecar.simulate.kit.Shape.FILLED;
import static dev.pillion.sidecar.simulate.kit.Shape.FLAG;
import static dev.pillion.sidecar.simulate.kit.Shape.OBJECT;
import static dev.pillion.sidecar.simulate.kit.Shape.TEXT;
import static dev.pillion.sidecar.simulate.kit.Shape.choice;
import static dev.pillion.sidecar.simulate.kit.Shape.either;
import static dev.pillion.sidecar.simulate.kit.Shape.items;
import static dev.pillion.sidecar.simulate.kit.Shape.may;
import static dev.pillion.sidecar.simulate.kit.Shape.orNull;
import static dev.pillion.sidecar.simulate.kit.Shape.typed;
import static dev.pillion.sidecar.simulate.openai.InputShapes.item;

import dev.pillion.sidecar.simulate.kit.Shape;
import java.util.List;
import java.util.Map;

/** Items of the vendor's own tools and settings, as they come back in {@code input}. */
final class ServerItemShapes {
    /** Kinds of which only the type is checked. */
    private static final List<String> UNCHECKED =
            List.of(
                    "computer_call",
                    "computer_call_output",
                    "local_shell_call",
                    "local_shell_call_output",
                    "shell_call",
                    "shell_call_output",
                    "apply_patch_call",
                    "apply_patch_call_output",
                    "program",
                    "program_output");

    private ServerItemShapes() {}

    static void addTo(Map<String, Shape> all) {
        searches(all);
        mcp(all);
        toolSearch(all);
        settings(all);
        for (var type : UNCHECKED) {
            all.put(type, OBJECT);
        }
    }

    private static void searches(Map<String, Shape> all) {
        var source = may("type", TEXT).may("url", orNull(TEXT)).may("name", orNull(TEXT));
        var action =
                ChatShapes.tagged(
                        Map.of(
                                "search",
                                typed("search")
                                        .may("query", orNull(TEXT))
                                        .may("queries", orNull(items(TEXT)))
                                        .may("sources", orNull(items(source))),
                                "open_page",
                                typed("open_page").may("url", orNull(TEXT)),
                                "find_in_page",
                                typed("find_in_page").must("url", TEXT).must("pattern", TEXT)));
        all.put(
                "web_search_call",
                item("web_search_call").must("id", FILLED).may("action", orNull(action)));
        all.put(
                "file_search_call",
                item("file_search_call")
                        .must("id", FILLED)
                        .must("queries", items(TEXT))
                        .may("results", orNull(items(OBJECT))));
        all.put(
                "code_interpreter_call",
                item("code_interpreter_call")
                        .must("id", FILLED)
                        .must("container_id", FILLED)
                        .may("code", orNull(TEXT))
                        .may("outputs", orNull(items(OBJECT))));
        all.put(
                "image_generation_call",
                item("image_generation_call")
                        .must("id", FILLED)
                        .may("result", orNull(TEXT))
                        .may("revised_prompt", orNull(TEXT))
                        .may("size", orNull(TEXT))
                        .may("quality", orNull(TEXT))
                        .may("background", orNull(TEXT))
                        .may("action", orNull(TEXT))
                        .may("output_format", orNull(TEXT))
                        .may("error", orNull(ANY)));
    }

    private static void mcp(Map<String, Shape> all) {
        all.put(
                "mcp_list_tools",
                item("mcp_list_tools")
                        .must("id", FILLED)
                        .must("server_label", FILLED)
                        .must("tools", items(OBJECT))
                        .may("error", orNull(ANY)));
        all.put(
                "mcp_call",
                item("mcp_call")
                        .must("id", FILLED)
                        .must("server_label", FILLED)
                        .must("name", FILLED)
                        .must("arguments", TEXT)
                        .may("approval_request_id", orNull(FILLED))
                        .may("output", orNull(TEXT))
                        .may("error", orNull(ANY)));
        all.put(
                "mcp_approval_request",
                item("mcp_approval_request")
                        .must("id", FILLED)
                        .must("server_label", FILLED)
                        .must("name", FILLED)
                        .must("arguments", TEXT));
        all.put(
                "mcp_approval_response",
                item("mcp_approval_response")
                        .must("approval_request_id", FILLED)
                        .must("approve", FLAG)
                        .may("reason", orNull(TEXT)));
    }

    private static void toolSearch(Map<String, Shape> all) {
        var execution = orNull(choice("client", "server"));
        all.put(
                "tool_search_call",
                item("tool_search_call")
                        .must("arguments", either(OBJECT, TEXT))
                        .may("call_id", orNull(FILLED))
                        .may("execution", execution));
        all.put(
                "tool_search_output",
                item("tool_search_output")
                        .must("tools", items(ResponsesToolShapes.TOOL))
                        .may("call_id", orNull(FILLED))
                        .may("execution", execution));
        all.put(
                "additional_tools",
                item("additional_tools")
                        .must("role", choice("developer"))
                        .must("tools", items(ResponsesToolShapes.TOOL)));
    }

    private static void settings(Map<String, Shape> all) {
        all.put("compaction", item("compaction").must("encrypted_content", FILLED));
        all.put("compaction_trigger", item("compaction_trigger"));
        all.put(
                "configuration_update",
                item("configuration_update")
                        .may("reasoning", orNull(SettingShapes.reasoning()))
                        .may("text", orNull(may("format", SettingShapes.format()))));
    }
}
