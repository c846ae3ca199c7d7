package dev.pillion.adapters.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.protocol.chat.Stop;
import dev.pillion.protocol.chat.StopReason;
import org.jspecify.annotations.Nullable;

/** Stop reasons in both directions. */
final class Stops {
    static final String CONTEXT_EXCEEDED = "model_context_window_exceeded";
    static final String COMPACTION = "compaction";

    private Stops() {}

    /** A reason that we don't know ends the answer under its own name. */
    static Stop read(String reason, @Nullable String sequence, JsonNode details) {
        return switch (reason) {
            case "end_turn" -> new Stop(StopReason.END);
            case "tool_use" -> new Stop(StopReason.TOOL_CALL);
            case "max_tokens" -> new Stop(StopReason.MAX_TOKENS);
            case CONTEXT_EXCEEDED -> new Stop(StopReason.MAX_TOKENS, null, reason);
            case "stop_sequence" -> new Stop(StopReason.STOP_SEQUENCE, sequence, null);
            case "refusal" ->
                    new Stop(
                            StopReason.REFUSAL,
                            null,
                            AnthropicDecoder.text(details.path("category")));
            case "pause_turn" -> new Stop(StopReason.PAUSED);
            case COMPACTION -> new Stop(StopReason.PAUSED, null, reason);
            default -> new Stop(StopReason.END, sequence, reason);
        };
    }

    /** The vendor's word for the reason. */
    static String write(Stop stop) {
        return switch (stop.reason()) {
            case END -> "end_turn";
            case TOOL_CALL -> "tool_use";
            case MAX_TOKENS ->
                    CONTEXT_EXCEEDED.equals(stop.detail()) ? CONTEXT_EXCEEDED : "max_tokens";
            case STOP_SEQUENCE -> "stop_sequence";
            case REFUSAL -> "refusal";
            case PAUSED -> COMPACTION.equals(stop.detail()) ? COMPACTION : "pause_turn";
        };
    }
}
