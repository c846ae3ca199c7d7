package dev.pillion.adapters.gemini;

import dev.pillion.adapters.Surface;
import dev.pillion.protocol.wire.Json;
import dev.pillion.protocol.wire.MalformedJson;
import java.nio.charset.StandardCharsets;

/**
 * Whether a client wants to see thinking: {@code generationConfig.thinkingConfig.includeThoughts}.
 * One that does not ask reads the first part as the answer, so that a thought must not be it.
 */
final class ThoughtsAsked {
    private static final byte[] WORD = "houghts".getBytes(StandardCharsets.US_ASCII);

    private ThoughtsAsked() {}

    static boolean by(Surface client) {
        if (!mentions(client.body())) {
            return false; // The common case, without reading the body once more.
        }
        try {
            GeminiObject root = GeminiObject.of(Json.read(client.body()), "");
            GeminiObject config = root.object("generationConfig");
            GeminiObject thinking = config == null ? null : config.object("thinkingConfig");
            return thinking != null && thinking.flag("includeThoughts");
        } catch (MalformedJson e) {
            return false; // It was refused as such before.
        }
    }

    private static boolean mentions(byte[] body) {
        for (int i = 0; i + WORD.length <= body.length; i++) {
            int matched = 0;
            while (matched < WORD.length && body[i + matched] == WORD[matched]) {
                matched++;
            }
            if (matched == WORD.length) {
                return true;
            }
        }
        return false;
    }
}
