package dev.pillion.adapters.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.ErrorContext;
import dev.pillion.adapters.ErrorShape;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.fault.FaultKind;
import dev.pillion.protocol.wire.Headers;
import dev.pillion.protocol.wire.Json;
import dev.pillion.protocol.wire.MalformedJson;
import java.util.Locale;

/** Errors in the vendor's own shape, so that its SDKs raise their typed exceptions. */
final class ErrorBodies implements ErrorShape {
    static final ErrorShape SHAPE = new ErrorBodies();

    /** What clients look for to know that they must shorten the conversation. */
    private static final String TOO_LONG = "prompt is too long";

    /**
     * A conversation held by the vendor (beta message-threads-2026-08-12), which the SDKs' tool
     * runners ask for; told by this code that there is none, they send the whole history instead.
     */
    private static final String THREAD = "/thread";

    private ErrorBodies() {}

    @Override
    public byte[] body(Fault fault, ErrorContext context) {
        return Json.bytes(node(fault, context.requestId()));
    }

    @Override
    public Headers headers(String requestId) {
        return Headers.of("request-id", requestId);
    }

    static ObjectNode node(Fault fault, String requestId) {
        ObjectNode body = Json.object().put("type", "error");
        ObjectNode error = body.putObject("error");
        error.put("type", type(fault.kind())).put("message", message(fault));
        JsonNode told = vendorDetails(fault);
        if (told.path("error_code").isTextual()) {
            error.set("details", told);
        } else if (fault.kind() == FaultKind.UNSUPPORTED && THREAD.equals(fault.pointer())) {
            ObjectNode details = error.putObject("details");
            details.put("error_code", "thread_unsupported_request").putArray("unsupported");
        }
        body.put("request_id", requestId);
        return body;
    }

    /** What the vendor's own error says beside its message, by which SDKs know what to do. */
    private static JsonNode vendorDetails(Fault fault) {
        Fault.VendorAnswer vendor = fault.vendor();
        if (vendor == null || fault.kind() != FaultKind.INVALID_REQUEST) {
            return MissingNode.getInstance();
        }
        try {
            return Json.read(vendor.body()).path("error").path("details");
        } catch (MalformedJson _) {
            return MissingNode.getInstance(); // An error page: it has no details.
        }
    }

    private static String message(Fault fault) {
        boolean unsaid =
                fault.kind() == FaultKind.CONTEXT_TOO_LONG
                        && !fault.message().toLowerCase(Locale.ROOT).contains(TOO_LONG);
        return unsaid ? TOO_LONG + ": " + fault.message() : fault.message();
    }

    private static String type(FaultKind kind) {
        return switch (kind) {
            case INVALID_REQUEST, UNSUPPORTED, CONTEXT_TOO_LONG, CONTENT_FILTERED ->
                    "invalid_request_error";
            case AUTHENTICATION -> "authentication_error";
            case BUDGET_EXCEEDED -> "billing_error";
            case PERMISSION -> "permission_error";
            case NOT_FOUND -> "not_found_error";
            case TOO_LARGE -> "request_too_large";
            case RATE_LIMITED -> "rate_limit_error";
            case OVERLOADED -> "overloaded_error";
            case TIMEOUT -> "timeout_error";
            case INTERNAL, UPSTREAM_PROTOCOL, UNAVAILABLE, QUOTA_EXHAUSTED -> "api_error";
        };
    }

    /** The kind's own status, but for the one that this vendor has a number of its own for. */
    @Override
    public int status(Fault fault) {
        return fault.kind() == FaultKind.OVERLOADED ? 529 : fault.kind().status();
    }
}
