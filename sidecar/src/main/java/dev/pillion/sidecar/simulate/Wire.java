package dev.pillion.sidecar.simulate;

import dev.pillion.sidecar.simulate.kit.Reply;
import dev.pillion.sidecar.simulate.kit.Reply.Framing;
import dev.pillion.sidecar.simulate.kit.SseEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/**
 * The bytes of an HTTP/1.1 answer, in the shape that was asked for. Written by hand: it may lie.
 */
final class Wire {
    private static final byte[] LINE_END = {'\r', '\n'};

    private final List<Step> steps;
    private int pieceBytes = Integer.MAX_VALUE;
    private int bundle = 1;
    private boolean crlf;
    private boolean comments;
    private boolean gzip;
    private boolean brotli;
    private long delayMillis;

    Wire(List<Misbehaviour.Shaping> shaping, long delayMillis, List<Step> steps) {
        this.steps = steps;
        this.delayMillis = delayMillis;
        for (var shape : shaping) {
            switch (shape) {
                case Misbehaviour.Rechunk(int bytes) -> pieceBytes = Math.max(1, bytes);
                case Misbehaviour.Bundle(int events) -> bundle = Math.max(1, events);
                case Misbehaviour.Crlf _ -> crlf = true;
                case Misbehaviour.Comments _ -> comments = true;
                case Misbehaviour.Gzip _ -> gzip = true;
                case Misbehaviour.Brotli _ -> brotli = true;
                case Misbehaviour.Slow(long millis) -> this.delayMillis = millis;
            }
        }
    }

    void head(Reply reply, int contentLength, boolean keepAlive) {
        head(reply, "content-length: " + contentLength, keepAlive);
    }

    void chunkedHead(Reply reply, boolean keepAlive) {
        head(reply, "transfer-encoding: chunked", keepAlive);
    }

    private void head(Reply reply, String framing, boolean keepAlive) {
        pause();
        var head = new StringBuilder("HTTP/1.1 " + reply.status() + " Simulated\r\n");
        reply.headers().forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
        head.append(framing).append("\r\n");
        if (gzip) {
            head.append("content-encoding: gzip\r\n");
        } else if (brotli) {
            head.append("content-encoding: br\r\n");
        }
        if (!keepAlive) {
            head.append("connection: close\r\n");
        }
        text(head.append("\r\n").toString());
    }

    void pause() {
        if (delayMillis > 0) {
            steps.add(new Step.Pause(delayMillis));
        }
    }

    void text(String text) {
        send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    void send(byte[] bytes) {
        if (bytes.length <= pieceBytes) {
            steps.add(new Step.Send(bytes, delayMillis > 0));
            return;
        }
        for (int at = 0; at < bytes.length; at += pieceBytes) {
            int end = Math.min(bytes.length, at + pieceBytes);
            steps.add(new Step.Send(Arrays.copyOfRange(bytes, at, end), true));
        }
    }

    void chunk(byte[] bytes) {
        var size = (Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        var chunk = Arrays.copyOf(size, size.length + bytes.length + 2);
        System.arraycopy(bytes, 0, chunk, size.length, bytes.length);
        System.arraycopy(LINE_END, 0, chunk, size.length + bytes.length, 2);
        send(chunk);
    }

    void lastChunk() {
        text("0\r\n\r\n");
    }

    byte[] encode(String body) {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        return gzip ? compress(List.of(bytes)).getFirst() : bytes;
    }

    /**
     * The events as bytes, several in one where they are bundled.
     *
     * @param broken whether more was to come, so that a list is not closed
     */
    List<byte[]> events(List<SseEvent> events, Framing framing, boolean broken) {
        var pieces = new ArrayList<byte[]>();
        for (int at = 0; at < events.size(); at += bundle) {
            var text = new StringBuilder();
            int end = Math.min(events.size(), at + bundle);
            for (int i = at; i < end; i++) {
                text.append(
                        framing == Framing.JSON_ARRAY
                                ? (i == 0 ? "[" : ",\r\n") + events.get(i).data()
                                : lines(events.get(i), framing));
            }
            if (framing == Framing.JSON_ARRAY && end == events.size() && !broken) {
                text.append("\n]");
            }
            pieces.add(text.toString().getBytes(StandardCharsets.UTF_8));
        }
        return gzip ? compress(pieces) : pieces;
    }

    private String lines(SseEvent event, Framing framing) {
        var text = (comments ? ": a comment\n\n" : "") + event.text();
        return crlf || framing == Framing.SSE_CRLF ? text.replace("\n", "\r\n") : text;
    }

    /** One gzip stream over all pieces, flushed after each; the last also holds its end. */
    private static List<byte[]> compress(List<byte[]> pieces) {
        var sink = new ByteArrayOutputStream();
        var compressed = new ArrayList<byte[]>();
        try (var gzip = new GZIPOutputStream(sink, true)) {
            for (var piece : pieces) {
                gzip.write(piece);
                gzip.flush();
                compressed.add(sink.toByteArray());
                sink.reset();
            }
            gzip.finish();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var end = sink.toByteArray();
        if (compressed.isEmpty()) {
            return List.of(end);
        }
        var last = compressed.removeLast();
        var whole = Arrays.copyOf(last, last.length + end.length);
        System.arraycopy(end, 0, whole, last.length, end.length);
        compressed.add(whole);
        return compressed;
    }
}
