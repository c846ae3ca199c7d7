package dev.pillion.adapters.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.chat.Citation;
import dev.pillion.protocol.chat.Source;
import dev.pillion.protocol.wire.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * {@code groundingMetadata}, outward: sources as chunks, citations as supports, whose offsets count
 * the bytes of the part's text in UTF-8. What Gemini itself said is kept where it still fits.
 */
final class Grounding {
    /** One cited span of a part's text, in code points. */
    private record Span(int part, int start, int end) {}

    /** A span and the chunks that back it. */
    private record Support(Span span, List<Integer> chunks) {}

    /** A citation of a visible part; {@code shift}: where its text begins in it. */
    private record Cited(int part, int shift, Citation citation) {}

    private final List<Cited> cited = new ArrayList<>();
    private final List<Support> supports = new ArrayList<>();
    private ArrayNode chunks = Json.nodes().arrayNode();
    private final ObjectNode own = Json.object();

    /** What Gemini said of its answer; later words replace earlier ones. */
    void own(ObjectNode metadata) {
        own.setAll(metadata);
    }

    void cited(int part, int shift, Citation citation) {
        cited.add(new Cited(part, shift, citation));
    }

    private void support(Cited one) {
        Citation citation = one.citation();
        var span =
                new Span(one.part(), citation.start() + one.shift(), citation.end() + one.shift());
        int chunk = chunk(citation);
        for (int i = 0; i < supports.size(); i++) {
            Support known = supports.get(i);
            if (known.span().equals(span)) {
                List<Integer> more = new ArrayList<>(known.chunks());
                if (!more.contains(chunk)) {
                    more.add(chunk);
                }
                supports.set(i, new Support(span, more));
                return;
            }
        }
        supports.add(new Support(span, List.of(chunk)));
    }

    private int chunk(Citation citation) {
        String url = citation.url();
        if (url != null) {
            return web(url, citation.title());
        }
        for (int i = 0; i < chunks.size(); i++) {
            if (isOf(citation, chunks.get(i))) {
                return i;
            }
        }
        ObjectNode document = Json.object();
        ObjectNode context = document.putObject("retrievedContext");
        String title = citation.title() == null ? citation.source() : citation.title();
        put(context, "title", title);
        put(context, "text", citation.quote());
        return add(document, -1);
    }

    /** Whether the chunk is the document, which has no address, that the citation quotes. */
    private static boolean isOf(Citation citation, JsonNode chunk) {
        for (JsonNode document : chunk) {
            if (!document.has("uri")
                    && Objects.equals(citation.quote(), text(document, "text"))
                    && Objects.equals(citation.title(), text(document, "title"))) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable String text(JsonNode node, String name) {
        JsonNode value = node.path(name);
        return value.isTextual() ? value.textValue() : null;
    }

    private int web(String url, @Nullable String title) {
        int at = -1;
        for (int i = 0; i < chunks.size() && at < 0; i++) {
            for (JsonNode kind : chunks.get(i)) {
                at = kind.path("uri").asText().equals(url) ? i : at;
            }
        }
        ObjectNode chunk = Json.object();
        ObjectNode web = chunk.putObject("web").put("uri", url);
        put(web, "title", title);
        return add(chunk, at);
    }

    private int add(ObjectNode chunk, int known) {
        if (known >= 0) {
            return known;
        }
        for (int i = 0; i < chunks.size(); i++) {
            if (chunks.get(i).equals(chunk)) {
                return i;
            }
        }
        chunks.add(chunk);
        return chunks.size() - 1;
    }

    private static void put(ObjectNode into, String name, @Nullable String value) {
        if (value != null) {
            into.put(name, value);
        }
    }

    /** The whole, once; empty when there is nothing. */
    ObjectNode write(List<Source> sources, List<StringBuilder> texts) {
        if (own.path("groundingChunks") instanceof ArrayNode known) {
            chunks = known.deepCopy();
        }
        cited.forEach(this::support);
        sources.forEach(source -> web(source.url(), source.title()));
        ObjectNode metadata = own.deepCopy();
        if (!chunks.isEmpty()) {
            metadata.set("groundingChunks", chunks);
        }
        JsonNode before = own.path("groundingSupports");
        if (!supports.isEmpty()) {
            ArrayNode list = metadata.putArray("groundingSupports");
            boolean same = before.size() == supports.size();
            for (int i = 0; i < supports.size(); i++) {
                ObjectNode support = same ? before.get(i).deepCopy() : Json.object();
                list.add(support(support, supports.get(i), texts));
            }
        }
        return metadata;
    }

    private static ObjectNode support(ObjectNode node, Support support, List<StringBuilder> texts) {
        Span span = support.span();
        String text = texts.get(span.part()).toString();
        int codePoints = text.codePointCount(0, text.length());
        int start = text.offsetByCodePoints(0, Math.min(Math.max(0, span.start()), codePoints));
        int end = text.offsetByCodePoints(0, Math.min(Math.max(0, span.end()), codePoints));
        String cited = text.substring(start, Math.max(start, end));
        ObjectNode segment = node.putObject("segment");
        if (span.part() > 0) {
            segment.put("partIndex", span.part());
        }
        int startByte = bytes(text.substring(0, start));
        if (startByte > 0) {
            segment.put("startIndex", startByte);
        }
        segment.put("endIndex", startByte + bytes(cited));
        segment.put("text", cited);
        ArrayNode indices = node.putArray("groundingChunkIndices");
        support.chunks().forEach(indices::add);
        return node;
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
