package dev.pillion.sidecar.admin;

import dev.pillion.protocol.wire.Headers;
import dev.pillion.sidecar.exchange.Handler;
import dev.pillion.sidecar.exchange.Inbound;
import dev.pillion.sidecar.exchange.Responder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** {@code /healthz}, {@code /readyz} and {@code /metrics}, and nothing else. */
public final class ProbesHandler implements Handler {
    private static final Headers TEXT = Headers.of("content-type", "text/plain; charset=utf-8");

    private static final Headers PROMETHEUS =
            Headers.of("content-type", "text/plain; version=0.0.4; charset=utf-8");

    private final BooleanSupplier ready;
    private final Supplier<String> metrics;
    private final Executor offLoop;

    /** {@code offLoop} makes the metrics' text, which may take some milliseconds. */
    public ProbesHandler(BooleanSupplier ready, Supplier<String> metrics, Executor offLoop) {
        this.ready = ready;
        this.metrics = metrics;
        this.offLoop = offLoop;
    }

    @Override
    public void handle(Inbound request, Responder out) {
        boolean reads = request.method().equals("GET") || request.method().equals("HEAD");
        if (!reads) {
            text(out, 405, "expected: GET\n");
            return;
        }
        switch (request.path()) {
            case "/healthz" -> text(out, 200, "ok\n");
            case "/readyz" -> {
                boolean serves = ready.getAsBoolean();
                text(out, serves ? 200 : 503, serves ? "ready\n" : "draining\n");
            }
            case "/metrics" -> offLoop.execute(() -> metrics(out));
            default -> text(out, 404, "expected: /healthz, /readyz or /metrics\n");
        }
    }

    private void metrics(Responder out) {
        String text = metrics.get();
        out.loop().execute(() -> reply(out, 200, PROMETHEUS, text));
    }

    private static void text(Responder out, int status, String text) {
        reply(out, status, TEXT, text);
    }

    private static void reply(Responder out, int status, Headers headers, String text) {
        out.reply(status, headers, text.getBytes(StandardCharsets.UTF_8));
    }
}
