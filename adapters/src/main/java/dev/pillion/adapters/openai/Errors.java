package dev.pillion.adapters.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.pillion.adapters.ErrorContext;
import dev.pillion.adapters.ErrorShape;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.ByteSink;
import dev.pillion.protocol.wire.Headers;
import dev.pillion.protocol.wire.SseWriter;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Errors as OpenAI's clients know them: the status picks the exception, the code tells more. */
public final class Errors implements ErrorShape {
    public static final ErrorShape SHAPE = new Errors();

    private static final String INVALID = "invalid_request_error";
    private static final String SERVER = "server_error";
    private static final String BUSY = "service_unavailable_error";

    /** One row of the table. */
    private record Shape(int status, String type, @Nullable String code) {}

    private Errors() {}

    private static Shape shape(Fault fault) {
        return switch (fault.kind()) {
            case INVALID_REQUEST -> new Shape(400, INVALID, "invalid_value");
            case UNSUPPORTED -> new Shape(400, INVALID, "unsupported_parameter");
            case CONTEXT_TOO_LONG -> new Shape(400, INVALID, "context_length_exceeded");
            case CONTENT_FILTERED -> new Shape(400, INVALID, "content_policy_violation");
            case AUTHENTICATION -> new Shape(401, INVALID, "invalid_api_key");
            case PERMISSION -> new Shape(403, INVALID, "permission_denied");
            case NOT_FOUND -> new Shape(404, INVALID, "model_not_found");
            case TOO_LARGE -> new Shape(413, INVALID, "request_too_large");
            case RATE_LIMITED -> new Shape(429, "requests", "rate_limit_exceeded");
            case BUDGET_EXCEEDED -> new Shape(429, "insufficient_quota", "insufficient_quota");
            case INTERNAL -> new Shape(500, SERVER, "server_error");
            case UPSTREAM_PROTOCOL -> new Shape(502, SERVER, "upstream_protocol");
            case OVERLOADED -> new Shape(503, BUSY, "server_is_overloaded");
            case UNAVAILABLE -> new Shape(503, BUSY, "unavailable");
            case QUOTA_EXHAUSTED -> new Shape(503, BUSY, "quota_exhausted");
            case TIMEOUT -> new Shape(504, SERVER, "timeout");
        };
    }

    @Override
    public int status(Fault fault) {
        return shape(fault).status();
    }

    @Override
    public Headers headers(String requestId) {
        return Headers.of("x-request-id", requestId);
    }

    @Override
    public byte[] body(Fault fault, ErrorContext context) {
        var out = new ByteSink(256);
        SseWriter.json(out, json -> write(fault, json));
        return out.toByteArray();
    }

    public static void write(Fault fault, JsonGenerator json) throws IOException {
        json.writeStartObject();
        error(fault, json);
        json.writeEndObject();
    }

    /** The fields of an error in mid stream: nested as it is sent, and flat as it is published. */
    public static void event(Fault fault, JsonGenerator json) throws IOException {
        json.writeStringField("code", shape(fault).code());
        json.writeStringField("message", fault.message());
        param(fault, json);
        error(fault, json);
    }

    private static void error(Fault fault, JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("error");
        json.writeStringField("message", fault.message());
        json.writeStringField("type", shape(fault).type());
        param(fault, json);
        json.writeStringField("code", shape(fault).code());
        json.writeEndObject();
    }

    private static void param(Fault fault, JsonGenerator json) throws IOException {
        String pointer = fault.pointer();
        if (pointer == null || !pointer.startsWith("/")) {
            json.writeNullField("param");
        } else {
            json.writeStringField("param", Pointers.toParam(pointer));
        }
    }
}
