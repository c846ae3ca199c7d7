package dev.pillion.sidecar.exchange;

import dev.pillion.adapters.Outline;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.Need;
import dev.pillion.protocol.chat.WebSearch;
import dev.pillion.sidecar.plan.Ask;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** What the caller will pay at most, with what bounds the cost of its request. */
final class Ceiling {
    /** No tokenizer of today makes more tokens of text than one for two bytes, on average. */
    private static final int MIN_BYTES_PER_TOKEN = 2;

    private Ceiling() {}

    /**
     * @param assumedSearches how many searches to reckon with where the request states no bound;
     *     null: it has none then
     */
    static Ask.@Nullable Ceiling of(
            Wishes wishes,
            @Nullable ChatRequest request,
            Outline outline,
            @Nullable Integer assumedSearches) {
        BigDecimal most = wishes.maxCostUsd();
        if (request != null && request.budget().maxUsd() != null) {
            BigDecimal asked = request.budget().maxUsd();
            most = most == null ? asked : most.min(asked);
        }
        if (most == null) {
            return null;
        }
        Integer searches =
                outline.needs().contains(Need.WEBSEARCH) ? assumedSearches : Integer.valueOf(0);
        WebSearch search = request == null ? null : request.webSearch();
        if (search != null && search.maxUses() != null) {
            searches = search.maxUses();
        }
        return new Ask.Ceiling(
                most,
                outline.bodyBytes() / MIN_BYTES_PER_TOKEN + 1L,
                outline.maxOutputTokens(),
                searches);
    }
}
