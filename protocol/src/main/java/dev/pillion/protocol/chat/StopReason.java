package dev.pillion.protocol.chat;

import java.util.Locale;

/** Why the answer ended. */
public enum StopReason {
    END,
    TOOL_CALL,
    MAX_TOKENS,
    STOP_SEQUENCE,
    REFUSAL,
    PAUSED;

    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}
