package dev.pillion.adapters.gemini;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.pillion.adapters.ErrorContext;
import dev.pillion.adapters.ErrorShape;
import dev.pillion.adapters.Surface;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.ByteSink;
import dev.pillion.protocol.wire.Headers;
import dev.pillion.protocol.wire.SseWriter;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;

/**
 * Errors as Google's clients know them (google.rpc.Status in JSON): the number picks the exception,
 * the status word and the details tell more.
 */
final class GeminiErrors implements ErrorShape {
    static final ErrorShape SHAPE = new GeminiErrors();

    private static final String TYPE = "type.googleapis.com/google.rpc.";

    /** One row of the table. */
    private record Shape(int code, String status) {}

    private GeminiErrors() {}

    private static Shape shape(Fault fault) {
        return switch (fault.kind()) {
            case INVALID_REQUEST, UNSUPPORTED, CONTEXT_TOO_LONG, CONTENT_FILTERED ->
                    new Shape(400, "INVALID_ARGUMENT");
            case AUTHENTICATION -> new Shape(401, "UNAUTHENTICATED");
            case PERMISSION -> new Shape(403, "PERMISSION_DENIED");
            case NOT_FOUND -> new Shape(404, "NOT_FOUND");
            case TOO_LARGE -> new Shape(413, "INVALID_ARGUMENT");
            case RATE_LIMITED, BUDGET_EXCEEDED -> new Shape(429, "RESOURCE_EXHAUSTED");
            case INTERNAL -> new Shape(500, "INTERNAL");
            case UPSTREAM_PROTOCOL -> new Shape(502, "UNAVAILABLE");
            case OVERLOADED, UNAVAILABLE, QUOTA_EXHAUSTED -> new Shape(503, "UNAVAILABLE");
            case TIMEOUT -> new Shape(504, "DEADLINE_EXCEEDED");
        };
    }

    @Override
    public int status(Fault fault) {
        return shape(fault).code();
    }

    /** Where the client waits for an array, the error is its one element. */
    @Override
    public byte[] body(Fault fault, ErrorContext context) {
        Surface client = context.client();
        boolean inArray = client != null && GeminiPath.streamsArray(client);
        var out = new ByteSink(512);
        SseWriter.json(
                out,
                json -> {
                    if (inArray) {
                        json.writeStartArray();
                    }
                    write(fault, context.requestId(), json);
                    if (inArray) {
                        json.writeEndArray();
                    }
                });
        return out.toByteArray();
    }

    @Override
    public Headers headers(String requestId) {
        return Headers.NONE;
    }

    static void write(Fault fault, String requestId, JsonGenerator json) throws IOException {
        Shape shape = shape(fault);
        json.writeStartObject();
        json.writeObjectFieldStart("error");
        json.writeNumberField("code", shape.code());
        json.writeStringField("message", fault.message());
        json.writeStringField("status", shape.status());
        json.writeArrayFieldStart("details");
        detail("ErrorInfo", json);
        json.writeStringField("reason", fault.kind().name());
        json.writeStringField("domain", "pillion");
        json.writeEndObject();
        String pointer = fault.pointer();
        if (pointer != null && pointer.startsWith("/")) {
            badRequest(field(pointer), fault.message(), json);
        }
        Duration wait = fault.retryAfter();
        if (wait != null) {
            detail("RetryInfo", json);
            json.writeStringField("retryDelay", seconds(wait));
            json.writeEndObject();
        }
        detail("RequestInfo", json);
        json.writeStringField("requestId", requestId);
        json.writeEndObject();
        json.writeEndArray();
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void detail(String type, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("@type", TYPE + type);
    }

    private static void badRequest(String field, String message, JsonGenerator json)
            throws IOException {
        detail("BadRequest", json);
        json.writeArrayFieldStart("fieldViolations");
        json.writeStartObject();
        json.writeStringField("field", field);
        json.writeStringField("description", message);
        json.writeEndObject();
        json.writeEndArray();
        json.writeEndObject();
    }

    /** A JSON pointer in Google's way: {@code contents[0].parts[1].text}. */
    private static String field(String pointer) {
        var field = new StringBuilder();
        String[] steps = pointer.split("/", -1);
        for (int i = 1; i < steps.length; i++) {
            String step = steps[i].replace("~1", "/").replace("~0", "~");
            boolean number = !step.isEmpty() && step.chars().allMatch(Character::isDigit);
            if (number) {
                field.append('[').append(step).append(']');
            } else {
                field.append(field.isEmpty() ? "" : ".").append(step);
            }
        }
        return field.toString();
    }

    /** A Duration of proto3 JSON: {@code 12.4s}. */
    private static String seconds(Duration wait) {
        BigDecimal seconds = BigDecimal.valueOf(Math.max(0, wait.toMillis()), 3);
        String plain = seconds.stripTrailingZeros().toPlainString();
        return plain.toLowerCase(Locale.ROOT) + "s";
    }
}
