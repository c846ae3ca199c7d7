package dev.pillion.protocol.chat;

import org.jspecify.annotations.Nullable;

/**
 * What backs a span of a text part.
 *
 * @param start first code point of the span in that part's text
 * @param end one past the last code point
 * @param url address of the source, if it has one
 * @param title title of the source as the vendor gave it
 * @param quote the words of the source
 * @param source what the source is when it is no address: a document's index or name
 */
public record Citation(
        int start,
        int end,
        @Nullable String url,
        @Nullable String title,
        @Nullable String quote,
        @Nullable String source) {

    /** The same source, of no span: for where its text can no longer be pointed at. */
    public Citation withoutPlace() {
        return new Citation(0, 0, url, title, quote, source);
    }
}
