package dev.pillion.sidecar.simulate.kit;

import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/** Ids that look like a vendor's and never repeat within a simulator. */
public final class Ids {
    private static final String LETTERS =
            "0123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    private final AtomicLong next = new AtomicLong(1);

    /** Prefix, then 22 letters and digits. */
    public String next(String prefix) {
        var id = new StringBuilder(prefix).append("01");
        long rest = next.getAndIncrement() * 0x9E3779B97F4A7C15L;
        for (int i = 0; i < 22; i++) {
            id.append(LETTERS.charAt((int) Long.remainderUnsigned(rest, LETTERS.length())));
            rest = Long.divideUnsigned(rest, 3) ^ (rest * 31 + i);
        }
        return id.toString();
    }

    /** Prefix, then 32 hexadecimal digits. */
    public String nextHex(String prefix) {
        long number = next.getAndIncrement();
        return prefix
                + String.format(
                        Locale.ROOT, "%016x%016x", number * 0x9E3779B97F4A7C15L, number * 31 + 7);
    }

    /** A UUID, bare. */
    public String nextUuid() {
        var hex = nextHex("");
        return String.join(
                "-",
                hex.substring(0, 8),
                hex.substring(8, 12),
                hex.substring(12, 16),
                hex.substring(16, 20),
                hex.substring(20));
    }
}
