package dev.pillion.sidecar.edge;

import dev.pillion.protocol.wire.Headers;
import dev.pillion.protocol.wire.Inflation;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads a whole HTTP/1.1 request head (RFC 9112), strictly: what two servers might frame in two
 * ways (both length fields, folded lines, blanks before a colon) is refused. One per loop; it keeps
 * a scratch array, so that a head costs little more than the strings in it.
 */
final class HeadParser {
    private static final int MAX_METHOD_BYTES = 20;
    private static final int MAX_LENGTH_DIGITS = 18;

    private final int maxFields;
    private byte[] bytes = new byte[2048];

    // of the head being read
    private String method = "";
    private String path = "";
    private boolean http11;
    private @Nullable String host;
    private @Nullable String contentLength;
    private @Nullable String transferEncoding;
    private @Nullable String expect;
    private @Nullable String contentEncoding;
    private @Nullable String acceptEncoding;
    private boolean wantsClose;
    private boolean wantsKeepAlive;

    HeadParser(int maxFields) {
        this.maxFields = maxFields;
    }

    /** A head, or why there is none. */
    sealed interface Result permits Parsed, Failed {}

    record Parsed(RequestHead head) implements Result {}

    /**
     * With method and path where they could be read, so that the answer has the surface's shape.
     */
    record Failed(EdgeFault fault, String method, String path) implements Result {}

    /**
     * Reads {@code length} bytes, which end in an empty line, and moves the reader index past them.
     */
    Result parse(ByteBuf in, int length) {
        if (bytes.length < length) {
            bytes = new byte[Math.max(length, 2 * bytes.length)];
        }
        in.readBytes(bytes, 0, length);
        reset();
        int lineEnd = endOfLine(0);
        EdgeFault wrong = methodAndVersion(lineEnd);
        if (wrong != null) {
            return failed(wrong);
        }
        int targetStart = method.length() + 1;
        int targetEnd = lineEnd - " HTTP/1.1".length();
        String problem = RequestTarget.problem(bytes, targetStart, targetEnd);
        if (problem != null) {
            path = RequestTarget.plainStart(bytes, targetStart, targetEnd);
            return failed(EdgeFault.malformed(problem));
        }
        RequestTarget target = RequestTarget.read(bytes, targetStart, targetEnd);
        path = target.path();
        return fields(target, lineEnd + 2, length - 2);
    }

    private void reset() {
        method = "";
        path = "";
        host = null;
        contentLength = null;
        transferEncoding = null;
        expect = null;
        contentEncoding = null;
        acceptEncoding = null;
        wantsClose = false;
        wantsKeepAlive = false;
    }

    private Failed failed(EdgeFault fault) {
        return new Failed(fault, method, path);
    }

    /** The index of the CR that ends the line; the scan has seen to it that there is one. */
    private int endOfLine(int from) {
        int i = from;
        while (bytes[i] != '\n') {
            i++;
        }
        return i - 1;
    }

    private @Nullable EdgeFault methodAndVersion(int lineEnd) {
        int space = 0;
        while (space < lineEnd && HeaderNames.isTokenByte(bytes[space])) {
            space++;
        }
        if (space == 0 || space > MAX_METHOD_BYTES || bytes[space] != ' ') {
            return EdgeFault.malformed("the request line does not begin with a method");
        }
        int version = lineEnd - "HTTP/1.1".length();
        if (version <= space + 1 || bytes[version - 1] != ' ' || !isHttp(version)) {
            return EdgeFault.malformed("the request line does not end in HTTP/1.1");
        }
        if (bytes[version + 5] != '1' || (bytes[version + 7] != '1' && bytes[version + 7] != '0')) {
            return EdgeFault.unsupportedVersion();
        }
        http11 = bytes[version + 7] == '1';
        method = methodName(space);
        return null;
    }

    private boolean isHttp(int at) {
        return bytes[at] == 'H'
                && bytes[at + 1] == 'T'
                && bytes[at + 2] == 'T'
                && bytes[at + 3] == 'P'
                && bytes[at + 4] == '/'
                && bytes[at + 6] == '.';
    }

    private String methodName(int length) {
        if (length == 4 && bytes[0] == 'P' && bytes[1] == 'O' && bytes[2] == 'S') {
            return bytes[3] == 'T' ? "POST" : latin(0, length);
        }
        if (length == 3 && bytes[0] == 'G' && bytes[1] == 'E' && bytes[2] == 'T') {
            return "GET";
        }
        return latin(0, length);
    }

    private String latin(int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }

    private Result fields(RequestTarget target, int from, int to) {
        Headers.Builder fields = Headers.builder();
        int count = 0;
        for (int at = from; at < to; ) {
            if (++count > maxFields) {
                return failed(EdgeFault.headTooLarge("more than " + maxFields + " headers"));
            }
            int lineEnd = endOfLine(at);
            EdgeFault wrong = field(fields, at, lineEnd);
            if (wrong != null) {
                return failed(wrong);
            }
            at = lineEnd + 2;
        }
        return whole(target, fields.build());
    }

    private @Nullable EdgeFault field(Headers.Builder fields, int from, int to) {
        int colon = from;
        while (colon < to && bytes[colon] != ':') {
            colon++;
        }
        String name = colon == to ? null : HeaderNames.read(bytes, from, colon);
        if (name == null) {
            // folded lines and blanks before the colon end here, too
            return EdgeFault.malformed("a header line does not begin with a name and a colon");
        }
        int start = colon + 1;
        int end = to;
        while (start < end && isBlank(bytes[start])) {
            start++;
        }
        while (end > start && isBlank(bytes[end - 1])) {
            end--;
        }
        for (int i = start; i < end; i++) {
            if ((bytes[i] >= 0 && bytes[i] < ' ' && bytes[i] != '\t') || bytes[i] == 0x7f) {
                return EdgeFault.malformed("a header's value has a control character", name);
            }
        }
        String value = latin(start, end);
        if (name.equals("content-encoding")) {
            contentEncoding = joined(contentEncoding, value);
            return null;
        }
        fields.add(new Headers.Field(name, value));
        return note(name, value);
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    /** Keeps what framing depends on; a second one of these is always a trick. */
    private @Nullable EdgeFault note(String name, String value) {
        switch (name) {
            case "host" -> {
                boolean second = host != null;
                host = value;
                return second ? twice(name) : null;
            }
            case "content-length" -> {
                boolean second = contentLength != null;
                contentLength = value;
                return second ? twice(name) : null;
            }
            case "transfer-encoding" -> {
                boolean second = transferEncoding != null;
                transferEncoding = value;
                return second ? twice(name) : null;
            }
            case "expect" -> expect = value;
            case "accept-encoding" -> acceptEncoding = joined(acceptEncoding, value);
            case "connection" -> connection(value.toLowerCase(Locale.ROOT));
            default -> {}
        }
        return null;
    }

    private static String joined(@Nullable String before, String value) {
        return before == null ? value : before + "," + value;
    }

    private static EdgeFault twice(String name) {
        return EdgeFault.malformed("the header " + name + " comes more than once", name);
    }

    private void connection(String value) {
        wantsClose |= hasToken(value, "close");
        wantsKeepAlive |= hasToken(value, "keep-alive");
    }

    private static boolean hasToken(String list, String token) {
        if (list.equals(token)) {
            return true;
        }
        int at = list.indexOf(token);
        while (at >= 0) {
            int end = at + token.length();
            if (isEdge(list, at - 1) && isEdge(list, end)) {
                return true;
            }
            at = list.indexOf(token, end);
        }
        return false;
    }

    private static boolean isEdge(String list, int at) {
        return at < 0 || at >= list.length() || " \t,".indexOf(list.charAt(at)) >= 0;
    }

    private Result whole(RequestTarget target, Headers headers) {
        EdgeFault wrong = framingProblem();
        if (wrong != null) {
            return failed(wrong);
        }
        String length = contentLength;
        String packed = contentEncoding;
        List<Inflation.Coding> codings = packed == null ? List.of() : Codings.ofBody(packed);
        return new Parsed(
                new RequestHead(
                        method,
                        target.path(),
                        target.query(),
                        headers,
                        host,
                        http11,
                        !wantsClose && (http11 || wantsKeepAlive),
                        length == null ? -1 : Long.parseLong(length),
                        transferEncoding != null,
                        http11 && expect != null,
                        codings == null ? List.of() : codings,
                        codings == null && packed != null
                                ? EdgeFault.unknownCoding(packed)
                                : acceptProblem()));
    }

    private @Nullable EdgeFault acceptProblem() {
        String accepted = acceptEncoding;
        return accepted != null && Codings.refusesPlain(accepted) ? EdgeFault.plainRefused() : null;
    }

    private @Nullable EdgeFault framingProblem() {
        if (http11 && host == null) {
            return EdgeFault.malformed("an HTTP/1.1 request must have a host header", "host");
        }
        if (contentLength != null && transferEncoding != null) {
            return EdgeFault.malformed(
                    "both content-length and transfer-encoding are given", "transfer-encoding");
        }
        if (contentLength != null && !isLength(contentLength)) {
            return EdgeFault.malformed("the content-length is no number", "content-length");
        }
        if (transferEncoding != null && !(http11 && transferEncoding.equalsIgnoreCase("chunked"))) {
            return EdgeFault.malformed(
                    "the only transfer-encoding understood is chunked, in HTTP/1.1",
                    "transfer-encoding");
        }
        if (expect != null && http11 && !expect.equalsIgnoreCase("100-continue")) {
            return EdgeFault.unknownExpectation();
        }
        return null;
    }

    private static boolean isLength(String value) {
        if (value.isEmpty() || value.length() > MAX_LENGTH_DIGITS) {
            return false;
        }
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) < '0' || value.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }
}
