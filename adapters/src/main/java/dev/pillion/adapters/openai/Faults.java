package dev.pillion.adapters.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.fault.FaultKind;
import dev.pillion.protocol.fault.Origin;
import dev.pillion.protocol.fault.Retry;
import dev.pillion.protocol.wire.Headers;
import dev.pillion.protocol.wire.Json;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an error means: by code and type first, by known words of compatible servers, then by
 * status.
 */
public final class Faults {
    private static final int MAX_MESSAGE_CHARS = 500;

    private static final Set<String> QUOTA =
            Set.of(
                    "insufficient_quota",
                    "credit_balance_exhausted",
                    "organization_spend_limit_exceeded",
                    "project_spend_limit_exceeded",
                    "organization_usage_limit_exceeded",
                    "billing_hard_limit_reached",
                    "billing_not_active");
    private static final Set<String> KEY =
            Set.of(
                    "invalid_api_key",
                    "authentication_error",
                    "unauthenticated",
                    "The request does not have valid authentication credentials",
                    "account_deactivated",
                    "invalid_organization");
    private static final Set<String> FILTERED =
            Set.of(
                    "content_policy_violation",
                    "content_filter",
                    "moderation_blocked",
                    "bio_policy",
                    "misalignment_policy_violation",
                    "image_content_policy_violation");
    private static final Set<String> OVERLOADED =
            Set.of(
                    "server_is_overloaded",
                    "service_unavailable_error",
                    "overloaded_error",
                    "resource_unavailable",
                    "engine_overloaded");
    private static final Set<String> RATE =
            Set.of("rate_limit_exceeded", "slow_down", "rate_limit_error", "requests", "tokens");

    private Faults() {}

    /** The fault of an answer with an error status. */
    public static Fault of(int status, Headers reply, byte[] body) {
        Fault fault = classify(status, ErrorBody.of(body));
        var hint = fault.retry() == Retry.ANYWHERE ? RateLimitHeaders.retryAfter(reply) : null;
        return fault.withRetryAfter(hint).withVendor(new Fault.VendorAnswer(status, reply, body));
    }

    /** Whether a chunk or a whole body of a 200 is an error. */
    public static boolean isError(JsonNode body) {
        JsonNode error = body.path("error");
        boolean said = error.isTextual() || (error.isObject() && !error.isEmpty());
        return said
                || body.path("object").asText().equals("error")
                || (body.isArray() && isError(body.path(0)));
    }

    /** The fault of an error inside a 200. */
    public static Fault inside(JsonNode body) {
        ErrorBody error = ErrorBody.of(body);
        byte[] bytes = Json.text(body).getBytes(StandardCharsets.UTF_8);
        return classify(error.statusInCode(), error)
                .withVendor(new Fault.VendorAnswer(200, Headers.NONE, bytes));
    }

    /** Status 0: none was said, and then the code's own status counts. */
    private static Fault classify(int status, ErrorBody error) {
        Fault known = byWords(status, error);
        int meant = status == 0 ? CodeWords.status(error.code()) : status;
        return known == null ? byStatus(meant, error) : known;
    }

    private static @Nullable Fault byWords(int status, ErrorBody error) {
        if (in(QUOTA, error) || status == 402 || saysNoCredit(status, error)) {
            return credential(FaultKind.QUOTA_EXHAUSTED, "the vendor account is out of credit");
        }
        if (in(KEY, error) || status == 401 || saysBadKey(status, error)) {
            return credential(FaultKind.UNAVAILABLE, "the vendor refused the key");
        }
        if (saysTooLong(error)) {
            return fault(FaultKind.CONTEXT_TOO_LONG, Origin.CALLER, Retry.LARGER_CONTEXT, error);
        }
        if (in(FILTERED, error) || saysUnsafe(status, error)) {
            return fault(FaultKind.CONTENT_FILTERED, Origin.CALLER, Retry.NEVER, error);
        }
        if (saysNoModel(status, error)) {
            return fault(FaultKind.NOT_FOUND, Origin.CALLER, Retry.ELSEWHERE, error);
        }
        if (in(OVERLOADED, error)) {
            return fault(FaultKind.OVERLOADED, Origin.VENDOR, Retry.ANYWHERE, error);
        }
        return in(RATE, error)
                ? fault(FaultKind.RATE_LIMITED, Origin.VENDOR, Retry.ANYWHERE, error)
                : null;
    }

    private static boolean in(Set<String> words, ErrorBody error) {
        return words.contains(error.code()) || words.contains(error.type());
    }

    private static boolean is(String word, ErrorBody error) {
        return word.equals(error.code()) || word.equals(error.type());
    }

    /** xAI tells an empty account by its words, under 429 or 403, or inside a stream. */
    private static boolean saysNoCredit(int status, ErrorBody error) {
        return (status == 403 || status == 429 || status == 0)
                && (error.says("credits") || error.says("spending limit"));
    }

    /** xAI has been seen to answer an unknown model with 400. */
    private static boolean saysNoModel(int status, ErrorBody error) {
        return is("model_not_found", error)
                || is("not_found_error", error)
                || (status == 400 && error.says("model not found"));
    }

    /** xAI refuses unsafe content with 403 and tells it by its words. */
    private static boolean saysUnsafe(int status, ErrorBody error) {
        return (status == 400 || status == 403 || status == 0)
                && (error.says("violates usage guidelines")
                        || error.says("safety_check_type")
                        || error.says("content safety")
                        || error.says("content moderation"));
    }

    /** Some servers answer a wrong key with 400. */
    private static boolean saysBadKey(int status, ErrorBody error) {
        return (status == 400 || status == 403 || status == 0)
                && (error.says("incorrect api key")
                        || error.says("invalid api key")
                        || error.says("api key not valid")
                        || error.says("api key is blocked")
                        || error.says("api key is disabled")
                        || error.says("team is blocked"));
    }

    private static boolean saysTooLong(ErrorBody error) {
        return is("context_length_exceeded", error)
                || error.says("maximum context length")
                || error.says("maximum prompt length")
                || error.says("exceeds the context window")
                || error.says("exceed_context_size");
    }

    private static Fault byStatus(int status, ErrorBody error) {
        return switch (status) {
            case 400, 422 -> invalid(error);
            case 403 -> fault(FaultKind.PERMISSION, Origin.VENDOR, Retry.ELSEWHERE, error);
            case 404 -> fault(FaultKind.NOT_FOUND, Origin.CALLER, Retry.ELSEWHERE, error);
            case 408, 504 -> fault(FaultKind.TIMEOUT, Origin.VENDOR, Retry.ANYWHERE, error);
            case 413 -> fault(FaultKind.TOO_LARGE, Origin.CALLER, Retry.NEVER, error);
            case 429 -> fault(FaultKind.RATE_LIMITED, Origin.VENDOR, Retry.ANYWHERE, error);
            case 503, 529 -> fault(FaultKind.OVERLOADED, Origin.VENDOR, Retry.ANYWHERE, error);
            case 0 -> unsaid(error);
            default -> {
                boolean broken = status >= 500 || status == 409;
                yield broken
                        ? fault(FaultKind.UNAVAILABLE, Origin.VENDOR, Retry.ANYWHERE, error)
                        : unexpected(status, error);
            }
        };
    }

    private static Fault unexpected(int status, ErrorBody error) {
        return status >= 400
                ? invalid(error)
                : new Fault(
                        FaultKind.UPSTREAM_PROTOCOL,
                        Origin.VENDOR,
                        Retry.ELSEWHERE,
                        "the vendor answered with status " + status,
                        null,
                        null,
                        null);
    }

    private static Fault unsaid(ErrorBody error) {
        return is("invalid_request_error", error)
                ? invalid(error)
                : fault(FaultKind.UNAVAILABLE, Origin.VENDOR, Retry.ANYWHERE, error);
    }

    private static Fault invalid(ErrorBody error) {
        String param = error.param();
        Fault fault = fault(FaultKind.INVALID_REQUEST, Origin.CALLER, Retry.NEVER, error);
        return new Fault(
                fault.kind(),
                fault.origin(),
                fault.retry(),
                fault.message(),
                param == null ? null : Pointers.fromParam(param),
                null,
                null);
    }

    private static Fault credential(FaultKind kind, String message) {
        return new Fault(kind, Origin.CREDENTIAL, Retry.ELSEWHERE, message, null, null, null);
    }

    private static Fault fault(FaultKind kind, Origin origin, Retry retry, ErrorBody error) {
        String message = error.message();
        if (message.isBlank()) {
            message = "the vendor answered with an error and gave no reason";
        }
        if (message.length() > MAX_MESSAGE_CHARS) {
            message = message.substring(0, MAX_MESSAGE_CHARS) + "…";
        }
        return new Fault(kind, origin, retry, message, null, null, null);
    }
}
