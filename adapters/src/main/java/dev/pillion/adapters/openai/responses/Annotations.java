package dev.pillion.adapters.openai.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.chat.Citation;
import dev.pillion.protocol.wire.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code url_citation} annotations of this surface, flat, in and out. Their offsets count Unicode
 * code points of their content part, end exclusive.
 */
final class Annotations {
    private static final String URL = "url_citation";
    private static final String CONTAINER = "cntr_";
    private static final Set<String> KNOWN =
            Set.of("type", "url", "title", "start_index", "end_index");

    private Annotations() {}

    /** Whether citations say all that the annotations say. */
    static boolean arePlain(JsonNode annotations) {
        for (JsonNode each : annotations) {
            if (!each.path("type").asText().equals(URL)) {
                return false;
            }
            for (Map.Entry<String, JsonNode> field : each.properties()) {
                if (!KNOWN.contains(field.getKey())) {
                    return false;
                }
            }
        }
        return true;
    }

    static List<Citation> citations(JsonNode annotations) {
        List<Citation> citations = new ArrayList<>();
        for (JsonNode each : annotations) {
            if (each.path("type").asText().equals(URL)) {
                int start = Math.max(0, each.path("start_index").asInt(0));
                int end = Math.max(start, each.path("end_index").asInt(start));
                citations.add(
                        new Citation(
                                start, end, text(each, "url"), text(each, "title"), null, null));
            }
        }
        return List.copyOf(citations);
    }

    private static @Nullable String text(JsonNode from, String name) {
        String value = from.path(name).textValue();
        return value == null || value.isEmpty() ? null : value;
    }

    /** The citation as an annotation: of a page, of a file, or of a file in a container. */
    static ObjectNode write(Citation citation) {
        if (citation.url() == null) {
            return file(citation);
        }
        ObjectNode node = Json.object().put("type", URL);
        span(citation, node);
        return node.put("url", citation.url()).put("title", orEmpty(citation.title()));
    }

    private static void span(Citation citation, ObjectNode node) {
        node.put("start_index", citation.start()).put("end_index", citation.end());
    }

    /** Without an address: a file of the vendor's, or a document of the request. */
    private static ObjectNode file(Citation citation) {
        String source = orEmpty(citation.source());
        int slash = source.startsWith(CONTAINER) ? source.indexOf('/') : -1;
        ObjectNode node = Json.object();
        if (slash > 0) {
            node.put("type", "container_file_citation");
            node.put("container_id", source.substring(0, slash));
            node.put("file_id", source.substring(slash + 1));
            span(citation, node);
        } else {
            node.put("type", "file_citation").put("file_id", source);
            node.put("index", citation.start());
            if (citation.end() > citation.start()) {
                span(citation, node); // Beyond the format's words, where more is known.
            }
        }
        return node.put("filename", orEmpty(citation.title()));
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
