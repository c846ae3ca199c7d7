package dev.pillion.sidecar.telemetry;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.pillion.protocol.chat.RouteReport.AttemptReport;
import dev.pillion.protocol.wire.ByteSink;
import dev.pillion.protocol.wire.SseWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One JSON line a request on the given stream, written by a thread of its own behind a bounded
 * queue: whoever logs never waits. Lines that find the queue full are counted and not written.
 */
public final class RequestLog implements AutoCloseable {
    private static final int QUEUE_LINES = 8_192;
    private static final int BATCH_LINES = 1_024;

    /**
     * How long a line may wait for others. Under load the writer then wakes at most a thousand
     * times a second in place of once a request, and nobody who logs pays for waking it.
     */
    private static final long GATHER_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final BlockingQueue<RequestRecord> queue = new ArrayBlockingQueue<>(QUEUE_LINES);
    private final AtomicLong dropped = new AtomicLong();
    private final OutputStream out;
    private final Thread writer;
    private volatile boolean closing;

    public RequestLog(OutputStream out) {
        this.out = out;
        this.writer = Thread.ofPlatform().name("request-log").daemon(true).start(this::write);
    }

    /** Puts the line into the queue, or counts it as dropped. */
    public void log(RequestRecord request) {
        if (!queue.offer(request)) {
            dropped.incrementAndGet();
        }
    }

    /** Lines that found the queue full, or the stream broken. */
    public long droppedLines() {
        return dropped.get();
    }

    /** Writes what is in the queue, waiting at most five seconds. */
    @Override
    public void close() {
        closing = true;
        writer.interrupt();
        try {
            writer.join(TimeUnit.SECONDS.toMillis(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write() {
        List<RequestRecord> batch = new ArrayList<>(BATCH_LINES);
        var lines = new ByteSink(64 << 10);
        while (!closing || !queue.isEmpty()) {
            try {
                batch.add(queue.take());
            } catch (InterruptedException e) {
                continue; // closing: what is queued is still written
            }
            if (!closing) {
                LockSupport.parkNanos(GATHER_NANOS);
            }
            queue.drainTo(batch, BATCH_LINES - 1);
            for (RequestRecord request : batch) {
                SseWriter.json(lines, json -> line(json, request));
                lines.write('\n');
            }
            put(lines, batch.size());
            batch.clear();
            lines.reset();
        }
    }

    private void put(ByteSink lines, int count) {
        try {
            out.write(lines.array(), 0, lines.size());
            out.flush();
        } catch (IOException e) {
            dropped.addAndGet(count);
        }
    }

    private static void line(JsonGenerator json, RequestRecord r) throws IOException {
        json.writeStartObject();
        json.writeStringField("ts", r.ts().toString());
        json.writeStringField("level", r.status() >= 500 ? "error" : "info");
        json.writeStringField("msg", "request");
        json.writeStringField("request_id", r.requestId());
        text(json, "trace_id", r.traceId());
        json.writeStringField("caller", r.caller());
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
        for (Map.Entry<String, String> tag : r.tags().entrySet()) {
            json.writeStringField(tag.getKey(), tag.getValue());
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void attempts(JsonGenerator json, List<AttemptReport> attempts)
            throws IOException {
        json.writeArrayFieldStart("attempts");
        for (AttemptReport attempt : attempts) {
            json.writeStartObject();
            json.writeStringField("provider", attempt.provider());
            json.writeStringField("model", attempt.model());
            json.writeStringField("outcome", attempt.outcome());
            json.writeNumberField("ms", attempt.millis());
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
        text(json, "cost_usd", r.cost().usd() == null ? null : r.cost().usd().toPlainString());
        json.writeBooleanField("estimated", r.usage().estimated());
    }

    private static void text(JsonGenerator json, String name, @Nullable String value)
            throws IOException {
        if (value == null) {
            json.writeNullField(name);
        } else {
            json.writeStringField(name, value);
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
