package dev.pillion.sidecar.telemetry;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.pillion.protocol.chat.RouteReport.AttemptReport;
import dev.pillion.protocol.wire.ByteSink;
import dev.pillion.protocol.wire.SseWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One JSON line a request on the given stream, written by a thread of its own behind a bounded
 * queue: whoever logs never waits. Lines that find the queue full are counted and not written.
 */
public final class RequestLog implements AutoCloseable {
    private static final BatchWriter.Bounds BOUNDS =
            new BatchWriter.Bounds(8_192, 1_024, Duration.ofMillis(1), Duration.ofMinutes(1));

    private final BatchWriter<RequestRecord> writer;
    private final AtomicLong unwritten = new AtomicLong();
    private final ByteSink lines = new ByteSink(64 << 10);
    private final OutputStream out;

    public RequestLog(OutputStream out) {
        this.out = out;
        this.writer = new BatchWriter<>("request-log", BOUNDS, this::write);
    }

    /** Puts the line into the queue, or counts it as dropped. */
    public void log(RequestRecord request) {
        writer.offer(request);
    }

    /** Lines that found the queue full, or the stream broken. */
    public long droppedLines() {
        return writer.dropped() + unwritten.get();
    }

    /** Writes what is in the queue, waiting at most five seconds. */
    @Override
    public void close() {
        writer.close();
    }

    private void write(List<RequestRecord> batch) {
        for (RequestRecord request : batch) {
            SseWriter.json(lines, json -> line(json, request));
            lines.write('\n');
        }
        try {
            out.write(lines.array(), 0, lines.size());
            out.flush();
        } catch (IOException e) {
            unwritten.addAndGet(batch.size());
        }
        lines.reset();
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
