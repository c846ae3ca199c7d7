package dev.pillion.adapters;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Looks in a body for seals that Pillion wrote, which no vendor can read.
 *
 * <p>The rule for state on pass-through: what a vendor said itself goes back to that vendor as it
 * is, and no account is known for it, since nobody wrapped it; what Pillion wrapped, or made
 * because another vendor answered, has to be unwrapped first, so that such a request is decoded and
 * told to the vendor by translation, bound to the accounts that its seals name.
 */
public final class OwnSeals {
    private static final byte[] MARK = "\"pillion:".getBytes(StandardCharsets.US_ASCII);

    private OwnSeals() {}

    /** Whether a string of the JSON begins as our seals do; a text that does is taken for one. */
    public static boolean in(byte[] json) {
        int last = json.length - MARK.length;
        for (int at = 0; at <= last; at++) {
            if (json[at] == '"'
                    && json[at + 1] == 'p'
                    && (at == 0 || json[at - 1] != '\\') // Escaped, it is inside a text.
                    && Arrays.equals(json, at, at + MARK.length, MARK, 0, MARK.length)) {
                return true;
            }
        }
        return false;
    }
}
