package dev.pillion.sidecar.simulate.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.sidecar.simulate.kit.Trees;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An answer that cites the documents and search results of the prompt, if they allow it. */
final class DocumentCitations {
    private DocumentCitations() {}

    /** Text blocks, every second one with a citation; empty where nothing may be cited. */
    static List<ObjectNode> of(AnthropicRequest request) {
        var content = new ArrayList<ObjectNode>();
        int documents = 0;
        int results = 0;
        for (var turn : request.turns()) {
            for (var block : turn.is("user") ? turn.blocks() : List.<Turn.Block>of()) {
                if (block.type().equals("document")) {
                    add(content, document(block.node(), documents++));
                }
                if (block.type().equals("search_result")) {
                    add(content, searchResult(block.node(), results++));
                }
            }
        }
        return content;
    }

    private static void add(List<ObjectNode> content, @Nullable ObjectNode citation) {
        if (citation == null) {
            return;
        }
        content.add(AnthropicAnswerer.text(content.isEmpty() ? "The source says: " : " Also: "));
        var block = AnthropicAnswerer.text("« " + citation.path("cited_text").asText() + " »");
        block.putArray("citations").add(citation);
        content.add(block);
    }

    private static boolean mayCite(JsonNode block) {
        return block.path("citations").path("enabled").asBoolean();
    }

    private static @Nullable ObjectNode document(JsonNode block, int index) {
        if (!mayCite(block)) {
            return null;
        }
        var source = block.path("source");
        var citation = Trees.object();
        switch (source.path("type").asText()) {
            case "text" -> characters(citation, source.path("data").asText());
            case "content" -> blocks(citation, source.path("content"));
            default ->
                    citation.put("type", "page_location")
                            .put("cited_text", "The first page.")
                            .put("start_page_number", 1)
                            .put("end_page_number", 2);
        }
        citation.put("document_index", index);
        citation.put("document_title", Trees.string(block, "title"));
        return citation.putNull("file_id");
    }

    private static void characters(ObjectNode citation, String text) {
        int length = text.codePointCount(0, text.length());
        int end = Math.min(60, length);
        citation.put("type", "char_location")
                .put("cited_text", text.substring(0, text.offsetByCodePoints(0, end)))
                .put("start_char_index", 0)
                .put("end_char_index", end);
    }

    private static void blocks(ObjectNode citation, JsonNode content) {
        var first = content.isTextual() ? content.asText() : content.path(0).path("text").asText();
        citation.put("type", "content_block_location")
                .put("cited_text", first)
                .put("start_block_index", 0)
                .put("end_block_index", 1);
    }

    private static @Nullable ObjectNode searchResult(JsonNode block, int index) {
        if (!mayCite(block)) {
            return null;
        }
        return Trees.object()
                .put("type", "search_result_location")
                .put("cited_text", block.path("content").path(0).path("text").asText())
                .put("search_result_index", index)
                .put("source", block.path("source").asText())
                .put("title", block.path("title").asText())
                .put("start_block_index", 0)
                .put("end_block_index", 1);
    }
}
