package dev.pillion.sidecar.simulate.anthropic;

import static dev.pillion.sidecar.simulate.anthropic.BlockShapes.CACHE_CONTROL;
import static dev.pillion.sidecar.simulate.kit.Shape.ANY;
import static dev.pillion.sidecar.simulate.kit.Shape.FILLED;
import static dev.pillion.sidecar.simulate.kit.Shape.FLAG;
import static dev.pillion.sidecar.simulate.kit.Shape.OBJECT;
import static dev.pillion.sidecar.simulate.kit.Shape.TEXT;
import static dev.pillion.sidecar.simulate.kit.Shape.choice;
import static dev.pillion.sidecar.simulate.kit.Shape.items;
import static dev.pillion.sidecar.simulate.kit.Shape.may;
import static dev.pillion.sidecar.simulate.kit.Shape.orNull;
import static dev.pillion.sidecar.simulate.kit.Shape.typed;

import dev.pillion.sidecar.simulate.kit.Shape;
import dev.pillion.sidecar.simulate.kit.Shape.Fields;
import dev.pillion.sidecar.simulate.kit.Shape.Tagged;
import dev.pillion.sidecar.simulate.kit.Shape.Whole;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The tools of a request: the caller's own, and those that Anthropic defines. */
final class ToolShapes {
    static final Shape NAME = Shape.matching("[a-zA-Z0-9_-]{1,128}", 128);
    private static final Shape CALLERS =
            items(
                    choice(
                            "direct",
                            "code_execution_20250825",
                            "code_execution_20260120",
                            "code_execution_20260521"));
    private static final Whole POSITIVE = new Whole(1, Integer.MAX_VALUE);
    private static final Shape DOMAINS = orNull(items(FILLED));
    private static final Shape LOCATION =
            orNull(
                    typed("approximate")
                            .may("city", orNull(TEXT))
                            .may("region", orNull(TEXT))
                            .may("country", orNull(TEXT))
                            .may("timezone", orNull(TEXT)));

    private ToolShapes() {}

    static Shape tools(Set<Beta> betas) {
        var all = new LinkedHashMap<String, Shape>();
        all.put("custom", custom());
        plain(all, "bash", "bash_20250124");
        plain(all, "str_replace_editor", "text_editor_20250124");
        plain(all, "str_replace_based_edit_tool", "text_editor_20250429");
        all.put(
                "text_editor_20250728",
                named("text_editor_20250728", "str_replace_based_edit_tool")
                        .may("max_characters", orNull(POSITIVE)));
        plain(all, "memory", "memory_20250818");
        toolsets(all);
        searches(all);
        fetches(all);
        plain(
                all,
                "code_execution",
                "code_execution_20250522",
                "code_execution_20250825",
                "code_execution_20260120",
                "code_execution_20260521");
        plain(
                all,
                "tool_search_tool_regex",
                "tool_search_tool_regex_20251119",
                "tool_search_tool_regex");
        plain(
                all,
                "tool_search_tool_bm25",
                "tool_search_tool_bm25_20251119",
                "tool_search_tool_bm25");
        betaTools(all, betas);
        return new Tagged("type", all, custom());
    }

    private static Fields custom() {
        return common(
                Shape.must("name", NAME)
                        .must("input_schema", OBJECT)
                        .may("type", orNull(choice("custom")))
                        .may("description", TEXT)
                        .may("eager_input_streaming", orNull(FLAG))
                        .may("input_examples", items(OBJECT)));
    }

    private static Fields common(Fields fields) {
        return fields.may("cache_control", CACHE_CONTROL)
                .may("strict", FLAG)
                .may("defer_loading", FLAG)
                .may("allowed_callers", CALLERS);
    }

    private static Fields named(String type, String name) {
        return common(typed(type).must("name", choice(name)));
    }

    private static void plain(Map<String, Shape> all, String name, String... types) {
        for (var type : types) {
            all.put(type, named(type, name));
        }
    }

    private static void toolsets(Map<String, Shape> all) {
        for (var type : new String[] {"computer_toolset_20260801", "browser_toolset_20260801"}) {
            all.put(type, common(typed(type).may("configs", ANY)));
        }
    }

    private static void searches(Map<String, Shape> all) {
        for (var type : new String[] {"web_search_20250305", "web_search_20260209"}) {
            all.put(type, search(type));
        }
        all.put(
                "web_search_20260318",
                search("web_search_20260318")
                        .may("response_inclusion", orNull(choice("full", "excluded"))));
    }

    private static Fields search(String type) {
        return named(type, "web_search")
                .may("max_uses", orNull(POSITIVE))
                .may("allowed_domains", DOMAINS)
                .may("blocked_domains", DOMAINS)
                .may("user_location", LOCATION);
    }

    private static void fetches(Map<String, Shape> all) {
        for (var type : new String[] {"web_fetch_20250910", "web_fetch_20260209"}) {
            all.put(type, fetch(type));
        }
        all.put("web_fetch_20260309", fetch("web_fetch_20260309").may("use_cache", FLAG));
        all.put(
                "web_fetch_20260318",
                fetch("web_fetch_20260318")
                        .may("use_cache", FLAG)
                        .may("response_inclusion", orNull(choice("full", "excluded"))));
    }

    private static Fields fetch(String type) {
        return named(type, "web_fetch")
                .may("max_uses", orNull(POSITIVE))
                .may("allowed_domains", DOMAINS)
                .may("blocked_domains", DOMAINS)
                .may("citations", orNull(may("enabled", FLAG)))
                .may("max_content_tokens", orNull(POSITIVE))
                .may("url_sources", orNull(OBJECT));
    }

    private static void betaTools(Map<String, Shape> all, Set<Beta> betas) {
        if (betas.contains(Beta.MCP)) {
            all.put(
                    "mcp_toolset",
                    typed("mcp_toolset")
                            .must("mcp_server_name", FILLED)
                            .may("configs", ANY)
                            .may("default_config", ANY)
                            .may("cache_control", CACHE_CONTROL));
        }
        if (betas.contains(Beta.ADVISOR)) {
            all.put(
                    "advisor_20260301",
                    named("advisor_20260301", "advisor")
                            .must("model", FILLED)
                            .may("max_tokens", orNull(POSITIVE))
                            .may("max_uses", orNull(POSITIVE))
                            .may("caching", ANY));
        }
        if (betas.contains(Beta.COMPUTER_USE)) {
            plain(all, "bash", "bash_20241022");
            plain(all, "str_replace_editor", "text_editor_20241022");
            for (var date : new String[] {"20241022", "20250124", "20251124"}) {
                all.put(
                        "computer_" + date,
                        named("computer_" + date, "computer")
                                .must("display_width_px", POSITIVE)
                                .must("display_height_px", POSITIVE)
                                .may("display_number", orNull(Shape.COUNT))
                                .may("enable_zoom", FLAG));
            }
        }
    }
}
