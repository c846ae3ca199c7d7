package dev.pillion.sidecar.simulate.openai;

import static dev.pillion.sidecar.simulate.kit.Shape.FILLED;
import static dev.pillion.sidecar.simulate.kit.Shape.FLAG;
import static dev.pillion.sidecar.simulate.kit.Shape.OBJECT;
import static dev.pillion.sidecar.simulate.kit.Shape.TEXT;
import static dev.pillion.sidecar.simulate.kit.Shape.choice;
import static dev.pillion.sidecar.simulate.kit.Shape.either;
import static dev.pillion.sidecar.simulate.kit.Shape.items;
import static dev.pillion.sidecar.simulate.kit.Shape.may;
import static dev.pillion.sidecar.simulate.kit.Shape.must;
import static dev.pillion.sidecar.simulate.kit.Shape.orNull;
import static dev.pillion.sidecar.simulate.kit.Shape.typed;

import dev.pillion.sidecar.simulate.kit.Shape;
import dev.pillion.sidecar.simulate.kit.Shape.Fields;
import dev.pillion.sidecar.simulate.kit.Shape.Whole;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Tools of a request to Responses, and the choice among them: flat, unlike those of Chat. */
final class ResponsesToolShapes {
    private static final int MAX_TOOLS = 128;
    private static final Shape NAME = SettingShapes.NAME;
    private static final List<String> SEARCHES = List.of("web_search", "web_search_2025_08_26");
    private static final List<String> PREVIEWS =
            List.of("web_search_preview", "web_search_preview_2025_03_11");
    private static final List<String> UNCHECKED =
            List.of("computer", "computer_use_preview", "shell");

    static final Shape TOOL = tool();
    static final Shape CHOICE = toolChoice();

    private ResponsesToolShapes() {}

    private static Shape tool() {
        var all = new LinkedHashMap<String, Shape>();
        all.put("function", function());
        all.put("custom", custom());
        all.put(
                "namespace",
                typed("namespace")
                        .must("name", NAME)
                        .must("description", TEXT)
                        .must(
                                "tools",
                                items(
                                        ChatShapes.tagged(
                                                Map.of("function", function(), "custom", custom())),
                                        1,
                                        MAX_TOOLS)));
        searches(all);
        hosted(all);
        all.put(
                "tool_search",
                typed("tool_search")
                        .may("execution", orNull(choice("client", "server")))
                        .may("description", orNull(TEXT))
                        .may("parameters", orNull(OBJECT)));
        for (var bare : List.of("local_shell", "apply_patch", "programmatic_tool_calling")) {
            all.put(bare, typed(bare));
        }
        for (var type : UNCHECKED) {
            all.put(type, OBJECT);
        }
        return ChatShapes.tagged(all);
    }

    private static Fields function() {
        return typed("function")
                .must("name", NAME)
                .must("parameters", orNull(OBJECT))
                .may("description", orNull(TEXT))
                .may("strict", orNull(FLAG))
                .may("output_schema", orNull(OBJECT))
                .may("defer_loading", orNull(FLAG))
                .may("allowed_callers", orNull(items(choice("direct", "programmatic"))))
                .may("async", orNull(FLAG));
    }

    private static Fields custom() {
        var grammar =
                typed("grammar").must("syntax", choice("lark", "regex")).must("definition", FILLED);
        var format = ChatShapes.tagged(Map.of("text", typed("text"), "grammar", grammar));
        return typed("custom")
                .must("name", NAME)
                .may("description", orNull(TEXT))
                .may("format", orNull(format))
                .may("defer_loading", orNull(FLAG));
    }

    private static void searches(Map<String, Shape> all) {
        var place =
                typed("approximate")
                        .may("city", orNull(TEXT))
                        .may("country", orNull(TEXT))
                        .may("region", orNull(TEXT))
                        .may("timezone", orNull(TEXT));
        var domains = orNull(items(FILLED, 0, 100));
        var size = orNull(choice("low", "medium", "high"));
        for (var type : SEARCHES) {
            all.put(
                    type,
                    typed(type)
                            .may("search_context_size", size)
                            .may("external_web_access", orNull(FLAG))
                            .may("user_location", orNull(place))
                            .may(
                                    "filters",
                                    orNull(
                                            may("allowed_domains", domains)
                                                    .may("blocked_domains", domains))));
        }
        for (var type : PREVIEWS) {
            all.put(
                    type,
                    typed(type)
                            .may("search_context_size", size)
                            .may("user_location", orNull(place)));
        }
    }

    private static void hosted(Map<String, Shape> all) {
        all.put(
                "file_search",
                typed("file_search")
                        .must("vector_store_ids", items(FILLED, 1, 100))
                        .may("max_num_results", orNull(new Whole(1, 50)))
                        .may("filters", orNull(OBJECT))
                        .may("ranking_options", orNull(OBJECT)));
        var container =
                typed("auto")
                        .may("file_ids", orNull(items(FILLED)))
                        .may("memory_limit", orNull(FILLED))
                        .may("network_policy", orNull(OBJECT));
        all.put(
                "code_interpreter",
                typed("code_interpreter").must("container", either(FILLED, container)));
        all.put("image_generation", imageGeneration());
        var filter = may("tool_names", orNull(items(FILLED))).may("read_only", orNull(FLAG));
        all.put(
                "mcp",
                typed("mcp")
                        .must("server_label", FILLED)
                        .may("server_url", orNull(FILLED))
                        .may("connector_id", orNull(FILLED))
                        .may("tunnel_id", orNull(FILLED))
                        .may("server_description", orNull(TEXT))
                        .may("authorization", orNull(TEXT))
                        .may("headers", orNull(OBJECT))
                        .may("allowed_tools", orNull(either(items(FILLED), filter)))
                        .may("require_approval", orNull(either(choice("always", "never"), OBJECT)))
                        .may("defer_loading", orNull(FLAG)));
    }

    private static Fields imageGeneration() {
        var shape = typed("image_generation");
        for (var field :
                List.of(
                        "action",
                        "background",
                        "input_fidelity",
                        "model",
                        "moderation",
                        "output_format",
                        "quality",
                        "size")) {
            shape = shape.may(field, orNull(FILLED));
        }
        return shape.may("input_image_mask", orNull(OBJECT))
                .may("output_compression", orNull(new Whole(0, 100)))
                .may("partial_images", orNull(new Whole(0, 3)));
    }

    private static Fields allowed() {
        return must("type", FILLED).may("name", FILLED).may("server_label", FILLED);
    }

    private static Shape toolChoice() {
        var all = new LinkedHashMap<String, Shape>();
        var function = typed("function").must("name", NAME);
        var custom = typed("custom").must("name", NAME);
        all.put("function", function);
        all.put("custom", custom);
        all.put(
                "allowed_tools",
                typed("allowed_tools")
                        .must("mode", choice("auto", "required"))
                        .must("tools", items(allowed(), 1, MAX_TOOLS)));
        all.put("mcp", typed("mcp").must("server_label", FILLED).may("name", orNull(FILLED)));
        for (var type :
                List.of(
                        "file_search",
                        "web_search",
                        "web_search_2025_08_26",
                        "web_search_preview",
                        "web_search_preview_2025_03_11",
                        "computer",
                        "computer_use_preview",
                        "image_generation",
                        "code_interpreter",
                        "apply_patch",
                        "shell",
                        "programmatic_tool_calling")) {
            all.put(type, typed(type));
        }
        return either(choice("none", "auto", "required"), ChatShapes.tagged(all));
    }
}
