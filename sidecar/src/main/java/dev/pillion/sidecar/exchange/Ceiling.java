package dev.pillion.sidecar.exchange;

import dev.pillion.adapters.CostFacts;
import dev.pillion.adapters.Outline;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.sidecar.account.PromptSize;
import dev.pillion.sidecar.plan.Ask;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** What the caller will pay at most, with what bounds the cost of its request. */
final class Ceiling {
    private Ceiling() {}

    /**
     * Reads the body once more, which only those pay for who set a ceiling.
     *
     * @param vendor whose surface it came in on; null: the uniform one
     */
    static Ask.@Nullable Ceiling of(
            Wishes wishes,
            @Nullable ChatRequest request,
            Outline outline,
            byte[] body,
            @Nullable String vendor) {
        BigDecimal most = wishes.maxCostUsd();
        if (request != null && request.budget().maxUsd() != null) {
            BigDecimal asked = request.budget().maxUsd();
            most = most == null ? asked : most.min(asked);
        }
        return most == null
                ? null
                : new Ask.Ceiling(
                        most,
                        CostFacts.of(body, vendor),
                        PromptSize.of(body),
                        outline.maxOutputTokens());
    }
}
