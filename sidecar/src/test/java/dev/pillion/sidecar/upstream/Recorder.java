package dev.pillion.sidecar.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.Headers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Writes down what a listener hears, and checks the order of it. */
final class Recorder implements VendorListener {
    final CompletableFuture<Void> sent = new CompletableFuture<>();
    final CompletableFuture<Integer> head = new CompletableFuture<>();
    final CompletableFuture<Void> body = new CompletableFuture<>();
    private final CompletableFuture<@Nullable Fault> over = new CompletableFuture<>();
    private final StringBuilder text = new StringBuilder();
    private final List<String> breaches = new ArrayList<>();
    private final TestBed bed;
    private Headers headers = Headers.NONE;
    private Consumer<Recorder> onBody = recorder -> {};
    private long bytes;
    private int rounds;
    volatile VendorCall call;
    volatile boolean returned;

    Recorder(TestBed bed) {
        this.bed = bed;
    }

    /** Runs on the loop for each piece. */
    Recorder onBody(Consumer<Recorder> task) {
        onBody = task;
        return this;
    }

    private void heard(String what, boolean inOrder) {
        if (!returned || over.isDone() || !inOrder || !bed.onLoop()) {
            breaches.add(what);
        }
    }

    @Override
    public void sent() {
        heard("sent", !sent.isDone() && !head.isDone());
        sent.complete(null);
    }

    @Override
    public void head(int status, Headers fields) {
        heard("head", sent.isDone() && !head.isDone());
        headers = fields;
        head.complete(status);
    }

    @Override
    public void body(ByteBuffer piece) {
        heard("body", head.isDone() && piece.hasRemaining());
        bytes += piece.remaining();
        if (bytes < 1 << 20) {
            text.append(StandardCharsets.ISO_8859_1.decode(piece));
        }
        body.complete(null);
        onBody.accept(this);
    }

    @Override
    public void readComplete() {
        heard("readComplete", head.isDone());
        rounds++;
    }

    @Override
    public void end() {
        heard("end", head.isDone());
        over.complete(null);
    }

    @Override
    public void failed(Fault fault) {
        heard("failed", true);
        over.complete(fault);
    }

    /** Waits for a good end; returns the body. */
    String text() {
        Fault fault = await(over);
        assertEquals(null, fault);
        assertEquals(List.of(), breaches);
        return text.toString();
    }

    /** Waits for a bad end. */
    Fault fault() {
        Fault fault = await(over);
        assertEquals(List.of(), breaches);
        if (fault == null) {
            throw new AssertionError("ended well with: " + text);
        }
        return fault;
    }

    int status() {
        return await(head);
    }

    Headers headers() {
        await(head);
        return headers;
    }

    boolean isOver() {
        return over.isDone();
    }

    /** Of the body so far; asked on the loop. */
    long bytes() {
        return bed.onLoop(() -> bytes);
    }

    int rounds() {
        return bed.onLoop(() -> rounds);
    }

    void cancel() {
        bed.onLoop(() -> {
            call.cancel();
            return true;
        });
    }

    static <T> T await(CompletableFuture<T> future) {
        try {
            return future.get(FakeVendor.PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError("nothing came", e);
        }
    }
}
