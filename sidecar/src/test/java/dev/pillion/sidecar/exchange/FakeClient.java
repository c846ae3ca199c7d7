package dev.pillion.sidecar.exchange;

import dev.pillion.protocol.wire.ByteSink;
import dev.pillion.protocol.wire.Headers;
import dev.pillion.sidecar.upstream.Loop;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The client's end, as the test sees it. */
final class FakeClient implements Responder {
    private final Loop loop;
    private final ByteSink body = new ByteSink();
    private Runnable gone = () -> {};
    private Runnable writable = () -> {};
    private boolean full;
    int status;
    Headers headers = Headers.NONE;
    boolean finished;
    boolean cut;
    int ends;

    FakeClient(Loop loop) {
        this.loop = loop;
    }

    @Override
    public Loop loop() {
        return loop;
    }

    @Override
    public void reply(int code, Headers fields, byte[] whole) {
        head(code, fields, whole.length);
        body.write(whole);
        finish();
    }

    @Override
    public void head(int code, Headers fields, long bodyBytes) {
        if (status != 0) {
            throw new AssertionError("a second head");
        }
        status = code;
        headers = fields;
    }

    @Override
    public void write(ByteBuffer piece) {
        if (finished || cut) {
            throw new AssertionError("bytes after the end");
        }
        body.write(piece);
    }

    @Override
    public void flush() {}

    @Override
    public void finish() {
        finished = true;
        ends++;
    }

    @Override
    public void cut() {
        cut = true;
        ends++;
    }

    @Override
    public long pendingBytes() {
        return 0;
    }

    @Override
    public boolean writable() {
        return !full;
    }

    @Override
    public void onGone(Runnable task) {
        gone = task;
    }

    @Override
    public void onWritable(Runnable task) {
        writable = task;
    }

    void leaves() {
        gone.run();
    }

    void stopsReading() {
        full = true;
    }

    void readsAgain() {
        full = false;
        writable.run();
    }

    String text() {
        return new String(body.toByteArray(), StandardCharsets.UTF_8);
    }

    @Nullable String header(String name) {
        return headers.get(name);
    }

    /** How often the words stand in the body. */
    int count(String words) {
        return text().split(Pattern.quote(words), -1).length - 1;
    }
}
