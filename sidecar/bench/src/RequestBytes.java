package dev.pillion.bench;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/** The little of HTTP that is needed of a request in a byte array. */
final class RequestBytes {
    static final byte[] DRIP = Payloads.bytes(Payloads.DRIP + "\"");
    private static final byte[] STREAM = Payloads.bytes("\"stream\"");
    private static final int EDGE = 4096;

    private RequestBytes() {}

    /** Where the first request ends, or -1 while it is incomplete. */
    static int end(byte[] data, int length) {
        int head = indexOf(data, 0, length, Payloads.bytes("\r\n\r\n"));
        if (head < 0) {
            return -1;
        }
        String text =
                new String(data, 0, head, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
        int body = head + 4;
        int at = text.indexOf("\r\ncontent-length:");
        if (at >= 0) {
            int lineEnd = text.indexOf('\r', at + 2);
            String size = text.substring(at + 17, lineEnd < 0 ? text.length() : lineEnd);
            int end = body + Integer.parseInt(size.strip());
            return end <= length ? end : -1;
        }
        return text.contains("\r\ntransfer-encoding: chunked")
                ? endOfChunks(data, body, length)
                : body;
    }

    private static int endOfChunks(byte[] data, int from, int length) {
        int at = from;
        while (true) {
            int line = indexOf(data, at, length, Payloads.bytes("\r\n"));
            if (line < 0) {
                return -1;
            }
            String size = new String(data, at, line - at, StandardCharsets.ISO_8859_1);
            int bytes = Integer.parseInt(size.strip(), 16);
            at = line + 2 + bytes + 2;
            if (at > length) {
                return -1;
            }
            if (bytes == 0) {
                return at;
            }
        }
    }

    static String path(byte[] data, int end) {
        int start = indexOf(data, 0, end, Payloads.bytes(" ")) + 1;
        int stop = indexOf(data, start, end, Payloads.bytes(" "));
        String path = new String(data, start, stop - start, StandardCharsets.ISO_8859_1);
        int query = path.indexOf('?');
        return query < 0 ? path : path.substring(0, query);
    }

    /** Looks at both ends of the request alone: the middle is the conversation. */
    static int near(byte[] data, int end, byte[] wanted) {
        int at = indexOf(data, 0, Math.min(end, EDGE), wanted);
        return at >= 0 ? at : indexOf(data, Math.max(0, end - EDGE), end, wanted);
    }

    static boolean wantsStream(byte[] data, int end) {
        int at = near(data, end, STREAM);
        if (at < 0) {
            return false;
        }
        String rest = new String(data, at, Math.min(24, end - at), StandardCharsets.US_ASCII);
        return rest.replace(" ", "").startsWith("\"stream\":true");
    }

    static int indexOf(byte[] data, int from, int to, byte[] wanted) {
        byte first = wanted[0];
        for (int i = from; i <= to - wanted.length; i++) {
            if (data[i] == first
                    && Arrays.equals(data, i, i + wanted.length, wanted, 0, wanted.length)) {
                return i;
            }
        }
        return -1;
    }
}
