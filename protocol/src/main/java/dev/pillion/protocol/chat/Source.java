package dev.pillion.protocol.chat;

import org.jspecify.annotations.Nullable;

/**
 * A page that a web search used. {@code published} is the vendor's own words for its age or date.
 */
public record Source(String url, @Nullable String title, @Nullable String published) {}
