package dev.pillion.sidecar.simulate.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.sidecar.simulate.anthropic.AnthropicAnswerer.Said;
import dev.pillion.sidecar.simulate.kit.Ids;
import dev.pillion.sidecar.simulate.kit.SimulatedWeb;
import dev.pillion.sidecar.simulate.kit.SimulatedWeb.Page;
import dev.pillion.sidecar.simulate.kit.Trees;
import dev.pillion.sidecar.simulate.kit.Wording;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The vendor's web search: three pages that are always found, two of them cited. */
final class AnthropicSearch {
    private final Ids ids;
    private final AnthropicSeals seals;

    AnthropicSearch(Ids ids, AnthropicSeals seals) {
        this.ids = ids;
        this.seals = seals;
    }

    static @Nullable JsonNode tool(AnthropicRequest request) {
        for (var tool : request.tools()) {
            if (Trees.string(tool, "type", "").startsWith("web_search_")) {
                return tool;
            }
        }
        return null;
    }

    Said said(AnthropicRequest request, JsonNode tool, String text) {
        var last = request.lastTurn();
        var open = last == null ? null : ServerToolRules.unanswered(last).orElse(null);
        if (open != null) {
            return new Said(found(tool, open.text("id")), "end_turn", 1);
        }
        var content = new ArrayList<ObjectNode>();
        content.add(AnthropicAnswerer.text("I'll look that up."));
        var id = ids.next("srvtoolu_");
        content.add(use(id, text));
        if (text.contains("SIMULATE_PAUSE_TURN")) {
            return new Said(content, "pause_turn", 0);
        }
        if (text.contains("SIMULATE_SEARCH_ERROR")) {
            var error =
                    Trees.object()
                            .put("type", "web_search_tool_result_error")
                            .put("error_code", "unavailable");
            content.add(result(id, error));
            content.add(AnthropicAnswerer.text("The search is not available right now."));
            return new Said(content, "end_turn", 1);
        }
        content.addAll(found(tool, id));
        return new Said(content, "end_turn", 1);
    }

    private static ObjectNode use(String id, String text) {
        var use =
                Trees.object()
                        .put("type", "server_tool_use")
                        .put("id", id)
                        .put("name", "web_search");
        use.putObject("input").put("query", Wording.shorten(text.strip()));
        return use;
    }

    private static ObjectNode result(String id, JsonNode content) {
        var result = Trees.object().put("type", "web_search_tool_result").put("tool_use_id", id);
        result.set("content", content);
        return result;
    }

    private List<ObjectNode> found(JsonNode tool, String id) {
        var pages =
                SimulatedWeb.find(
                        texts(tool.path("allowed_domains")), texts(tool.path("blocked_domains")));
        var results = Trees.array();
        for (var page : pages) {
            var url = page.url();
            results.addObject()
                    .put("type", "web_search_result")
                    .put("title", page.title())
                    .put("url", url)
                    .put("encrypted_content", seals.encrypt(url))
                    .put("page_age", pages.indexOf(page) == 0 ? "3 days ago" : null);
        }
        var content = new ArrayList<ObjectNode>();
        content.add(result(id, results));
        content.add(AnthropicAnswerer.text("Based on what I found, "));
        for (var page : pages.subList(0, Math.min(2, pages.size()))) {
            content.add(cited(page));
            content.add(AnthropicAnswerer.text("; "));
        }
        content.set(content.size() - 1, AnthropicAnswerer.text("."));
        return content;
    }

    private ObjectNode cited(Page page) {
        var block = AnthropicAnswerer.text(page.said());
        block.putArray("citations")
                .addObject()
                .put("type", "web_search_result_location")
                .put("cited_text", page.cited())
                .put("url", page.url())
                .put("title", page.title())
                .put("encrypted_index", seals.encrypt(page.url()));
        return block;
    }

    private static List<String> texts(JsonNode array) {
        return Trees.items(array).stream().map(JsonNode::asText).toList();
    }
}
