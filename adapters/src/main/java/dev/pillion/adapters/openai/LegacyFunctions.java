package dev.pillion.adapters.openai;

import dev.pillion.adapters.Surface;
import dev.pillion.protocol.wire.ByteSearch;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Whether a client speaks the deprecated form: {@code functions} instead of {@code tools}. */
final class LegacyFunctions {
    private static final byte[] FUNCTIONS = "\"functions\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TOOLS = "\"tools\"".getBytes(StandardCharsets.US_ASCII);

    private final Surface client;
    private @Nullable Boolean used;

    LegacyFunctions(Surface client) {
        this.client = client;
    }

    /** Looks only when a call is to be told: most answers have none. */
    boolean used() {
        if (used == null) {
            byte[] body = client.body();
            used =
                    ByteSearch.indexOf(body, 0, body.length, FUNCTIONS) >= 0
                            && ByteSearch.indexOf(body, 0, body.length, TOOLS) < 0;
        }
        return used;
    }
}
