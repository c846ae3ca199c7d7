package dev.pillion.adapters.openai.responses;

import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.Message;
import dev.pillion.protocol.chat.Part;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A name for a conversation that stays while it grows: the hash of how it begins. */
final class CacheKey {
    private static final int HASH_BYTES = 16;

    private CacheKey() {}

    /** The name; null when it begins with nothing that could be named. */
    static @Nullable String of(ChatRequest request) {
        MessageDigest digest = sha256();
        boolean any = texts(request.system(), digest);
        List<Message> messages = request.messages();
        any |= !messages.isEmpty() && texts(messages.getFirst().content(), digest);
        return any ? "pillion-" + HexFormat.of().formatHex(digest.digest(), 0, HASH_BYTES) : null;
    }

    private static boolean texts(List<? extends Part> parts, MessageDigest digest) {
        boolean any = false;
        for (Part part : parts) {
            if (part instanceof Part.Text text && !text.text().isEmpty()) {
                digest.update(text.text().getBytes(StandardCharsets.UTF_8));
                digest.update((byte) 0);
                any = true;
            }
        }
        return any;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
