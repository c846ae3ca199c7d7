package dev.pillion.sidecar.simulate.kit;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Opaque vendor state as it is handed out and checked when it comes back: thinking signatures,
 * encrypted search content. A seal covers a text, and no more is known of it than that.
 */
public final class Seals {
    private static final int MAC_BYTES = 24;
    private final SecretKeySpec key;
    private final String mark;

    /**
     * @param account whose seals these are; another account's do not verify
     * @param mark how every seal begins, so that foreign ones are told apart; base64 characters
     */
    public Seals(String account, String mark) {
        this.key =
                new SecretKeySpec(
                        ("seals of " + account).getBytes(StandardCharsets.UTF_8), "HmacSHA256");
        this.mark = mark;
    }

    public String seal(String text) {
        return mark + Base64.getEncoder().encodeToString(mac(text));
    }

    /** Whether the seal was made here, or claims so. */
    public boolean isOurs(String seal) {
        return seal.startsWith(mark);
    }

    public boolean verifies(String seal, String text) {
        return MessageDigest.isEqual(
                seal(text).getBytes(StandardCharsets.UTF_8), seal.getBytes(StandardCharsets.UTF_8));
    }

    private byte[] mac(String text) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return Arrays.copyOf(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)), MAC_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a JDK without HmacSHA256", e);
        }
    }

    /** A short digest of a text. */
    public static String digest(String text) {
        try {
            var hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, 12));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a JDK without SHA-256", e);
        }
    }
}
