package dev.pillion.adapters.gemini;

import dev.pillion.protocol.chat.Stop;
import java.util.Set;

/** {@code finishReason}, outward. */
final class FinishReasons {
    /** The vendor's own words for an answer that was held back. */
    private static final Set<String> REFUSALS =
            Set.of(
                    "SAFETY",
                    "RECITATION",
                    "LANGUAGE",
                    "BLOCKLIST",
                    "PROHIBITED_CONTENT",
                    "SPII",
                    "IMAGE_SAFETY",
                    "IMAGE_PROHIBITED_CONTENT",
                    "IMAGE_RECITATION");

    private FinishReasons() {}

    /** A call's turn ends with STOP here; what was cut or paused never does. */
    static String word(Stop stop, boolean continues) {
        String detail = stop.detail();
        return switch (stop.reason()) {
            case END, TOOL_CALL, STOP_SEQUENCE -> "STOP";
            case MAX_TOKENS -> "MAX_TOKENS";
            case PAUSED -> continues ? GeminiStops.CONTINUATION : "MAX_TOKENS";
            case REFUSAL -> detail != null && REFUSALS.contains(detail) ? detail : "SAFETY";
        };
    }
}
