package dev.pillion.sidecar.simulate.xai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.sidecar.simulate.kit.SimulatedWeb;
import dev.pillion.sidecar.simulate.kit.SimulatedWeb.Page;
import dev.pillion.sidecar.simulate.kit.Trees;
import dev.pillion.sidecar.simulate.kit.Wording;
import java.util.ArrayList;
import java.util.List;

/**
 * The vendor's searches, of the web and of X. Citations are numbered markers in the text; a
 * citation's title is its number, and offsets count code points.
 */
final class XaiSearch {
    private static final int CITED = 2;
    private static final Page POST =
            new Page(
                    "x.com",
                    "/i/status/1990000000000000001",
                    "",
                    "grüezi 👋",
                    "a post on X says “grüezi 👋”");

    private final XaiResponsesRequest request;
    private final String text;

    XaiSearch(XaiResponsesRequest request, String text) {
        this.request = request;
        this.text = text;
    }

    /** Whether one of the searches may be used. */
    boolean offered() {
        return request.tool("web_search") != null || request.tool("x_search") != null;
    }

    /**
     * The searches as items, already run.
     *
     * @param uuid of the response, which the items' ids are made of
     * @param callId of the calls, but for their number
     */
    List<ObjectNode> calls(String uuid, String callId) {
        var calls = new ArrayList<ObjectNode>();
        var query = Wording.shorten(text.strip());
        var web = request.tool("web_search");
        if (web != null) {
            var call =
                    Trees.object()
                            .put("id", "ws_" + uuid + "_" + callId + calls.size())
                            .put("type", "web_search_call")
                            .put("status", "completed");
            var action = call.putObject("action").put("type", "search").put("query", query);
            // They come unasked too.
            var sources = action.putArray("sources");
            pages(web).forEach(p -> sources.addObject().put("type", "url").put("url", p.url()));
            calls.add(call);
        }
        if (request.tool("x_search") != null) {
            var input = Trees.write(Trees.object().put("query", query).put("limit", "5"));
            calls.add(
                    Trees.object()
                            .put("id", "ctc_" + uuid + "_" + callId + calls.size())
                            .put("type", "custom_tool_call")
                            .put("status", "completed")
                            .put("call_id", "xs_" + callId + calls.size())
                            .put("name", "x_keyword_search")
                            .put("input", input));
        }
        return calls;
    }

    /** How many sources were looked at. */
    int sources() {
        return found().size();
    }

    /** The part that tells what was found. */
    ObjectNode answer() {
        var said = new StringBuilder("On “" + Wording.shorten(text.strip()) + "”: ");
        var annotations = Trees.array();
        boolean inline = !request.includes("no_inline_citations");
        var found = found();
        for (int i = 0; i < found.size(); i++) {
            var page = found.get(i);
            var annotation = Trees.object().put("type", "url_citation").put("url", page.url());
            if (i >= CITED || !inline) {
                // Visited, and not cited at any place.
                annotation.put("title", page.url()).put("start_index", 0).put("end_index", 0);
            }
            if (i < CITED) {
                said.append(page.said()).append('.');
            }
            if (i < CITED && inline) {
                int start = codePoints(said);
                said.append("[[").append(i + 1).append("]](").append(page.url()).append(')');
                annotation.put("title", Integer.toString(i + 1));
                annotation.put("start_index", start).put("end_index", codePoints(said));
            }
            said.append(i < CITED ? " " : "");
            annotations.add(annotation);
        }
        var part = Trees.object().put("type", "output_text").put("text", said.toString().strip());
        part.putArray("logprobs");
        return part.set("annotations", annotations);
    }

    private List<Page> found() {
        var found = new ArrayList<Page>();
        if (request.tool("x_search") != null) {
            found.add(POST);
        }
        var web = request.tool("web_search");
        if (web != null) {
            found.addAll(pages(web));
        }
        return found;
    }

    private static List<Page> pages(JsonNode tool) {
        var filters = tool.path("filters");
        var allowed = texts(tool.path("allowed_domains"));
        allowed.addAll(texts(filters.path("allowed_domains")));
        var excluded = texts(tool.path("excluded_domains"));
        excluded.addAll(texts(filters.path("excluded_domains")));
        return SimulatedWeb.find(allowed, excluded);
    }

    private static List<String> texts(JsonNode array) {
        var texts = new ArrayList<String>();
        Trees.items(array).forEach(item -> texts.add(item.asText()));
        return texts;
    }

    private static int codePoints(StringBuilder text) {
        return text.codePointCount(0, text.length());
    }
}
