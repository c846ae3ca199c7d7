package dev.pillion.sidecar.upstream;

import dev.pillion.protocol.wire.Headers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Status line and fields of one answer, and what they say of framing and connection. */
final class ReplyHead {
    private static final byte[] NAME = nameTable();

    private final List<Headers.Field> before;
    private final List<Headers.Field> fields = new ArrayList<>(24);
    private final List<String> dropped = new ArrayList<>(2);
    private int status;
    private boolean old;
    private boolean keepAlive;
    private long keepAliveSeconds = -1;
    private boolean chunked;
    private long contentLength = -1;

    private ReplyHead(List<Headers.Field> before) {
        this.before = before;
    }

    /** Of the first answer on a connection. */
    static ReplyHead first() {
        return new ReplyHead(List.of());
    }

    /** Of the answer, or the next head of the same one, that comes after this. */
    ReplyHead next() {
        return new ReplyHead(fields.isEmpty() ? before : fields);
    }

    /** Takes the status line. */
    void status(byte[] line, int length) throws BadReply {
        String text = new String(line, 0, length, StandardCharsets.ISO_8859_1);
        boolean http = length >= 12 && text.startsWith("HTTP/1.") && text.charAt(8) == ' ';
        http = http && isDigit(text, 7) && isDigit(text, 9) && isDigit(text, 10);
        if (!http || (length > 12 && text.charAt(12) != ' ')) {
            throw notHttp(line, length);
        }
        status = isDigit(text, 11) ? Integer.parseInt(text.substring(9, 12)) : 0;
        if (status < 100 || status > 599) {
            throw new BadReply("answered a status that is none (expected: 100 to 599)");
        }
        old = text.charAt(7) == '0';
    }

    /** Takes one field, or the continuation of the one before. */
    void field(byte[] line, int length) throws BadReply {
        for (int i = 0; i < length; i++) {
            if (line[i] == '\0' || line[i] == '\r') {
                throw new BadReply("sent a header with a control character");
            }
        }
        if (line[0] == ' ' || line[0] == '\t') {
            continued(text(line, 0, length));
            return;
        }
        int colon = 0;
        while (colon < length && NAME[line[colon] & 0xFF] != 0) {
            line[colon] = NAME[line[colon] & 0xFF];
            colon++;
        }
        if (colon == 0 || colon == length || line[colon] != ':') {
            throw new BadReply("sent a header that is no header");
        }
        fields.add(field(line, colon, length));
    }

    /**
     * What stands as it did in the answer before is not made anew: vendors send some twenty fields,
     * always the same ones, and most of them with the same values.
     */
    private Headers.Field field(byte[] line, int colon, int length) {
        int index = fields.size();
        Headers.Field last = index < before.size() ? before.get(index) : null;
        if (last == null || !isText(last.name(), line, 0, colon)) {
            String name = new String(line, 0, colon, StandardCharsets.ISO_8859_1);
            return new Headers.Field(name, text(line, colon + 1, length));
        }
        int first = colon + 1;
        while (first < length && isBlank(line[first])) {
            first++;
        }
        return isText(last.value(), line, first, length)
                ? last
                : new Headers.Field(last.name(), text(line, first, length));
    }

    private static boolean isText(String text, byte[] line, int from, int to) {
        if (text.length() != to - from) {
            return false;
        }
        for (int i = from; i < to; i++) {
            if (text.charAt(i - from) != (line[i] & 0xFF)) {
                return false;
            }
        }
        return true;
    }

    /** Without white space around it. */
    private static String text(byte[] line, int from, int to) {
        int first = from;
        int end = to;
        while (first < end && isBlank(line[first])) {
            first++;
        }
        while (end > first && isBlank(line[end - 1])) {
            end--;
        }
        return new String(line, first, end - first, StandardCharsets.ISO_8859_1);
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || (b >= '\t' && b <= '\r') || (b >= 0x1C && b <= 0x1F);
    }

    /** All fields are in. */
    void finish() throws BadReply {
        keepAlive = !old;
        String coding = null;
        for (Headers.Field field : fields) {
            String value = field.value();
            switch (field.name()) {
                case "connection" -> connection(value);
                case "keep-alive" -> keepAliveHint(value);
                case "content-length" -> length(value);
                case "transfer-encoding" -> coding = coding == null ? value : coding + "," + value;
                default -> {}
            }
        }
        if (coding != null) {
            transferCoding(coding.toLowerCase(Locale.ROOT));
        }
    }

    int status() {
        return status;
    }

    boolean chunked() {
        return chunked;
    }

    /** -1 when not stated. */
    long contentLength() {
        return contentLength;
    }

    boolean keepAlive() {
        return keepAlive;
    }

    /** How long the vendor says that it keeps an idle connection; -1 when it doesn't. */
    long keepAliveSeconds() {
        return keepAliveSeconds;
    }

    void closesConnectionIf(boolean so) {
        keepAlive &= !so;
    }

    /** How the body is packed, empty when it isn't; that header is then not handed on. */
    String coding() {
        String coding = "";
        for (Headers.Field field : fields) {
            if (field.name().equals("content-encoding")) {
                for (String word : field.value().toLowerCase(Locale.ROOT).split(",", -1)) {
                    String name = word.strip();
                    boolean none = name.isEmpty() || name.equals("identity");
                    coding = none ? coding : coding.isEmpty() ? name : coding + ", " + name;
                }
            }
        }
        dropped.add("content-encoding");
        return coding;
    }

    /** Without those that concern the connection and the framing. */
    Headers headers() {
        return kept(fields.size()).build();
    }

    /** Likewise, with the length that is stated: that of what is handed on where it comes so. */
    Headers headersAsStated() {
        Headers.Builder kept = kept(fields.size() + 1);
        if (!chunked && contentLength >= 0) {
            kept.add("content-length", Long.toString(contentLength));
        }
        return kept.build();
    }

    private Headers.Builder kept(int most) {
        var builder = Headers.builder(most);
        for (Headers.Field field : fields) {
            if (!isHopByHop(field.name()) && !dropped.contains(field.name())) {
                builder.add(field);
            }
        }
        return builder;
    }

    private static boolean isHopByHop(String name) {
        return switch (name) {
            case "connection",
                    "content-length",
                    "keep-alive",
                    "proxy-authenticate",
                    "proxy-authentication-info",
                    "proxy-connection",
                    "te",
                    "trailer",
                    "transfer-encoding",
                    "upgrade" ->
                    true;
            default -> false;
        };
    }

    static BadReply notHttp(byte[] line, int length) {
        boolean tls = length >= 2 && line[0] >= 0x14 && line[0] <= 0x17 && line[1] == 3;
        return new BadReply(
                tls
                        ? "answered with TLS (expected: HTTP/1.1; is https meant?)"
                        : "answered something that is not HTTP/1.1");
    }

    private void continued(String more) throws BadReply {
        if (fields.isEmpty()) {
            throw new BadReply("sent a header that is no header");
        }
        Headers.Field last = fields.removeLast();
        fields.add(new Headers.Field(last.name(), (last.value() + " " + more).strip()));
    }

    private void connection(String value) {
        for (String word : value.toLowerCase(Locale.ROOT).split(",", -1)) {
            String token = word.strip();
            if (token.equals("close")) {
                keepAlive = false;
            } else if (token.equals("keep-alive") && old) {
                keepAlive = true;
            } else if (!token.isEmpty()) {
                dropped.add(token);
            }
        }
    }

    private void keepAliveHint(String value) {
        for (String word : value.toLowerCase(Locale.ROOT).split(",", -1)) {
            String text = word.strip();
            String digits = text.startsWith("timeout=") ? text.substring(8) : "";
            if (!digits.isEmpty() && digits.length() < 9 && isNumber(digits)) {
                keepAliveSeconds = Long.parseLong(digits);
            }
        }
    }

    private void length(String value) throws BadReply {
        for (String word : value.split(",", -1)) {
            String digits = word.strip();
            if (digits.isEmpty() || digits.length() > 18 || !isNumber(digits)) {
                throw new BadReply("stated a content-length that is no number of bytes");
            }
            long bytes = Long.parseLong(digits);
            if (contentLength >= 0 && contentLength != bytes) {
                throw new BadReply("stated two different content-lengths");
            }
            contentLength = bytes;
        }
    }

    /** Where both framings are stated the chunks count, and the connection is not trusted on. */
    private void transferCoding(String coding) throws BadReply {
        if (!coding.equals("chunked")) {
            throw new BadReply("used a transfer coding that was not asked for (expected: chunked)");
        }
        chunked = true;
        keepAlive &= contentLength < 0 && !old;
    }

    private static boolean isDigit(String text, int at) {
        return text.charAt(at) >= '0' && text.charAt(at) <= '9';
    }

    private static boolean isNumber(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isDigit(text, i)) {
                return false;
            }
        }
        return true;
    }

    /** What names are made of (RFC 9110, 5.6.2), in lower case; 0 for all else. */
    private static byte[] nameTable() {
        byte[] table = new byte[256];
        for (int c = '!'; c < 0x7F; c++) {
            if ("\"(),/:;<=>?@[\\]{}".indexOf(c) < 0) {
                table[c] = (byte) Character.toLowerCase(c);
            }
        }
        return table;
    }
}
