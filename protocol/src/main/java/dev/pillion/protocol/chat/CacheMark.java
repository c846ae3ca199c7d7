package dev.pillion.protocol.chat;

/**
 * A hint that the prompt up to and including the marked element is worth caching. A hint never
 * changes what a request means, so a vendor without such marks is simply not told.
 */
public enum CacheMark {
    FIVE_MINUTES,
    ONE_HOUR
}
