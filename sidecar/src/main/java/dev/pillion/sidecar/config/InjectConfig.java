package dev.pillion.sidecar.config;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Web search by fetching pages ourselves, for models that can't search.
 *
 * @param baseUrl null: the engine's own
 * @param key null: none needed
 * @param maxPages pages fetched a search
 * @param maxBytes bytes taken of each page
 * @param timeout of the whole search
 */
public record InjectConfig(
        Engine engine,
        @Nullable URI baseUrl,
        @Nullable SecretRef key,
        int maxPages,
        int maxBytes,
        Duration timeout) {

    /** The search engines that there is a client for. */
    public enum Engine {
        SEARXNG,
        BRAVE,
        TAVILY
    }
}
