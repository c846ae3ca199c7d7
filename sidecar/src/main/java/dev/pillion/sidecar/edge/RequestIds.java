package dev.pillion.sidecar.edge;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.SplittableRandom;

/** Makes request ids: ULIDs, 26 characters that sort by time. One per loop. */
final class RequestIds {
    private static final byte[] DIGITS =
            "0123456789ABCDEFGHJKMNPQRSTVWXYZ".getBytes(StandardCharsets.US_ASCII);

    private final SplittableRandom random = new SplittableRandom(new SecureRandom().nextLong());
    private final byte[] id = new byte[26];

    String next() {
        put(0, 10, System.currentTimeMillis());
        put(10, 8, random.nextLong());
        put(18, 8, random.nextLong());
        return new String(id, StandardCharsets.ISO_8859_1);
    }

    private void put(int from, int count, long bits) {
        long rest = bits;
        for (int i = from + count - 1; i >= from; i--) {
            id[i] = DIGITS[(int) (rest & 31)];
            rest >>>= 5;
        }
    }
}
