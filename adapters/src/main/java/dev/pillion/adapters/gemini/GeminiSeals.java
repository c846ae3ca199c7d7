package dev.pillion.adapters.gemini;

import dev.pillion.protocol.chat.Seal;
import dev.pillion.protocol.chat.Seals;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * {@code thoughtSignature} on this surface: a vendor's own as it came, or one of ours, which is
 * base64 of {@link Seals}' text, since the field holds bytes and SDKs write them anew (Python's in
 * the URL's alphabet).
 */
final class GeminiSeals {
    /** The beginning of every signature of ours: base64 of {@code pillion:}. */
    private static final String OURS = "cGlsbGlvbj";

    private static final String SENTINEL_BYTES =
            Base64.getEncoder()
                    .withoutPadding()
                    .encodeToString(GeminiApi.NO_SIGNATURE.getBytes(StandardCharsets.UTF_8));

    private GeminiSeals() {}

    static String write(Seal seal) {
        byte[] text = Seals.write(seal).getBytes(StandardCharsets.UTF_8);
        return Base64.getEncoder().encodeToString(text);
    }

    /** The seal in a signature; null where it says that there is none. */
    static @Nullable Seal read(String signature, String pointer) {
        if (signature.isEmpty() || isSentinel(signature)) {
            return null;
        }
        String ours = unwrapped(signature);
        return ours == null
                ? new Seal(GeminiApi.NAME, null, null, signature)
                : Seals.read(ours, pointer);
    }

    private static boolean isSentinel(String signature) {
        return signature.equals(GeminiApi.NO_SIGNATURE)
                || signature.replace("=", "").equals(SENTINEL_BYTES);
    }

    private static @Nullable String unwrapped(String signature) {
        if (!signature.startsWith(OURS)) {
            return null;
        }
        try {
            String standard = signature.replace('-', '+').replace('_', '/');
            byte[] bytes = Base64.getDecoder().decode(standard.getBytes(StandardCharsets.US_ASCII));
            String text = new String(bytes, StandardCharsets.UTF_8);
            return Seals.isOurs(text) ? text : null;
        } catch (IllegalArgumentException e) {
            return null; // Begins like ours by chance, or was cut: then it is nobody's.
        }
    }
}
