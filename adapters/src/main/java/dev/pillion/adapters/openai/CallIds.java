package dev.pillion.adapters.openai;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Ids of tool calls as a server takes them: another vendor's may be too long for it, or of another
 * form. One that is taken goes as it is, any other is replaced by what is made of its hash alone.
 */
public final class CallIds {
    private static final int HASH_BYTES = 16;
    private static final String PREFIX = "call_";

    /** Fewer make two calls of one conversation too likely to get the same id. */
    private static final int FEWEST_EXACT = 8;

    /** More than these, a hash does not give. */
    private static final int MOST_EXACT = 24;

    private static final int FEWEST_LONGEST = PREFIX.length() + 2 * HASH_BYTES;

    private final int maxChars;
    private final boolean exact;

    private CallIds(int maxChars, boolean exact) {
        this.maxChars = maxChars;
        this.exact = exact;
    }

    /**
     * Ids of any characters.
     *
     * @param chars the longest, at least 37
     */
    public static CallIds atMost(int chars) {
        if (chars < FEWEST_LONGEST) {
            throw new IllegalArgumentException(
                    "longest call id: " + chars + " (expected: at least " + FEWEST_LONGEST + ")");
        }
        return new CallIds(chars, false);
    }

    /**
     * Ids of exactly so many ASCII letters and digits.
     *
     * @param chars 8 to 24
     */
    public static CallIds exactly(int chars) {
        if (chars < FEWEST_EXACT || chars > MOST_EXACT) {
            throw new IllegalArgumentException(
                    "length of a call id: " + chars + " (expected: 8 to " + MOST_EXACT + ")");
        }
        return new CallIds(chars, true);
    }

    /** The id itself, or what always stands for it, so that call and result still pair up. */
    public String of(String id) {
        if (!exact) {
            return id.length() <= maxChars ? id : PREFIX + HexFormat.of().formatHex(hash(id));
        }
        return isExact(id) ? id : lettersAndDigits(id);
    }

    /** Whether what clients of the format usually send as ids is refused. */
    boolean narrow() {
        return exact;
    }

    private boolean isExact(String id) {
        return id.length() == maxChars
                && id.chars()
                        .allMatch(c ->
                                (c >= '0' && c <= '9')
                                        || (c >= 'a' && c <= 'z')
                                        || (c >= 'A' && c <= 'Z'));
    }

    private String lettersAndDigits(String id) {
        String digits = new BigInteger(1, hash(id)).toString(Character.MAX_RADIX);
        return ("0".repeat(maxChars) + digits).substring(digits.length());
    }

    private static byte[] hash(String id) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(id.getBytes(StandardCharsets.UTF_8));
            return Arrays.copyOf(digest, HASH_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
