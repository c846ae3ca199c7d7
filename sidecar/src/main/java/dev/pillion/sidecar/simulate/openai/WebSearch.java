package dev.pillion.sidecar.simulate.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.sidecar.simulate.kit.SimulatedWeb;
import dev.pillion.sidecar.simulate.kit.SimulatedWeb.Page;
import dev.pillion.sidecar.simulate.kit.Trees;
import dev.pillion.sidecar.simulate.kit.Wording;
import java.util.List;

/** The vendor's web search on Responses: cited by links in the text. Offsets count code points. */
final class WebSearch {
    private WebSearch() {}

    static ObjectNode call(ResponsesRequest request, String id, JsonNode tool, String text) {
        var query = Wording.shorten(text.strip());
        var call =
                Trees.object()
                        .put("id", id)
                        .put("type", "web_search_call")
                        .put("status", "completed");
        var action = call.putObject("action").put("type", "search").put("query", query);
        action.putArray("queries").add(query);
        if (request.includes("web_search_call.action.sources")) {
            var sources = action.putArray("sources");
            for (var page : pages(tool)) {
                sources.addObject().put("type", "url").put("url", page.url());
            }
        }
        return call;
    }

    /** The part that tells what was found. */
    static ObjectNode answer(JsonNode tool, String question) {
        var text =
                new StringBuilder("On “" + Wording.shorten(question.strip()) + "” the web says: ");
        var part = Trees.object().put("type", "output_text");
        var annotations = part.putArray("annotations");
        for (var page : pages(tool).stream().limit(2).toList()) {
            text.append(page.said()).append(". ");
            int start = codePoints(text);
            text.append("([").append(page.domain()).append("](").append(page.url()).append("))");
            annotations
                    .addObject()
                    .put("type", "url_citation")
                    .put("end_index", codePoints(text))
                    .put("start_index", start)
                    .put("title", page.title())
                    .put("url", page.url());
            text.append("\n\n");
        }
        part.putArray("logprobs");
        return part.put("text", text.toString().strip());
    }

    private static List<Page> pages(JsonNode tool) {
        var filters = tool.path("filters");
        return SimulatedWeb.find(
                texts(filters.path("allowed_domains")), texts(filters.path("blocked_domains")));
    }

    private static List<String> texts(JsonNode array) {
        return Trees.items(array).stream().map(JsonNode::asText).toList();
    }

    private static int codePoints(StringBuilder text) {
        return text.codePointCount(0, text.length());
    }
}
