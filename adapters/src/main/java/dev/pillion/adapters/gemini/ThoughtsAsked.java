package dev.pillion.adapters.gemini;

import dev.pillion.adapters.Surface;
import dev.pillion.protocol.wire.ByteSearch;
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
        byte[] body = client.body();
        if (ByteSearch.indexOf(body, 0, body.length, WORD) < 0) {
            return false; // The common case, without reading the body once more.
        }
        try {
            GeminiObject root = GeminiObject.of(Json.readUtf8(body), "");
            GeminiObject config = root.object("generationConfig");
            GeminiObject thinking = config == null ? null : config.object("thinkingConfig");
            return thinking != null && thinking.flag("includeThoughts");
        } catch (MalformedJson e) {
            return false; // It was refused as such before.
        }
    }
}
