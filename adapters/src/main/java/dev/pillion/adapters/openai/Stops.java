package dev.pillion.adapters.openai;

import dev.pillion.protocol.chat.Stop;
import dev.pillion.protocol.chat.StopReason;
import org.jspecify.annotations.Nullable;

/** {@code finish_reason}, in and out. */
final class Stops {
    private Stops() {}

    /**
     * What the vendor's reason means.
     *
     * @param reason null: it only said that it is done
     * @param sequence the stop text met, which some servers tell
     */
    static Stop of(
            @Nullable String reason, @Nullable String sequence, boolean called, boolean refused) {
        return switch (reason == null ? "stop" : reason) {
            case "stop", "eos", "eos_token", "end_turn" -> ended(sequence, called, refused);
            case "tool_calls", "function_call", "tool_use" ->
                    called
                            ? new Stop(StopReason.TOOL_CALL)
                            : new Stop(StopReason.END, null, reason);
            case "length", "max_tokens" -> new Stop(StopReason.MAX_TOKENS);
            case "content_filter" -> new Stop(StopReason.REFUSAL, null, reason);
            case "stop_sequence" -> new Stop(StopReason.STOP_SEQUENCE, sequence, null);
            // Unknown words have been limits of context, time or steps: never a clean end.
            default -> new Stop(StopReason.MAX_TOKENS, null, reason);
        };
    }

    private static Stop ended(@Nullable String sequence, boolean called, boolean refused) {
        if (called) {
            return new Stop(StopReason.TOOL_CALL);
        }
        if (refused) {
            return new Stop(StopReason.REFUSAL, null, Marks.REFUSAL);
        }
        return sequence == null
                ? new Stop(StopReason.END)
                : new Stop(StopReason.STOP_SEQUENCE, sequence, null);
    }

    /** The word for this surface's clients; a refusal in the model's own words is a plain stop. */
    static String word(Stop stop, boolean refusalShown) {
        return switch (stop.reason()) {
            case END, STOP_SEQUENCE -> "stop";
            case TOOL_CALL -> "tool_calls";
            case MAX_TOKENS, PAUSED -> "length";
            case REFUSAL -> refusalShown ? "stop" : "content_filter";
        };
    }
}
