package dev.pillion.adapters.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.protocol.chat.Citation;
import org.jspecify.annotations.Nullable;

/** Citations as Anthropic gives them: their indexes point into the source, not into the answer. */
final class Citations {
    private Citations() {}

    /** The citation of a whole text block of that length. */
    static Citation read(JsonNode citation, int codePoints) {
        String source = AnthropicDecoder.text(citation.path("source"));
        String url = AnthropicDecoder.text(citation.path("url"));
        if (url == null && source != null && isAddress(source)) {
            url = source;
        }
        String title = AnthropicDecoder.text(citation.path("title"));
        if (title == null) {
            title = AnthropicDecoder.text(citation.path("document_title"));
        }
        return new Citation(
                0,
                codePoints,
                url,
                title,
                AnthropicDecoder.text(citation.path("cited_text")),
                source == null ? document(citation) : source);
    }

    private static boolean isAddress(String source) {
        return source.startsWith("https://") || source.startsWith("http://");
    }

    /** A document of the request is named by its place among them. */
    private static @Nullable String document(JsonNode citation) {
        JsonNode index = citation.path("document_index");
        return index.isIntegralNumber() ? index.asText() : null;
    }
}
