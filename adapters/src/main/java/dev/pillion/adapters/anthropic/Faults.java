package dev.pillion.adapters.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.fault.Fault.VendorAnswer;
import dev.pillion.protocol.fault.FaultKind;
import dev.pillion.protocol.fault.Origin;
import dev.pillion.protocol.fault.Retry;
import dev.pillion.protocol.wire.Headers;
import dev.pillion.protocol.wire.Json;
import dev.pillion.protocol.wire.MalformedJson;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What Anthropic's errors mean: by {@code error.type}, {@code details.error_code} and message
 * first, since several things come as 400, and by status only where the body says nothing.
 */
final class Faults {
    private static final int MAX_MESSAGE_CHARS = 1_000;

    private static final List<String> TOO_LONG =
            List.of(
                    "prompt is too long",
                    "exceed context limit",
                    "exceeds the context window",
                    "exceeds the model's context",
                    "maximum context length");
    private static final List<String> NO_MONEY =
            List.of("credit balance", "spend limit", "usage limits", "billing", "spending limit");
    private static final List<String> ACCOUNT =
            List.of("organization has been disabled", "api key has been", "x-api-key");
    private static final List<String> FILTERED =
            List.of("content filtering policy", "blocked by content filter");

    private Faults() {}

    static Fault of(int status, Headers reply, byte[] body) {
        JsonNode error = error(body);
        Fault fault = error == null ? byStatus(status) : byBody(status, error);
        return fault.withVendor(new VendorAnswer(status, reply, body))
                .withRetryAfter(Limits.retryAfter(reply, fault.kind()));
    }

    /** An error event in a stream, or an error in a body of a 200. */
    static Fault ofEvent(JsonNode event, Headers reply) {
        JsonNode error = event.path("error");
        int status = statusOf(error.path("type").asText());
        return byBody(status, error)
                .withVendor(new VendorAnswer(status, reply, AnthropicDecoder.bytes(event)));
    }

    private static @Nullable JsonNode error(byte[] body) {
        try {
            JsonNode error = Json.read(body).path("error");
            return error.isObject() ? error : null;
        } catch (MalformedJson e) {
            return null; // A page of a proxy, or nothing: then the status must do.
        }
    }

    private static Fault byBody(int status, JsonNode error) {
        String code = error.path("details").path("error_code").asText("");
        String message = message(error);
        Fault known = byCode(code, message);
        if (known != null) {
            return known;
        }
        return switch (error.path("type").asText("")) {
            case "invalid_request_error" -> invalid(status, message);
            case "authentication_error", "permission_error" -> refusedKey();
            case "billing_error" -> noMoney();
            case "not_found_error" -> notFound(message);
            case "request_too_large" -> tooLarge(message);
            case "rate_limit_error" -> rateLimited(message);
            case "timeout_error" -> vendor(FaultKind.TIMEOUT, message);
            case "overloaded_error" -> vendor(FaultKind.OVERLOADED, message);
            case "api_error", "conflict_error" -> vendor(FaultKind.UNAVAILABLE, message);
            default -> unknownType(status, message);
        };
    }

    private static @Nullable Fault byCode(String code, String message) {
        return switch (code) {
            case "contract_spend_limit_reached", "enforced_spend_limit_reached" -> noMoney();
            case "organization_on_hold" -> refusedKey();
            case "request_body_too_large_after_decoding" -> tooLarge(message);
            case "compaction_unavailable" -> vendor(FaultKind.OVERLOADED, message);
            default -> code.startsWith("linked_organization_") ? noMoney() : null;
        };
    }

    private static String message(JsonNode error) {
        String message = error.path("message").asText("");
        if (message.isBlank()) {
            message = "Anthropic answered with an error and no message";
        }
        return message.length() > MAX_MESSAGE_CHARS
                ? message.substring(0, MAX_MESSAGE_CHARS)
                : message;
    }

    private static Fault invalid(int status, String message) {
        String lower = message.toLowerCase(Locale.ROOT);
        if (any(lower, TOO_LONG)) {
            return new Fault(
                    FaultKind.CONTEXT_TOO_LONG,
                    Origin.CALLER,
                    Retry.LARGER_CONTEXT,
                    message,
                    null,
                    null,
                    null);
        }
        if (any(lower, NO_MONEY)) {
            return noMoney();
        }
        if (any(lower, ACCOUNT)) {
            return refusedKey();
        }
        if (any(lower, FILTERED)) {
            return Fault.caller(FaultKind.CONTENT_FILTERED, message, null);
        }
        return status == 413 ? tooLarge(message) : Fault.invalid(message, null);
    }

    private static boolean any(String text, List<String> signs) {
        return signs.stream().anyMatch(text::contains);
    }

    private static Fault rateLimited(String message) {
        String lower = message.toLowerCase(Locale.ROOT);
        return any(lower, NO_MONEY) ? noMoney() : vendor(FaultKind.RATE_LIMITED, message);
    }

    private static Fault unknownType(int status, String message) {
        Fault plain = byStatus(status);
        return new Fault(plain.kind(), plain.origin(), plain.retry(), message, null, null, null);
    }

    /** A body that says nothing: only the status is left, which proves nothing about the key. */
    private static Fault byStatus(int status) {
        String message = "Anthropic answered " + status + " without an error of its own";
        return switch (status) {
            case 400, 422 -> Fault.invalid(message, null);
            case 401, 403 -> elsewhere(FaultKind.UNAVAILABLE, Origin.VENDOR, message);
            case 402 -> noMoney();
            case 404 -> elsewhere(FaultKind.NOT_FOUND, Origin.VENDOR, message);
            case 408, 504 -> vendor(FaultKind.TIMEOUT, message);
            case 409 -> vendor(FaultKind.UNAVAILABLE, message);
            case 413 -> tooLarge(message);
            case 429 -> vendor(FaultKind.RATE_LIMITED, message);
            case 529 -> vendor(FaultKind.OVERLOADED, message);
            default -> {
                if (status >= 500) {
                    yield vendor(FaultKind.UNAVAILABLE, message);
                }
                yield status >= 400
                        ? Fault.invalid(message, null)
                        : elsewhere(FaultKind.UPSTREAM_PROTOCOL, Origin.VENDOR, message);
            }
        };
    }

    private static Fault refusedKey() {
        return elsewhere(
                FaultKind.UNAVAILABLE, Origin.CREDENTIAL, "Anthropic refuses Pillion's key");
    }

    private static Fault noMoney() {
        return elsewhere(
                FaultKind.QUOTA_EXHAUSTED,
                Origin.CREDENTIAL,
                "Pillion's account at Anthropic has no money or quota left");
    }

    private static Fault notFound(String message) {
        return elsewhere(FaultKind.NOT_FOUND, Origin.CALLER, message);
    }

    private static Fault tooLarge(String message) {
        return Fault.caller(FaultKind.TOO_LARGE, message, null);
    }

    private static Fault elsewhere(FaultKind kind, Origin origin, String message) {
        return new Fault(kind, origin, Retry.ELSEWHERE, message, null, null, null);
    }

    private static Fault vendor(FaultKind kind, String message) {
        return new Fault(kind, Origin.VENDOR, Retry.ANYWHERE, message, null, null, null);
    }

    /** The status that an error of this type would have had outside a stream. */
    private static int statusOf(String type) {
        return switch (type) {
            case "invalid_request_error" -> 400;
            case "authentication_error" -> 401;
            case "billing_error" -> 402;
            case "permission_error" -> 403;
            case "not_found_error" -> 404;
            case "conflict_error" -> 409;
            case "request_too_large" -> 413;
            case "rate_limit_error" -> 429;
            case "timeout_error" -> 504;
            case "overloaded_error" -> 529;
            default -> 500;
        };
    }
}
