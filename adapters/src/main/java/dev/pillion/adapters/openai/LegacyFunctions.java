package dev.pillion.adapters.openai;

import dev.pillion.adapters.Surface;
import dev.pillion.protocol.wire.ByteSearch;
import java.nio.charset.StandardCharsets;

/** Whether a client speaks the deprecated form: {@code functions} instead of {@code tools}. */
final class LegacyFunctions {
    private static final byte[] FUNCTIONS = "\"functions\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TOOLS = "\"tools\"".getBytes(StandardCharsets.US_ASCII);

    private LegacyFunctions() {}

    static boolean used(Surface client) {
        byte[] body = client.body();
        return ByteSearch.indexOf(body, 0, body.length, FUNCTIONS) >= 0
                && ByteSearch.indexOf(body, 0, body.length, TOOLS) < 0;
    }
}
