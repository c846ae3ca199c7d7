package dev.pillion.adapters.anthropic;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Ids of tool calls in the characters and length that Anthropic takes. */
final class ToolIds {
    private static final int HASH_CHARS = 12;

    private ToolIds() {}

    /** The id itself where it fits; else a readable rest with a hash, the same for the same id. */
    static String fit(String id) {
        if (fits(id)) {
            return id;
        }
        String clean = id.replaceAll("[^A-Za-z0-9_-]", "_");
        int room = Api.MAX_ID_CHARS - HASH_CHARS - 1;
        return clean.substring(0, Math.min(clean.length(), room)) + "_" + hash(id);
    }

    /** Whether Anthropic takes the id as it is. */
    static boolean fits(String id) {
        if (id.isEmpty() || id.length() > Api.MAX_ID_CHARS) {
            return false;
        }
        return isPlain(id);
    }

    /** Whether all characters are letters, digits, underscore or hyphen of ASCII. */
    static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            if (!letter && !(c >= '0' && c <= '9') && c != '_' && c != '-') {
                return false;
            }
        }
        return true;
    }

    private static String hash(String id) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(id.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, HASH_CHARS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
