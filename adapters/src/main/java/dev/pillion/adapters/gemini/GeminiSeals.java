package dev.pillion.adapters.gemini;

import dev.pillion.protocol.chat.Seal;
import dev.pillion.protocol.chat.Seals;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
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

    /** How what only Pillion can read begins as a string: seals, and ids of calls without one. */
    private static final List<byte[]> OWN =
            List.of(
                    ('"' + OURS).getBytes(StandardCharsets.US_ASCII),
                    ('"' + GeminiCallIds.PREFIX).getBytes(StandardCharsets.US_ASCII));

    private GeminiSeals() {}

    /**
     * Whether a string of the JSON begins as our seals or ids do; a text that does is taken for
     * one. What the rule is, {@link dev.pillion.adapters.OwnSeals} says.
     */
    static boolean in(byte[] json) {
        for (int at = 0; at < json.length; at++) {
            if (json[at] == '"' && (at == 0 || json[at - 1] != '\\') && isOwn(json, at)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isOwn(byte[] json, int at) {
        for (byte[] own : OWN) {
            int end = at + own.length;
            if (end <= json.length && Arrays.equals(json, at, end, own, 0, own.length)) {
                return true;
            }
        }
        return false;
    }

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

    static boolean isSentinel(String signature) {
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
