package dev.pillion.adapters;

import dev.pillion.protocol.wire.ByteSearch;
import java.nio.charset.StandardCharsets;

/**
 * Finds whether a request lets its vendor leave out some of the conversation, so that nobody else
 * knows how long the prompt will be: {@code truncation} of the OpenAI API 2.3.0, {@code
 * context_management} there and of the Anthropic API 2026-11-20.
 */
public final class VendorCuts {
    private static final byte[][] FIELDS = {
        "\"truncation\"".getBytes(StandardCharsets.US_ASCII),
        "\"context_management\"".getBytes(StandardCharsets.US_ASCII)
    };

    private VendorCuts() {}

    /** Whether such a field is anywhere in the body, whatever its value. */
    public static boolean in(byte[] body) {
        for (byte[] field : FIELDS) {
            if (ByteSearch.indexOf(body, 0, body.length, field) >= 0) {
                return true;
            }
        }
        return false;
    }
}
