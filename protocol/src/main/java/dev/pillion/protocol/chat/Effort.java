package dev.pillion.protocol.chat;

import java.util.Locale;

/** How hard the model should think, in rising order. */
public enum Effort {
    OFF,
    MINIMAL,
    LOW,
    MEDIUM,
    HIGH,
    XHIGH,
    MAX;

    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}
