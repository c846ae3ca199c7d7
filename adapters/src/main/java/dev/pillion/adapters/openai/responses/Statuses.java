package dev.pillion.adapters.openai.responses;

import dev.pillion.protocol.chat.Stop;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How an answer ended, in the words of this surface. */
final class Statuses {
    private static final String LENGTH = "max_output_tokens";

    /** Further reasons that the format has for an answer that is not whole. */
    private static final Set<String> REASONS = Set.of(LENGTH, "max_messages", "steered");

    private Statuses() {}

    static String of(Stop stop, boolean refused) {
        return incomplete(stop, refused) == null ? "completed" : "incomplete";
    }

    /** Why the answer is not whole; null when it is. A refusal in the model's words is whole. */
    static @Nullable String incomplete(Stop stop, boolean refused) {
        return switch (stop.reason()) {
            case END, TOOL_CALL, STOP_SEQUENCE -> null;
            case MAX_TOKENS, PAUSED -> {
                String detail = stop.detail();
                yield detail != null && REASONS.contains(detail) ? detail : LENGTH;
            }
            case REFUSAL -> refused ? null : "content_filter";
        };
    }
}
