package dev.pillion.sidecar.edge;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A request target that can't mean two things: origin form (RFC 9112, 3.2.1) only, and no path
 * trick that some server behind might resolve in another way than we do.
 */
record RequestTarget(String path, @Nullable String query) {
    private static final String MODELS = "/models/";

    /** Reads bytes that have no {@link #problem}. */
    static RequestTarget read(byte[] bytes, int from, int to) {
        int mark = questionMark(bytes, from, to);
        String path = new String(bytes, from, mark - from, StandardCharsets.ISO_8859_1);
        if (mark == to) {
            return new RequestTarget(path, null);
        }
        int start = mark + 1;
        return new RequestTarget(
                path, new String(bytes, start, to - start, StandardCharsets.ISO_8859_1));
    }

    /** What is wrong with the target; null when nothing is. */
    static @Nullable String problem(byte[] bytes, int from, int to) {
        if (from == to || bytes[from] != '/') {
            return "the request target must be a path that begins with /";
        }
        if (from + 1 < to && bytes[from + 1] == '/') {
            return "the request target begins with //";
        }
        for (int i = from; i < to; i++) {
            if (bytes[i] <= ' ' || bytes[i] == 0x7f || bytes[i] == '#') {
                return "the request target has a character that must be percent-encoded";
            }
        }
        return pathProblem(bytes, from, questionMark(bytes, from, to));
    }

    /** The segments before anything odd: tells the surface that a bad target was meant for. */
    static String plainStart(byte[] bytes, int from, int to) {
        int end = from;
        for (int i = from; i < to; i++) {
            byte b = bytes[i];
            boolean letter = (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z');
            if (b == '/') {
                end = i + 1;
            } else if (!letter && !(b >= '0' && b <= '9') && b != '_' && b != '-') {
                break;
            }
        }
        return new String(bytes, from, end - from, StandardCharsets.ISO_8859_1);
    }

    private static int questionMark(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == '?') {
                return i;
            }
        }
        return to;
    }

    /** Walks the segments as a server that decodes would see them. */
    private static @Nullable String pathProblem(byte[] bytes, int from, int to) {
        int start = from + 1;
        for (int i = from + 1; i <= to; i++) {
            boolean encoded = i < to && bytes[i] == '%';
            int c = i == to ? '/' : decoded(bytes, i, to);
            if (c < ' ' || c == 0x7f || c == '\\') {
                return "the path has a bad percent-encoding, a control character or a backslash";
            }
            if (c == '/' && isDots(bytes, start, i)) {
                return "the path has a dot segment";
            }
            if (c == '/' && encoded && !insideModelId(bytes, from, i)) {
                return "the path has an encoded slash outside of a model id";
            }
            i += encoded ? 2 : 0;
            start = c == '/' ? i + 1 : start;
        }
        return null;
    }

    /** Also with parameters: "..;x" is a dot segment to servers that know them. */
    private static boolean isDots(byte[] bytes, int from, int to) {
        int dots = 0;
        for (int i = from; i < to; i++) {
            int c = decoded(bytes, i, to);
            if (c == ';') {
                break;
            }
            if (c != '.') {
                return false;
            }
            dots++;
            i += bytes[i] == '%' ? 2 : 0;
        }
        return dots == 1 || dots == 2;
    }

    /** The byte at i, percent-decoded; -1 when it is no valid encoding. */
    private static int decoded(byte[] bytes, int i, int to) {
        if (bytes[i] != '%') {
            return bytes[i] & 0xff;
        }
        if (i + 2 >= to) {
            return -1;
        }
        int high = Character.digit(bytes[i + 1], 16);
        int low = Character.digit(bytes[i + 2], 16);
        return high < 0 || low < 0 ? -1 : high << 4 | low;
    }

    /** SDKs encode the slash of a qualified id: {@code /v1/models/anthropic%2Fclaude-…}. */
    private static boolean insideModelId(byte[] bytes, int from, int at) {
        String before = new String(bytes, from, at - from, StandardCharsets.ISO_8859_1);
        return before.contains(MODELS);
    }
}
