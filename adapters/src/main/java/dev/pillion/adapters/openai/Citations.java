package dev.pillion.adapters.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.protocol.chat.Citation;
import dev.pillion.protocol.chat.Source;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * {@code url_citation} annotations. Their offsets count Unicode code points of the message's
 * content, end exclusive.
 */
public final class Citations {
    private Citations() {}

    /** The citation, offsets in the whole content; null when the annotation is of another type. */
    static @Nullable Citation read(JsonNode annotation) {
        JsonNode url = annotation.path("url_citation");
        if (!url.isObject()) {
            return null;
        }
        int start = Math.max(0, url.path("start_index").asInt(0));
        int end = Math.max(start, url.path("end_index").asInt(start));
        return new Citation(
                start, end, text(url, "url"), text(url, "title"), text(url, "content"), null);
    }

    /** The page behind the annotation; null when there is none. */
    static @Nullable Source source(Citation citation) {
        return citation.url() == null ? null : new Source(citation.url(), citation.title(), null);
    }

    static void write(JsonGenerator json, Citation citation, int shift) throws IOException {
        json.writeStartObject();
        json.writeStringField("type", "url_citation");
        json.writeObjectFieldStart("url_citation");
        json.writeNumberField("start_index", citation.start() + shift);
        json.writeNumberField("end_index", citation.end() + shift);
        json.writeStringField("url", orEmpty(citation.url()));
        json.writeStringField("title", orEmpty(citation.title()));
        json.writeEndObject();
        json.writeEndObject();
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    public static @Nullable String text(JsonNode from, String name) {
        JsonNode node = from.path(name);
        return node.isTextual() ? node.textValue() : null;
    }
}
