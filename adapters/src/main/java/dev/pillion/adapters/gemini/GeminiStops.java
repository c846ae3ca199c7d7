package dev.pillion.adapters.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.protocol.chat.Stop;
import dev.pillion.protocol.chat.StopReason;
import org.jspecify.annotations.Nullable;

/** Finish reasons. A turn that calls functions ends with STOP as well. */
final class GeminiStops {
    /** The vendor paused a long answer; it can be gone on with. */
    static final String CONTINUATION = "CONTINUATION";

    private GeminiStops() {}

    /** The reason's name, also where the vendor was asked for numbers; null: not ended. */
    static @Nullable String reason(JsonNode reason) {
        if (reason.isIntegralNumber()) {
            return switch (reason.asInt()) {
                case 0 -> null;
                case 1 -> "STOP";
                case 2 -> "MAX_TOKENS";
                case 3 -> "SAFETY";
                case 4 -> "RECITATION";
                default -> "reason " + reason.asInt();
            };
        }
        String name = reason.asText("");
        return name.isEmpty() || name.equals("FINISH_REASON_UNSPECIFIED") ? null : name;
    }

    /**
     * How the answer ended; null where it broke: a malformed call, or a reason that we don't know,
     * which has never been a clean end.
     */
    static @Nullable Stop of(String reason, boolean called) {
        return switch (reason) {
            case "STOP" -> new Stop(called ? StopReason.TOOL_CALL : StopReason.END);
            case "MAX_TOKENS" -> new Stop(StopReason.MAX_TOKENS);
            case CONTINUATION -> new Stop(StopReason.PAUSED, null, reason);
            case "SAFETY",
                    "RECITATION",
                    "BLOCKLIST",
                    "PROHIBITED_CONTENT",
                    "SPII",
                    "IMAGE_SAFETY",
                    "IMAGE_PROHIBITED_CONTENT",
                    "IMAGE_RECITATION" ->
                    new Stop(StopReason.REFUSAL, null, reason);
            default -> null;
        };
    }
}
