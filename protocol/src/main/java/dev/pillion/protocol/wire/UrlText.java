package dev.pillion.protocol.wire;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Text in a URL's path or query (RFC 3986). */
public final class UrlText {
    private UrlText() {}

    /** The text, percent-decoded once; null when that is not possible. */
    public static @Nullable String decoded(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        byte[] bytes = new byte[text.length()];
        int size = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '%') {
                bytes[size++] = (byte) c;
                continue;
            }
            int high = i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
            int low = i + 2 < text.length() ? Character.digit(text.charAt(i + 2), 16) : -1;
            if (high < 0 || low < 0) {
                return null;
            }
            bytes[size++] = (byte) (high << 4 | low);
            i += 2;
        }
        return Utf8.firstInvalid(bytes, 0, size) >= 0
                ? null
                : new String(bytes, 0, size, StandardCharsets.UTF_8);
    }
}
