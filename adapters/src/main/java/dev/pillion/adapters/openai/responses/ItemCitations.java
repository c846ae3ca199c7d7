package dev.pillion.adapters.openai.responses;

import static dev.pillion.adapters.openai.Citations.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.protocol.chat.Citation;
import org.jspecify.annotations.Nullable;

/**
 * Annotations of an {@code output_text}. Their offsets count Unicode code points of that text, end
 * exclusive (seen in recordings with text outside ASCII: they are not bytes).
 */
final class ItemCitations {
    private ItemCitations() {}

    /** The citation; null when the annotation backs no words. The page behind it is noted. */
    static @Nullable Citation read(JsonNode annotation, AnswerParts parts) {
        return switch (annotation.path("type").asText()) {
            case "url_citation" -> url(annotation, parts);
            case "file_citation", "file_path" -> file(annotation);
            case "container_file_citation" -> containerFile(annotation);
            default -> null;
        };
    }

    private static @Nullable Citation url(JsonNode annotation, AnswerParts parts) {
        String url = text(annotation, "url");
        String title = title(annotation, url, parts);
        parts.source(url, title);
        int start = Math.max(0, annotation.path("start_index").asInt(0));
        int end = Math.max(start, annotation.path("end_index").asInt(0));
        // Without a span the page was only visited.
        return end == 0 ? null : new Citation(start, end, url, title, null, null);
    }

    private static @Nullable String title(
            JsonNode annotation, @Nullable String url, AnswerParts parts) {
        String title = text(annotation, "title");
        boolean none =
                title == null
                        || (parts.quirks().numberedTitles()
                                && (title.equals(url)
                                        || title.chars().allMatch(Character::isDigit)));
        return none ? null : title;
    }

    /** A file of the vendor's stands where the text has its mark. */
    private static Citation file(JsonNode annotation) {
        int at = Math.max(0, annotation.path("index").asInt(0));
        return new Citation(
                at, at, null, text(annotation, "filename"), null, text(annotation, "file_id"));
    }

    private static Citation containerFile(JsonNode annotation) {
        int start = Math.max(0, annotation.path("start_index").asInt(0));
        int end = Math.max(start, annotation.path("end_index").asInt(0));
        return new Citation(
                start,
                end,
                null,
                text(annotation, "filename"),
                null,
                text(annotation, "container_id") + "/" + text(annotation, "file_id"));
    }
}
