package dev.pillion.sidecar.simulate.gemini;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.sidecar.simulate.gemini.GeminiModel.Skill;
import dev.pillion.sidecar.simulate.kit.Ids;
import dev.pillion.sidecar.simulate.kit.Seals;
import dev.pillion.sidecar.simulate.kit.SimulatedWeb;
import dev.pillion.sidecar.simulate.kit.Trees;
import dev.pillion.sidecar.simulate.kit.Wording;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** What the vendor's own tools bring: search with grounding, pages, code that was run. */
final class ServerTools {
    private static final List<SimulatedWeb.Page> WEB = SimulatedWeb.PAGES.subList(0, 2);
    private static final String REDIRECT =
            "https://vertexaisearch.cloud.google.com/grounding-api-redirect/";
    private static final Pattern URL = Pattern.compile("https?://[^\\s\"'<>)]+");
    private static final int MAX_URLS = 20;
    private static final int URL_TOKENS = 500;
    private static final int CODE_TOKENS = 60;

    private ServerTools() {}

    /** The text of a grounded answer; its first word is grounded already. */
    static String grounded(String question) {
        var text = new StringBuilder();
        WEB.forEach(page -> text.append(page.said()).append(". "));
        return text.append(conclusion(question)).toString();
    }

    private static String conclusion(String question) {
        return "That is what the web says on “" + Wording.shorten(question.strip()) + "”.";
    }

    /**
     * Where the answer's words are from; the last ones from both pages. Offsets count bytes of
     * UTF-8, and 0 is left out.
     */
    static ObjectNode grounding(String question) {
        var metadata = Trees.object();
        metadata.putArray("webSearchQueries").add(Wording.shorten(question.strip()));
        metadata.putObject("searchEntryPoint")
                .put("renderedContent", "<div class=\"container\">Search</div>");
        var chunks = metadata.putArray("groundingChunks");
        var supports = metadata.putArray("groundingSupports");
        int start = 0;
        for (int i = 0; i < WEB.size(); i++) {
            var page = WEB.get(i);
            chunks.addObject()
                    .putObject("web")
                    .put("uri", REDIRECT + "AUZIYQ" + Seals.digest(page.url()))
                    .put("title", page.domain());
            start = 1 + support(supports.addObject(), start, page.said() + ".", i);
        }
        var last = supports.addObject();
        support(last, start, conclusion(question), 0);
        last.withArray("groundingChunkIndices").add(1);
        return metadata;
    }

    /** Where the text ends, in bytes. */
    private static int support(ObjectNode support, int start, String text, int chunk) {
        int end = start + text.getBytes(StandardCharsets.UTF_8).length;
        var segment = support.putObject("segment");
        if (start > 0) {
            segment.put("startIndex", start);
        }
        segment.put("endIndex", end).put("text", text);
        support.putArray("groundingChunkIndices").add(chunk);
        return end;
    }

    /** The search as parts of its own, which a client that asked for them sends back. */
    static void showSearch(String question, List<ObjectNode> parts, Ids ids) {
        var id = id(ids);
        var call = Trees.object();
        call.putObject("toolCall")
                .put("toolType", "GOOGLE_SEARCH_WEB")
                .put("id", id)
                .putObject("args")
                .putArray("queries")
                .add(Wording.shorten(question.strip()));
        parts.add(call);
        var response = Trees.object();
        response.putObject("toolResponse")
                .put("toolType", "GOOGLE_SEARCH_WEB")
                .put("id", id)
                .putObject("response")
                .put("search_suggestions", "<div class=\"container\">Search</div>");
        parts.add(response);
    }

    static int runCode(GeminiRequest request, List<ObjectNode> parts, Ids ids) {
        boolean named = request.model().can(Skill.CALL_IDS);
        var id = id(ids);
        var code = Trees.object();
        var executable =
                code.putObject("executableCode")
                        .put("language", "PYTHON")
                        .put("code", "print(sum(range(10)))\n");
        var result = Trees.object();
        var outcome =
                result.putObject("codeExecutionResult")
                        .put("outcome", "OUTCOME_OK")
                        .put("output", "45\n");
        if (named) {
            executable.put("id", id);
            outcome.put("id", id);
        }
        parts.add(code);
        parts.add(result);
        return CODE_TOKENS;
    }

    private static String id(Ids ids) {
        return ids.next("").substring(2, 10).toLowerCase(Locale.ROOT);
    }

    /** The pages that the prompt names; the first of every four is behind a wall. */
    static int readUrls(String text, ObjectNode extra) {
        var urls = URL.matcher(text).results().limit(MAX_URLS).map(match -> match.group()).toList();
        if (urls.isEmpty()) {
            return 0;
        }
        var read = extra.putObject("urlContextMetadata").putArray("urlMetadata");
        for (var url : urls) {
            boolean wall = url.contains("paywall");
            read.addObject()
                    .put("retrievedUrl", url)
                    .put(
                            "urlRetrievalStatus",
                            "URL_RETRIEVAL_STATUS_" + (wall ? "PAYWALL" : "SUCCESS"));
        }
        return urls.size() * URL_TOKENS;
    }
}
