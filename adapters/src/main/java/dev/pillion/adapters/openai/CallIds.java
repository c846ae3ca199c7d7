package dev.pillion.adapters.openai;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Ids of tool calls as a server takes them: another vendor's may be too long for it. */
public final class CallIds {
    private static final int HASH_BYTES = 16;

    private final int maxChars;

    public CallIds(int maxChars) {
        this.maxChars = maxChars;
    }

    /** The id itself, or what always stands for it, so that call and result still pair up. */
    public String of(String id) {
        return id.length() <= maxChars ? id : "call_" + hash(id);
    }

    private static String hash(String id) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(id.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, HASH_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
