package dev.pillion.sidecar.simulate.anthropic;

import static dev.pillion.sidecar.simulate.kit.Shape.ANY;
import static dev.pillion.sidecar.simulate.kit.Shape.COUNT;
import static dev.pillion.sidecar.simulate.kit.Shape.FILLED;
import static dev.pillion.sidecar.simulate.kit.Shape.FLAG;
import static dev.pillion.sidecar.simulate.kit.Shape.OBJECT;
import static dev.pillion.sidecar.simulate.kit.Shape.TEXT;
import static dev.pillion.sidecar.simulate.kit.Shape.choice;
import static dev.pillion.sidecar.simulate.kit.Shape.either;
import static dev.pillion.sidecar.simulate.kit.Shape.items;
import static dev.pillion.sidecar.simulate.kit.Shape.matching;
import static dev.pillion.sidecar.simulate.kit.Shape.orNull;
import static dev.pillion.sidecar.simulate.kit.Shape.typed;

import dev.pillion.sidecar.simulate.kit.Shape;
import dev.pillion.sidecar.simulate.kit.Shape.Fields;
import dev.pillion.sidecar.simulate.kit.Shape.Tagged;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The content blocks of a request (Anthropic Messages API 2026-10-21). */
final class BlockShapes {
    static final Shape CACHE_CONTROL = orNull(typed("ephemeral").may("ttl", choice("5m", "1h")));
    static final Shape ID = matching("[a-zA-Z0-9_-]+", 512);
    static final Shape CALLER =
            tagged(
                    Map.of(
                            "direct", typed("direct"),
                            "code_execution_20250825", called("code_execution_20250825"),
                            "code_execution_20260120", called("code_execution_20260120"),
                            "code_execution_20260521", called("code_execution_20260521")));

    private static final Shape CITATION =
            tagged(
                    Map.of(
                            "char_location",
                            cited("char_location", "start_char_index", "end_char_index"),
                            "page_location",
                            cited("page_location", "start_page_number", "end_page_number"),
                            "content_block_location",
                            cited("content_block_location", "start_block_index", "end_block_index"),
                            "search_result_location",
                            typed("search_result_location")
                                    .must("cited_text", TEXT)
                                    .must("search_result_index", COUNT)
                                    .must("source", TEXT)
                                    .must("title", orNull(TEXT))
                                    .must("start_block_index", COUNT)
                                    .must("end_block_index", COUNT),
                            "web_search_result_location",
                            typed("web_search_result_location")
                                    .must("cited_text", TEXT)
                                    .must("url", TEXT)
                                    .must("title", orNull(TEXT))
                                    .must("encrypted_index", TEXT)));

    static final Fields TEXT_BLOCK =
            typed("text")
                    .must("text", TEXT)
                    .may("citations", orNull(items(CITATION)))
                    .may("cache_control", CACHE_CONTROL);

    private static final Shape HTTP_URL = matching("(?i)https?://\\S+", 8_192);
    private static final Shape ENABLED = orNull(Shape.may("enabled", FLAG));
    private static final Fields FILE = typed("file").must("file_id", ID);
    private static final Fields IMAGE =
            typed("image")
                    .must(
                            "source",
                            tagged(
                                    Map.of(
                                            "base64",
                                            typed("base64")
                                                    .must(
                                                            "media_type",
                                                            choice(
                                                                    "image/jpeg",
                                                                    "image/png",
                                                                    "image/gif",
                                                                    "image/webp"))
                                                    .must("data", FILLED),
                                            "url",
                                            typed("url").must("url", HTTP_URL),
                                            "file",
                                            FILE)))
                    .may(
                            "transformations",
                            orNull(Shape.may("oversized_image", choice("downsize", "error"))))
                    .may("cache_control", CACHE_CONTROL);
    private static final Fields DOCUMENT =
            typed("document")
                    .must("source", documentSource())
                    .may("title", orNull(TEXT))
                    .may("context", orNull(TEXT))
                    .may("citations", ENABLED)
                    .may("cache_control", CACHE_CONTROL);
    private static final Fields SEARCH_RESULT =
            typed("search_result")
                    .must("source", TEXT)
                    .must("title", TEXT)
                    .must("content", items(TEXT_BLOCK))
                    .may("citations", ENABLED)
                    .may("cache_control", CACHE_CONTROL);
    private static final Fields TOOL_REFERENCE =
            typed("tool_reference").must("tool_name", TEXT).may("cache_control", CACHE_CONTROL);

    private BlockShapes() {}

    /** The variants that a message's content may have with these betas. */
    static Tagged content(Set<Beta> betas) {
        var all = new LinkedHashMap<String, Shape>();
        all.put("text", TEXT_BLOCK);
        all.put("image", IMAGE);
        all.put("document", DOCUMENT);
        all.put("search_result", SEARCH_RESULT);
        all.put("container_upload", marked(typed("container_upload").must("file_id", ID)));
        all.put("thinking", typed("thinking").must("thinking", TEXT).must("signature", TEXT));
        all.put("redacted_thinking", typed("redacted_thinking").must("data", FILLED));
        all.put("tool_use", toolUse());
        all.put("tool_result", toolResult());
        all.put("server_tool_use", serverToolUse());
        serverResults(all);
        betaBlocks(all, betas);
        return new Tagged("type", all, null);
    }

    private static Fields toolUse() {
        return marked(
                typed("tool_use")
                        .must("id", ID)
                        .must("name", new Shape.Text(1, 200, null))
                        .must("input", OBJECT)
                        .may("caller", orNull(CALLER))
                        .may("toolset_name", orNull(TEXT)));
    }

    private static Fields toolResult() {
        var parts =
                tagged(
                        Map.of(
                                "text", TEXT_BLOCK,
                                "image", IMAGE,
                                "document", DOCUMENT,
                                "search_result", SEARCH_RESULT,
                                "tool_reference", TOOL_REFERENCE,
                                "browser_state", typed("browser_state").may("content", ANY)));
        return marked(
                typed("tool_result")
                        .must("tool_use_id", ID)
                        .may("content", either(TEXT, items(parts)))
                        .may("is_error", FLAG)
                        .may("toolset_name", orNull(TEXT)));
    }

    private static Fields serverToolUse() {
        return marked(
                typed("server_tool_use")
                        .must("id", matching("srvtoolu_[a-zA-Z0-9_]+", 512))
                        .must(
                                "name",
                                choice(
                                        "web_search",
                                        "web_fetch",
                                        "code_execution",
                                        "bash_code_execution",
                                        "text_editor_code_execution",
                                        "tool_search_tool_regex",
                                        "tool_search_tool_bm25",
                                        "advisor"))
                        .must("input", OBJECT)
                        .may("caller", orNull(CALLER)));
    }

    private static void serverResults(Map<String, Shape> all) {
        var found =
                typed("web_search_result")
                        .must("url", TEXT)
                        .must("title", TEXT)
                        .must("encrypted_content", TEXT)
                        .may("page_age", orNull(TEXT));
        var searchError =
                typed("web_search_tool_result_error")
                        .must(
                                "error_code",
                                choice(
                                        "invalid_tool_input",
                                        "unavailable",
                                        "max_uses_exceeded",
                                        "too_many_requests",
                                        "query_too_long",
                                        "request_too_large"));
        all.put(
                "web_search_tool_result",
                result("web_search_tool_result", either(items(found), searchError)));
        var fetched =
                typed("web_fetch_result")
                        .must("url", TEXT)
                        .must("content", DOCUMENT)
                        .may("retrieved_at", orNull(TEXT));
        var fetchError = typed("web_fetch_tool_result_error").must("error_code", TEXT);
        all.put(
                "web_fetch_tool_result",
                result(
                        "web_fetch_tool_result",
                        tagged(
                                Map.of(
                                        "web_fetch_result", fetched,
                                        "web_fetch_tool_result_error", fetchError))));
        CodeResultShapes.CONTENT.forEach((type, content) -> all.put(type, result(type, content)));
    }

    private static void betaBlocks(Map<String, Shape> all, Set<Beta> betas) {
        if (betas.contains(Beta.MCP)) {
            all.put(
                    "mcp_tool_use",
                    marked(
                            typed("mcp_tool_use")
                                    .must("id", ID)
                                    .must("name", TEXT)
                                    .must("server_name", TEXT)
                                    .must("input", OBJECT)));
            all.put(
                    "mcp_tool_result",
                    marked(
                            typed("mcp_tool_result")
                                    .must("tool_use_id", ID)
                                    .may("content", either(TEXT, items(TEXT_BLOCK)))
                                    .may("is_error", FLAG)));
            all.put("mcp_tool_listing", typed("mcp_tool_listing").may("tools", ANY));
        }
        if (betas.contains(Beta.COMPACTION)) {
            all.put(
                    "compaction",
                    marked(
                            typed("compaction")
                                    .must("content", orNull(TEXT))
                                    .may("encrypted_content", orNull(TEXT))
                                    .may("signature", orNull(TEXT))
                                    .may("tool_changes", ANY)));
        }
        if (betas.contains(Beta.ADVISOR)) {
            all.put("advisor_tool_result", result("advisor_tool_result", OBJECT));
        }
        if (betas.contains(Beta.FALLBACKS)) {
            all.put(
                    "fallback",
                    typed("fallback").must("from", OBJECT).must("to", OBJECT).may("trigger", ANY));
        }
        if (betas.contains(Beta.TOOL_CHANGES)) {
            for (var type : new String[] {"tool_addition", "tool_removal"}) {
                all.put(type, marked(typed(type).must("tool", OBJECT)));
            }
        }
    }

    private static Shape documentSource() {
        return tagged(
                Map.of(
                        "base64",
                        typed("base64")
                                .must("media_type", choice("application/pdf"))
                                .must("data", FILLED),
                        "text",
                        typed("text").must("media_type", choice("text/plain")).must("data", FILLED),
                        "content",
                        typed("content")
                                .must(
                                        "content",
                                        either(
                                                FILLED,
                                                items(
                                                        tagged(
                                                                Map.of(
                                                                        "text", TEXT_BLOCK,
                                                                        "image", IMAGE))))),
                        "url",
                        typed("url").must("url", HTTP_URL),
                        "file",
                        FILE));
    }

    private static Fields result(String type, Shape content) {
        return marked(
                typed(type)
                        .must("tool_use_id", ID)
                        .must("content", content)
                        .may("caller", orNull(CALLER)));
    }

    private static Fields cited(String type, String start, String end) {
        return typed(type)
                .must("cited_text", TEXT)
                .must("document_index", COUNT)
                .must("document_title", orNull(TEXT))
                .must(start, COUNT)
                .must(end, COUNT)
                .may("file_id", orNull(TEXT));
    }

    private static Fields called(String type) {
        return typed(type).must("tool_id", TEXT);
    }

    static Fields marked(Fields fields) {
        return fields.may("cache_control", CACHE_CONTROL);
    }

    static Shape tagged(Map<String, Shape> variants) {
        return new Tagged("type", new LinkedHashMap<>(variants), null);
    }
}
