package dev.pillion.sidecar.admit;

import java.math.BigDecimal;

/**
 * What a request is expected to cost, before it is sent.
 *
 * @param usd not negative; 0 where nobody can tell
 * @param free whether it surely costs nothing
 */
public record Reserve(BigDecimal usd, boolean free) {
    /** It costs nothing, whoever answers. */
    public static final Reserve FREE = new Reserve(BigDecimal.ZERO, true);

    /** Nobody knows beforehand what it costs. */
    public static final Reserve UNKNOWN = new Reserve(BigDecimal.ZERO, false);

    public static Reserve of(BigDecimal usd) {
        return new Reserve(usd, false);
    }
}
