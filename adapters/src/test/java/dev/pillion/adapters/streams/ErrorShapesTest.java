package dev.pillion.adapters.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.adapters.AnyDialect;
import dev.pillion.adapters.Dialects;
import dev.pillion.adapters.ErrorContext;
import dev.pillion.adapters.ErrorShape;
import dev.pillion.adapters.corpus.Corpus;
import dev.pillion.adapters.corpus.Sse;
import dev.pillion.adapters.streams.Streamed.Form;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.fault.FaultKind;
import dev.pillion.protocol.wire.ByteSink;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every kind of fault on every surface: the status and the words at which each vendor's SDKs raise
 * their typed exception, in an answer and in mid stream.
 */
final class ErrorShapesTest {
    /** Kind, then by vendor: its status, its words, and the exception that its SDKs raise. */
    private static final String TABLE =
            """
            invalid_request   | 400 | invalid_request_error | BadRequest        | 400 invalid_request_error/invalid_value            | BadRequest       | 400 INVALID_ARGUMENT    | Client
            unsupported       | 400 | invalid_request_error | BadRequest        | 400 invalid_request_error/unsupported_parameter    | BadRequest       | 400 INVALID_ARGUMENT    | Client
            context_too_long  | 400 | invalid_request_error | BadRequest        | 400 invalid_request_error/context_length_exceeded  | BadRequest       | 400 INVALID_ARGUMENT    | Client
            content_filtered  | 400 | invalid_request_error | BadRequest        | 400 invalid_request_error/content_policy_violation | BadRequest       | 400 INVALID_ARGUMENT    | Client
            authentication    | 401 | authentication_error  | Authentication    | 401 invalid_request_error/invalid_api_key          | Authentication   | 401 UNAUTHENTICATED     | Client
            budget_exceeded   | 402 | billing_error         | PaymentRequired   | 429 insufficient_quota/insufficient_quota          | RateLimit        | 429 RESOURCE_EXHAUSTED  | Client
            permission        | 403 | permission_error      | PermissionDenied  | 403 invalid_request_error/permission_denied        | PermissionDenied | 403 PERMISSION_DENIED   | Client
            not_found         | 404 | not_found_error       | NotFound          | 404 invalid_request_error/model_not_found          | NotFound         | 404 NOT_FOUND           | Client
            too_large         | 413 | request_too_large     | ContentTooLarge   | 413 invalid_request_error/request_too_large        | APIStatus        | 413 INVALID_ARGUMENT    | Client
            rate_limited      | 429 | rate_limit_error      | RateLimit         | 429 requests/rate_limit_exceeded                   | RateLimit        | 429 RESOURCE_EXHAUSTED  | Client
            internal          | 500 | api_error             | InternalServer    | 500 server_error/server_error                      | InternalServer   | 500 INTERNAL            | Server
            upstream_protocol | 502 | api_error             | InternalServer    | 502 server_error/upstream_protocol                 | InternalServer   | 502 UNAVAILABLE         | Server
            overloaded        | 529 | overloaded_error      | Overloaded        | 503 service_unavailable_error/server_is_overloaded | InternalServer   | 503 UNAVAILABLE         | Server
            unavailable       | 503 | api_error             | ServiceUnavailable| 503 service_unavailable_error/unavailable          | InternalServer   | 503 UNAVAILABLE         | Server
            quota_exhausted   | 503 | api_error             | ServiceUnavailable| 503 service_unavailable_error/quota_exhausted      | InternalServer   | 503 UNAVAILABLE         | Server
            timeout           | 504 | timeout_error         | GatewayTimeout    | 504 server_error/timeout                           | InternalServer   | 504 DEADLINE_EXCEEDED   | Server
            """;

    /** Exceptions by status: OpenAI's SDKs of 2026-11; a status of 500 and more is a server's. */
    private static final Map<Integer, String> OPENAI =
            Map.of(
                    400, "BadRequest",
                    401, "Authentication",
                    403, "PermissionDenied",
                    404, "NotFound",
                    409, "Conflict",
                    422, "UnprocessableEntity",
                    429, "RateLimit");

    /** Those that Anthropic's SDKs of 2026-11 have besides. */
    private static final Map<Integer, String> ANTHROPIC =
            Map.of(
                    402, "PaymentRequired",
                    413, "ContentTooLarge",
                    503, "ServiceUnavailable",
                    504, "GatewayTimeout",
                    529, "Overloaded");

    private static final ErrorContext CONTEXT = new ErrorContext("r1", "vendor", List.of());

    static Stream<FaultKind> kinds() {
        return Stream.of(FaultKind.values());
    }

    private static List<String> row(FaultKind kind) {
        for (String line : TABLE.lines().toList()) {
            List<String> cells = new ArrayList<>();
            for (String cell : line.split("\\|", -1)) {
                cells.add(cell.strip());
            }
            if (cells.getFirst().equals(kind.wire())) {
                return cells;
            }
        }
        throw new AssertionError("no row for " + kind);
    }

    private static Fault fault(FaultKind kind) {
        return Fault.caller(kind, "what went wrong", "/messages/0");
    }

    private static JsonNode body(ErrorShape shape, FaultKind kind) {
        return Corpus.json(shape.body(fault(kind), CONTEXT));
    }

    /** The error in the last event of a stream that fails. */
    private static JsonNode streamed(Form form, FaultKind kind) {
        var out = new ByteSink();
        form.encoder().fail(fault(kind), CONTEXT, out);
        String text = Streamed.text(out);
        return form == Form.GEMINI_ARRAY ? Corpus.json(text).path(0) : Sse.data(text).getLast();
    }

    private static String raised(int status, Map<Integer, String> more) {
        String known = more.getOrDefault(status, OPENAI.get(status));
        return known != null ? known : status >= 500 ? "InternalServer" : "APIStatus";
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aFaultIsWhatAnthropicsClientsRaise(FaultKind kind) {
        List<String> row = row(kind);
        ErrorShape shape = Form.MESSAGES.dialect().errors();
        int status = shape.status(fault(kind));
        assertEquals(row.get(1), Integer.toString(status));
        assertEquals(row.get(3), raised(status, ANTHROPIC));
        JsonNode body = body(shape, kind);
        assertEquals("error", body.path("type").asText());
        assertEquals(row.get(2), body.path("error").path("type").asText());
        assertEquals("r1", body.path("request_id").asText());
        assertEquals(body, streamed(Form.MESSAGES, kind));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aFaultIsWhatOpenAisClientsRaise(FaultKind kind) {
        List<String> row = row(kind);
        for (Form form : List.of(Form.CHAT, Form.RESPONSES)) {
            ErrorShape shape = form.dialect().errors();
            int status = shape.status(fault(kind));
            JsonNode error = body(shape, kind).path("error");
            String words = error.path("type").asText() + "/" + error.path("code").asText();
            assertEquals(row.get(4), status + " " + words);
            assertEquals(row.get(5), raised(status, Map.of()));
            assertEquals("messages[0]", error.path("param").asText());
            assertEquals(error, streamed(form, kind).path("error"), form.toString());
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aFaultIsWhatGooglesClientsRaise(FaultKind kind) {
        List<String> row = row(kind);
        ErrorShape shape = Form.GEMINI.dialect().errors();
        int status = shape.status(fault(kind));
        JsonNode error = body(shape, kind).path("error");
        assertEquals(status, error.path("code").asInt());
        assertEquals(row.get(6), status + " " + error.path("status").asText());
        assertEquals(row.get(7), status < 500 ? "Client" : "Server");
        assertEquals(error, streamed(Form.GEMINI, kind).path("error"));
        assertEquals(error, streamed(Form.GEMINI_ARRAY, kind).path("error"));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aFaultIsItsKindOnTheUniformSurface(FaultKind kind) {
        ErrorShape shape = Form.GENERATE.dialect().errors();
        assertEquals(kind.status(), shape.status(fault(kind)));
        JsonNode error = body(shape, kind).path("error");
        assertEquals(kind.wire(), error.path("kind").asText());
        assertEquals(error, streamed(Form.GENERATE, kind).path("error"));
    }

    /** Counting, vectors and lists fail as what answers does. */
    @Test
    void everySurfaceOfAVendorTellsErrorsInOneWay() {
        Map<String, ErrorShape> shapes = new HashMap<>();
        for (Form form : Form.values()) {
            shapes.put(form.dialect().surface(), form.dialect().errors());
        }
        assertSame(shapes.get("messages"), Dialects.ANTHROPIC_MODELS.errors());
        assertSame(shapes.get("responses"), Dialects.OPENAI_MODELS.errors());
        assertSame(shapes.get("generateContent"), Dialects.GEMINI_MODELS.errors());
        for (AnyDialect dialect : Dialects.ALL) {
            assertTrue(shapes.containsValue(dialect.errors()), dialect.surface());
        }
    }
}
