package dev.pillion.adapters.gemini;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Ids for calls that came without one, as from models before Gemini 3: the same for the same call
 * of the same answer, unlike those of any other answer, and recognisable, so that they are left out
 * again towards the vendor, which then matches by name and order.
 */
final class GeminiCallIds {
    static final String PREFIX = "gcall_";

    private static final Pattern MADE = Pattern.compile(PREFIX + "[0-9a-f]{16}_[0-9]{1,9}");
    private static final int HASH_CHARS = 16;

    private GeminiCallIds() {}

    /**
     * What the ids of one answer begin with.
     *
     * @param responseId the answer's id; empty where it has none, and chance must do
     */
    static String prefix(String responseId) {
        String seed = responseId.isEmpty() ? UUID.randomUUID().toString() : responseId;
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(seed.getBytes(StandardCharsets.UTF_8));
            return PREFIX + HexFormat.of().formatHex(digest).substring(0, HASH_CHARS) + "_";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Whether the id was made here. */
    static boolean isMade(String id) {
        return MADE.matcher(id).matches();
    }
}
