package dev.pillion.sidecar.telemetry;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.pillion.protocol.chat.Cost;
import dev.pillion.protocol.wire.ByteSink;
import dev.pillion.protocol.wire.SseWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One JSON line a request on the given stream, written by a thread of its own behind a bounded
 * queue: whoever logs never waits. Lines that find the queue full are counted and not written, and
 * the diagnostics say so once in a while. Thread-safe.
 */
public final class RequestLog implements AutoCloseable {
    private static final BatchWriter.Bounds BOUNDS =
            new BatchWriter.Bounds(8_192, 1_024, Duration.ofMillis(1), Duration.ofMinutes(1));

    private static final Duration CLOSE = Duration.ofSeconds(2);
    private static final long SAY_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final int MAX_NAME_CHARS = 256;
    private static final int MAX_TAGS = 16;
    private static final int MAX_ATTEMPTS = 64;
    private static final int WRITE_BYTES = 64 << 10;

    private final BatchWriter<RequestRecord> writer;
    private final Diagnostics diagnostics;
    private final AtomicLong unwritten = new AtomicLong();
    private final ByteSink lines = new ByteSink(64 << 10);
    private final OutputStream out;
    private final boolean on;
    private final AtomicLong saidNanos = new AtomicLong(System.nanoTime() - SAY_NANOS);
    private final InstantText time = new InstantText();
    private boolean torn;

    /** {@code out}: null where nobody wants the lines. */
    public RequestLog(@Nullable OutputStream out, Diagnostics diagnostics) {
        this.on = out != null;
        this.out = out == null ? OutputStream.nullOutputStream() : out;
        this.diagnostics = diagnostics;
        this.writer = new BatchWriter<>("request-log", BOUNDS, this::write);
    }

    /** Puts the line into the queue, or counts it as dropped. */
    public void log(RequestRecord request) {
        if (on && !writer.offer(request)) {
            sayDropped("its reader is too slow");
        }
    }

    /** Lines that found the queue full, or the stream broken. */
    public long droppedLines() {
        return writer.dropped() + unwritten.get();
    }

    /** Writes what is in the queue, waiting at most two seconds; says what was never written. */
    @Override
    public void close() {
        long lost = droppedLines() + writer.close(CLOSE);
        if (lost > 0) {
            diagnostics.warn("request log: " + lost + " lines were not written in all");
        }
    }

    private void sayDropped(String why) {
        long now = System.nanoTime();
        long said = saidNanos.get();
        if (now - said >= SAY_NANOS && saidNanos.compareAndSet(said, now)) {
            diagnostics.warn(
                    "request log: lines are dropped, "
                            + droppedLines()
                            + " up to now: "
                            + why
                            + " (expected: somebody who reads standard output)");
        }
    }

    private void write(List<RequestRecord> batch) {
        int waiting = 0;
        for (RequestRecord request : batch) {
            waiting += append(request);
            if (lines.size() >= WRITE_BYTES) {
                write(waiting);
                waiting = 0;
            }
        }
        if (waiting > 0) {
            write(waiting);
        }
    }

    /** Appends its line; 0: that met a defect, which costs this line and no other. */
    private int append(RequestRecord request) {
        int before = lines.size();
        try {
            SseWriter.json(lines, json -> line(json, request));
            lines.write('\n');
            return 1;
        } catch (RuntimeException e) {
            lines.dropLast(lines.size() - before);
            unwritten.incrementAndGet();
            diagnostics.defect("the request log", e);
            return 0;
        }
    }

    /** What a failed write left may end in mid line: the next one begins on a line of its own. */
    private void write(int count) {
        try {
            if (torn) {
                out.write('\n');
                torn = false;
            }
            out.write(lines.array(), 0, lines.size());
            out.flush();
        } catch (IOException e) {
            torn = true;
            unwritten.addAndGet(count);
            sayDropped("it can't be written");
        } finally {
            lines.reset();
        }
    }

    private void line(JsonGenerator json, RequestRecord r) throws IOException {
        json.writeStartObject();
        json.writeStringField("ts", time.of(r.ts()));
        json.writeStringField("level", level(r));
        json.writeStringField("msg", "request");
        json.writeStringField("request_id", r.requestId());
        text(json, "trace_id", r.traceId());
        json.writeStringField("caller", LogText.clean(r.caller(), MAX_NAME_CHARS));
        number(json, "uid", r.uid());
        json.writeStringField("surface", r.surface());
        text(json, "class", r.modelClass());
        text(json, "provider", r.provider());
        text(json, "model", r.model());
        text(json, "key_id", r.keyId());
        json.writeBooleanField("stream", r.stream());
        json.writeNumberField("status", r.status());
        json.writeStringField("outcome", r.outcome());
        text(json, "stop", r.stop());
        attempts(json, r.attempts());
        tokens(json, r);
        number(json, "ttft_ms", r.ttftMillis());
        json.writeNumberField("duration_ms", r.durationMillis());
        json.writeNumberField("overhead_us", r.overheadMicros());
        json.writeObjectFieldStart("tags");
        int left = MAX_TAGS;
        for (Map.Entry<String, String> tag : r.tags().entrySet()) {
            if (left-- > 0) {
                json.writeFieldName(LogText.clean(tag.getKey(), MAX_NAME_CHARS));
                json.writeString(LogText.clean(tag.getValue(), MAX_NAME_CHARS));
            }
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    /**
     * What failed by the caller's doing is a warning; what failed by ours or a vendor's, an error.
     */
    private static String level(RequestRecord r) {
        return switch (r.outcome()) {
            case "ok", "cancelled" -> "info";
            default -> {
                boolean refused = r.status() >= 400 && r.status() < 500;
                yield refused ? "warn" : "error";
            }
        };
    }

    private static void attempts(JsonGenerator json, List<AttemptRecord> attempts)
            throws IOException {
        json.writeArrayFieldStart("attempts");
        for (AttemptRecord attempt : attempts.subList(0, Math.min(attempts.size(), MAX_ATTEMPTS))) {
            json.writeStartObject();
            json.writeStringField("provider", attempt.provider());
            text(json, "model", attempt.model());
            text(json, "key_id", attempt.keyId());
            json.writeStringField("outcome", attempt.outcome());
            json.writeNumberField("ms", attempt.millis());
            text(json, "cost_usd", usd(attempt.cost()));
            if (attempt.usage().estimated()) {
                json.writeBooleanField("estimated", true);
            }
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void tokens(JsonGenerator json, RequestRecord r) throws IOException {
        json.writeNumberField("input_tokens", r.usage().inputTokens());
        json.writeNumberField("cached_input_tokens", r.usage().cachedInputTokens());
        json.writeNumberField("cache_write_tokens", r.usage().cacheWriteTokens());
        json.writeNumberField("output_tokens", r.usage().outputTokens());
        json.writeNumberField("thinking_tokens", r.usage().thinkingTokens());
        json.writeNumberField("web_searches", r.usage().webSearches());
        text(json, "cost_usd", usd(r.cost()));
    }

    private static @Nullable String usd(Cost cost) {
        return cost.usd() == null ? null : cost.usd().toPlainString();
    }

    private static void text(JsonGenerator json, String name, @Nullable String value)
            throws IOException {
        if (value == null) {
            json.writeNullField(name);
        } else {
            json.writeStringField(name, LogText.clean(value, MAX_NAME_CHARS));
        }
    }

    private static void number(JsonGenerator json, String name, @Nullable Long value)
            throws IOException {
        if (value == null) {
            json.writeNullField(name);
        } else {
            json.writeNumberField(name, value);
        }
    }
}
