package dev.pillion.sidecar.edge;

import dev.pillion.protocol.wire.Headers;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Encodes the heads of answers into a scratch array that lives with the loop. */
final class HeadWriter {
    private static final int MAX_STATUS = 999;
    private static final byte[] CLOSE = ascii("connection: close\r\n");
    private static final byte[] KEEP_ALIVE = ascii("connection: keep-alive\r\n");
    private static final byte[] CHUNKED = ascii("transfer-encoding: chunked\r\n");
    private static final byte[] LENGTH = ascii("content-length: ");
    private static final byte[] END = ascii("\r\n");
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("'date: 'EEE, dd MMM yyyy HH:mm:ss 'GMT\r\n'", Locale.US)
                    .withZone(ZoneOffset.UTC);

    private final byte[] @Nullable [] statusLines = new byte[MAX_STATUS + 1] @Nullable [];
    private byte[] bytes = new byte[1024];
    private int length;
    private long dateSecond;
    private byte[] date = {};
    private int leftOut;

    /** How an answer's body is framed. */
    enum Framing {
        LENGTH,
        CHUNKED,
        CLOSE,
        NONE
    }

    /** What goes out beside status and headers. */
    record Connection(boolean http11, boolean keptAlive) {}

    /** Writes a head; {@code bodyBytes} counts with {@link Framing#LENGTH} only. */
    void write(
            int status, Headers headers, Connection connection, Framing framing, long bodyBytes) {
        length = 0;
        leftOut = 0;
        put(statusLine(status));
        put(date());
        var fields = headers.fields();
        for (int i = 0; i < fields.size(); i++) {
            field(fields.get(i));
        }
        switch (framing) {
            case LENGTH -> contentLength(bodyBytes);
            case CHUNKED -> put(CHUNKED);
            case CLOSE, NONE -> {}
        }
        if (!connection.keptAlive) {
            put(CLOSE);
        } else if (!connection.http11) {
            put(KEEP_ALIVE);
        }
        put(END);
    }

    /** Headers of the last head that were no headers (bad name, line break), and are not in it. */
    int leftOut() {
        return leftOut;
    }

    int length() {
        return length;
    }

    void into(ByteBuf out) {
        out.writeBytes(bytes, 0, length);
    }

    private byte[] statusLine(int status) {
        byte[] known = statusLines[status];
        if (known == null) {
            String reason = HttpResponseStatus.valueOf(status).reasonPhrase();
            known = ascii("HTTP/1.1 " + status + " " + reason + "\r\n");
            statusLines[status] = known;
        }
        return known;
    }

    private byte[] date() {
        long second = System.currentTimeMillis() / 1000;
        if (second != dateSecond) {
            dateSecond = second;
            date = ascii(DATE.format(Instant.ofEpochSecond(second)));
        }
        return date;
    }

    private void field(Headers.Field field) {
        String name = field.name();
        if (isOurs(name)) {
            return;
        }
        String value = field.value();
        if (!HeaderNames.isToken(name) || !isValue(value)) {
            leftOut++;
            return;
        }
        reserve(name.length() + value.length() + 4);
        copy(name);
        bytes[length++] = ':';
        bytes[length++] = ' ';
        copy(value);
        bytes[length++] = '\r';
        bytes[length++] = '\n';
    }

    /** Framing and connection are ours to say, also where a vendor's headers are handed on. */
    private static boolean isOurs(String name) {
        return switch (name) {
            case "connection",
                    "content-length",
                    "date",
                    "keep-alive",
                    "proxy-connection",
                    "trailer",
                    "transfer-encoding",
                    "upgrade" ->
                    true;
            default -> false;
        };
    }

    private static boolean isValue(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if ((c < ' ' && c != '\t') || c == 0x7f || c > 0xff) {
                return false;
            }
        }
        return true;
    }

    /** Of Latin-1 text, which is what this old method copies fast and well. */
    @SuppressWarnings("deprecation")
    private void copy(String text) {
        text.getBytes(0, text.length(), bytes, length);
        length += text.length();
    }

    private void contentLength(long count) {
        put(LENGTH);
        String digits = Long.toString(count);
        reserve(digits.length() + 2);
        copy(digits);
        put(END);
    }

    private void put(byte[] more) {
        reserve(more.length);
        System.arraycopy(more, 0, bytes, length, more.length);
        length += more.length;
    }

    private void reserve(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(length + more, 2 * bytes.length));
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
