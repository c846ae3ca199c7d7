package dev.pillion.sidecar.edge;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads header names to lower case; names seen all the time cost no new string. */
final class HeaderNames {
    private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";

    /** The lower-case form of each byte of a token (RFC 9110), 0 for any other byte. */
    private static final byte[] LOWER = lowerTable();

    private static final int SLOTS = 1024;
    private static final @Nullable String[] KNOWN = known();

    private HeaderNames() {}

    /** The name in lower case, or null when it is no token. */
    static @Nullable String read(byte[] bytes, int from, int to) {
        if (from >= to) {
            return null;
        }
        String candidate = KNOWN[slot(bytes, from, to)];
        if (candidate != null && same(candidate, bytes, from, to)) {
            return candidate;
        }
        return lowered(bytes, from, to);
    }

    static boolean isToken(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 128 || LOWER[c] == 0) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    static boolean isTokenByte(byte b) {
        return LOWER[b & 0xff] != 0;
    }

    private static @Nullable String lowered(byte[] bytes, int from, int to) {
        byte[] lower = new byte[to - from];
        for (int i = from; i < to; i++) {
            byte b = LOWER[bytes[i] & 0xff];
            if (b == 0) {
                return null;
            }
            lower[i - from] = b;
        }
        return new String(lower, StandardCharsets.ISO_8859_1);
    }

    private static boolean same(String name, byte[] bytes, int from, int to) {
        if (name.length() != to - from) {
            return false;
        }
        for (int i = from; i < to; i++) {
            if (LOWER[bytes[i] & 0xff] != name.charAt(i - from)) {
                return false;
            }
        }
        return true;
    }

    private static int slot(byte[] bytes, int from, int to) {
        int first = LOWER[bytes[from] & 0xff];
        int middle = LOWER[bytes[(from + to) >>> 1] & 0xff];
        int last = LOWER[bytes[to - 1] & 0xff];
        return (((first * 31 + middle) * 31 + last) * 31 + (to - from)) & (SLOTS - 1);
    }

    private static byte[] lowerTable() {
        byte[] table = new byte[256];
        for (int c = 0; c < 128; c++) {
            if (Character.isLetterOrDigit(c) || TOKEN_MARKS.indexOf(c) >= 0) {
                table[c] = (byte) Character.toLowerCase(c);
            }
        }
        return table;
    }

    /** What HTTP clients and the vendors' SDKs send; two names in one slot: the first wins. */
    private static @Nullable String[] known() {
        @Nullable String[] table = new @Nullable String[SLOTS];
        for (String name : common()) {
            byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
            int slot = slot(bytes, 0, bytes.length);
            if (table[slot] == null) {
                table[slot] = name;
            }
        }
        return table;
    }

    private static List<String> common() {
        return List.of(
                "host",
                "content-length",
                "content-type",
                "transfer-encoding",
                "connection",
                "accept",
                "accept-encoding",
                "accept-language",
                "authorization",
                "user-agent",
                "expect",
                "x-api-key",
                "anthropic-version",
                "anthropic-beta",
                "openai-organization",
                "openai-project",
                "openai-beta",
                "x-goog-api-key",
                "x-goog-api-client",
                "idempotency-key",
                "traceparent",
                "tracestate",
                "x-pillion-caller",
                "x-pillion-tags",
                "x-pillion-failover",
                "x-pillion-lossy",
                "x-pillion-passthrough",
                "x-pillion-prefer",
                "x-pillion-deadline-ms",
                "x-pillion-max-cost-usd",
                "x-stainless-arch",
                "x-stainless-async",
                "x-stainless-helper-method",
                "x-stainless-lang",
                "x-stainless-os",
                "x-stainless-package-version",
                "x-stainless-read-timeout",
                "x-stainless-retry-count",
                "x-stainless-runtime",
                "x-stainless-runtime-version",
                "x-stainless-stream-helper",
                "x-stainless-timeout");
    }
}
