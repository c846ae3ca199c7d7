package dev.pillion.adapters.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.protocol.chat.ChatEvent;
import dev.pillion.protocol.chat.Citation;
import dev.pillion.protocol.chat.Source;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What backs an answer: {@code groundingMetadata}, {@code urlContextMetadata} and {@code
 * citationMetadata}. Spans are offered in UTF-8 bytes of a part's whole text and given on in code
 * points. Which part is meant is often left out, so a span belongs where its words are.
 */
final class GeminiGrounding {
    private static final int MAX_SEARCHED = 256;

    /** One source of a span. */
    private record Reference(
            @Nullable String url,
            @Nullable String title,
            @Nullable String quote,
            @Nullable String source) {}

    /** A span as the vendor gives it; {@code text} null: only the offsets are known. */
    private record Support(
            int part, int start, int end, @Nullable String text, List<Reference> references) {}

    private final Set<Support> seen = new HashSet<>();
    private final List<Support> pending = new ArrayList<>();
    private final Set<String> sources = new HashSet<>();
    private final GeminiAsked asked = new GeminiAsked();

    /** What was looked up so far. */
    GeminiAsked asked() {
        return asked;
    }

    /** Takes what a chunk's candidate says; the sources it names are told at once. */
    void add(JsonNode candidate, Consumer<ChatEvent> out) {
        JsonNode metadata = candidate.path("groundingMetadata");
        List<Reference> chunks = new ArrayList<>();
        for (JsonNode chunk : metadata.path("groundingChunks")) {
            if (chunk.has("maps")) {
                asked.maps();
            }
            Reference reference = reference(chunk);
            chunks.add(reference);
            source(reference.url(), reference.title(), out);
        }
        for (JsonNode support : metadata.path("groundingSupports")) {
            List<Reference> references = new ArrayList<>();
            for (JsonNode index : support.path("groundingChunkIndices")) {
                if (index.asInt(-1) >= 0 && index.asInt() < chunks.size()) {
                    references.add(chunks.get(index.asInt()));
                }
            }
            support(
                    support.path("segment"),
                    GeminiParts.text(support.path("segment"), "text"),
                    references);
        }
        JsonNode searched = metadata.path("webSearchQueries");
        asked.pictures(metadata.path("imageSearchQueries").size());
        asked.queries(searched.size());
        searched.forEach(query -> asked.query(query.asText()));
        for (JsonNode page : candidate.path("urlContextMetadata").path("urlMetadata")) {
            if (page.path("urlRetrievalStatus").asText().endsWith("_SUCCESS")) {
                source(GeminiParts.text(page, "retrievedUrl"), null, out);
            }
        }
        recited(candidate.path("citationMetadata"));
    }

    private static Reference reference(JsonNode chunk) {
        for (var entry : chunk.properties()) {
            JsonNode it = entry.getValue();
            String url = GeminiParts.text(it, "uri");
            return new Reference(
                    url == null ? GeminiParts.text(it, "sourceUri") : url,
                    GeminiParts.text(it, "title"),
                    GeminiParts.text(it, "text"),
                    GeminiParts.text(it, "fileSearchStore"));
        }
        return new Reference(null, null, null, null);
    }

    /** Works that the answer recites; the span's words are not repeated. */
    private void recited(JsonNode metadata) {
        for (String name : List.of("citationSources", "citations")) {
            for (JsonNode cited : metadata.path(name)) {
                var reference =
                        new Reference(
                                GeminiParts.text(cited, "uri"),
                                GeminiParts.text(cited, "title"),
                                null,
                                GeminiParts.text(cited, "license"));
                support(cited, null, List.of(reference));
            }
        }
    }

    private void support(JsonNode segment, @Nullable String text, List<Reference> references) {
        int start = Math.max(0, segment.path("startIndex").asInt(0));
        var support =
                new Support(
                        segment.path("partIndex").asInt(0),
                        start,
                        Math.max(start, segment.path("endIndex").asInt(0)),
                        text,
                        references);
        if (!references.isEmpty() && seen.add(support)) {
            pending.add(support);
        }
    }

    private void source(@Nullable String url, @Nullable String title, Consumer<ChatEvent> out) {
        if (url != null && sources.add(url)) {
            out.accept(new ChatEvent.SourceSeen(new Source(url, title, null)));
        }
    }

    /** Cites in a text that has ended what lies in it without doubt. */
    void cite(GeminiParts.TextPart part, Consumer<ChatEvent> out) {
        if (pending.isEmpty()) {
            return;
        }
        byte[] bytes = part.text.toString().getBytes(StandardCharsets.UTF_8);
        for (Iterator<Support> each = pending.iterator(); each.hasNext(); ) {
            Support support = each.next();
            if (support.text() != null
                    && Utf8Spans.is(bytes, support.start(), support.end(), support.text())) {
                each.remove();
                emit(support, part.index, bytes, support.start(), support.end(), out);
            }
        }
    }

    /** Cites the rest, where it fits best. */
    void citeRest(List<GeminiParts.TextPart> parts, Consumer<ChatEvent> out) {
        if (pending.isEmpty() || parts.isEmpty()) {
            return;
        }
        for (int i = parts.size() - 1; i >= 0; i--) {
            cite(parts.get(i), out);
        }
        List<byte[]> texts = new ArrayList<>();
        for (GeminiParts.TextPart part : parts) {
            texts.add(part.text.toString().getBytes(StandardCharsets.UTF_8));
        }
        int searched = 0;
        for (Support support : pending) {
            // So many that don't lie where they should are nonsense, and not worth a search each.
            String words = searched++ < MAX_SEARCHED ? support.text() : null;
            var span = Utf8Spans.find(texts, support.part(), support.start(), support.end(), words);
            emit(
                    support,
                    parts.get(span.text()).index,
                    texts.get(span.text()),
                    span.start(),
                    span.end(),
                    out);
        }
        pending.clear();
    }

    private static void emit(
            Support support, int part, byte[] text, int start, int end, Consumer<ChatEvent> out) {
        int from = Utf8Spans.codePoints(text, start);
        int to = Utf8Spans.codePoints(text, end);
        for (Reference it : support.references()) {
            out.accept(
                    new ChatEvent.Cited(
                            part,
                            new Citation(from, to, it.url(), it.title(), it.quote(), it.source())));
        }
    }
}
