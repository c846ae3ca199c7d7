package dev.pillion.adapters.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.fault.Fault.VendorAnswer;
import dev.pillion.protocol.fault.FaultKind;
import dev.pillion.protocol.fault.Origin;
import dev.pillion.protocol.fault.Retry;
import dev.pillion.protocol.wire.Headers;
import dev.pillion.protocol.wire.Json;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What Gemini's errors mean: by {@code ErrorInfo.reason}, quota and message first, since a bad key
 * and much else come as 400, then by {@code error.status}, and by the HTTP status only where the
 * body says nothing.
 */
final class GeminiFaults {
    private static final int MAX_MESSAGE_CHARS = 1_000;
    private static final Duration LONGEST = Duration.ofDays(31);
    private static final List<String> BAD_KEY =
            List.of(
                    "api key not valid",
                    "api key expired",
                    "api key not found",
                    "api key was reported as leaked",
                    "invalid api key",
                    "unregistered callers");
    private static final List<String> TOO_LONG =
            List.of(
                    "input token count",
                    "exceeds the maximum number of tokens",
                    "exceeds the context window",
                    "maximum context length");
    private static final List<String> TOO_LARGE =
            List.of("request payload size exceeds", "request entity too large");
    private static final List<String> NO_MONEY =
            List.of(
                    "credits are depleted",
                    "spending cap",
                    "enable billing",
                    "billing account",
                    "free tier is not available",
                    "free tier not available");
    private static final List<String> FILTERED =
            List.of(
                    "blocked by safety",
                    "blocked due to safety",
                    "safety policy",
                    "safety policies",
                    "prohibited content",
                    "prohibited_content",
                    "responsible ai");
    private static final List<String> CALLERS_OWN =
            List.of("access the file", "cachedcontent", "cached content", "tuned model");

    private GeminiFaults() {}

    static Fault of(int status, Headers reply, byte[] body) {
        GeminiError error = GeminiError.of(body);
        Fault fault = error == null ? byStatus(status, null) : byBody(status, error);
        return fault.withVendor(new VendorAnswer(status, reply, body))
                .withRetryAfter(retryAfter(fault, reply, error));
    }

    /** An error inside a 200. */
    static Fault inside(JsonNode chunk, Headers reply) {
        byte[] bytes = Json.text(chunk).getBytes(StandardCharsets.UTF_8);
        GeminiError error = GeminiError.of(chunk);
        if (error == null) {
            return Fault.protocol("the vendor sent an error that is none of its own")
                    .withVendor(new VendorAnswer(500, reply, bytes));
        }
        int status = error.code() >= 400 ? error.code() : statusOf(error.status());
        Fault fault = byBody(status, error);
        return fault.withVendor(new VendorAnswer(status, reply, bytes))
                .withRetryAfter(retryAfter(fault, reply, error));
    }

    /** A day's quota does not come back with the delay that the vendor names. */
    private static @Nullable Duration retryAfter(
            Fault fault, Headers reply, @Nullable GeminiError error) {
        Duration header = header(reply);
        if (header != null || error == null || fault.retry() != Retry.ANYWHERE) {
            return header;
        }
        return error.retryAfter();
    }

    private static @Nullable Duration header(Headers reply) {
        Duration millis = millis(reply.get("retry-after-ms"));
        String after = reply.get("retry-after");
        if (millis != null || after == null) {
            return millis;
        }
        try {
            double seconds = Double.parseDouble(after.strip());
            Duration told = Duration.ofMillis((long) (seconds * 1_000));
            return seconds < 0 ? null : told.compareTo(LONGEST) > 0 ? LONGEST : told;
        } catch (NumberFormatException e) {
            return until(httpDate(after), reply.get("date"));
        }
    }

    /** No word of Google's, but of proxies that stand before it. */
    private static @Nullable Duration millis(@Nullable String text) {
        if (text == null || !text.strip().matches("[0-9]{1,12}(\\.[0-9]{1,9})?")) {
            return null;
        }
        Duration told = Duration.ofMillis((long) Double.parseDouble(text.strip()));
        return told.compareTo(LONGEST) > 0 ? LONGEST : told;
    }

    private static @Nullable Duration until(@Nullable Instant at, @Nullable String date) {
        if (at == null) {
            return null;
        }
        Instant said = date == null ? null : httpDate(date);
        Duration until = Duration.between(said == null ? Instant.now() : said, at);
        return until.isNegative() ? Duration.ZERO : until.compareTo(LONGEST) > 0 ? LONGEST : until;
    }

    private static @Nullable Instant httpDate(String text) {
        try {
            return ZonedDateTime.parse(text.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
        } catch (DateTimeException e) {
            return null; // Not a time that we know: as if nothing were said.
        }
    }

    private static Fault byBody(int status, GeminiError error) {
        String message = message(error);
        Fault known = byWords(error, message);
        if (known != null) {
            return known;
        }
        return switch (error.status()) {
            case "INVALID_ARGUMENT", "FAILED_PRECONDITION", "OUT_OF_RANGE", "ALREADY_EXISTS" ->
                    refused(error, message);
            case "UNAUTHENTICATED" -> refusedKey();
            case "PERMISSION_DENIED" -> denied(message);
            case "NOT_FOUND" -> elsewhere(FaultKind.NOT_FOUND, Origin.CALLER, message);
            case "RESOURCE_EXHAUSTED" ->
                    error.isDaily() ? noMoney() : vendor(FaultKind.RATE_LIMITED, message);
            case "UNAVAILABLE" -> vendor(FaultKind.OVERLOADED, message);
            case "DEADLINE_EXCEEDED" -> vendor(FaultKind.TIMEOUT, message);
            case "INTERNAL", "UNKNOWN", "ABORTED", "CANCELLED", "DATA_LOSS" ->
                    vendor(FaultKind.UNAVAILABLE, message);
            case "UNIMPLEMENTED" -> elsewhere(FaultKind.UNAVAILABLE, Origin.VENDOR, message);
            default -> byStatus(status, message);
        };
    }

    private static @Nullable Fault byWords(GeminiError error, String message) {
        String reason = error.reason();
        if (reason.equals("BILLING_DISABLED")) {
            return noMoney();
        }
        if (reason.startsWith("API_KEY_")
                || reason.startsWith("CONSUMER_")
                || reason.startsWith("ACCESS_TOKEN_")
                || reason.equals("SERVICE_DISABLED")) {
            return refusedKey();
        }
        String lower = message.toLowerCase(Locale.ROOT);
        if (any(lower, BAD_KEY)) {
            return refusedKey();
        }
        if (any(lower, TOO_LARGE)) {
            return Fault.caller(FaultKind.TOO_LARGE, message, null);
        }
        boolean quota = error.status().equals("RESOURCE_EXHAUSTED");
        if (!quota && any(lower, TOO_LONG)) {
            return new Fault(
                    FaultKind.CONTEXT_TOO_LONG,
                    Origin.CALLER,
                    Retry.LARGER_CONTEXT,
                    message,
                    null,
                    null,
                    null);
        }
        return any(lower, NO_MONEY) ? noMoney() : null;
    }

    /** The request can't be served so: by its content, by where we are, or by its form. */
    private static Fault refused(GeminiError error, String message) {
        String lower = message.toLowerCase(Locale.ROOT);
        if (any(lower, FILTERED)) {
            return Fault.caller(FaultKind.CONTENT_FILTERED, message, null);
        }
        boolean place = error.status().equals("FAILED_PRECONDITION") && lower.contains("location");
        return place
                ? elsewhere(FaultKind.PERMISSION, Origin.VENDOR, message)
                : Fault.invalid(message, null);
    }

    private static Fault denied(String message) {
        return any(message.toLowerCase(Locale.ROOT), CALLERS_OWN)
                ? elsewhere(FaultKind.PERMISSION, Origin.CALLER, message)
                : refusedKey();
    }

    private static String message(GeminiError error) {
        String message = error.message();
        if (message.isBlank()) {
            message = "Gemini answered with an error and no message";
        }
        return message.length() > MAX_MESSAGE_CHARS
                ? message.substring(0, MAX_MESSAGE_CHARS)
                : message;
    }

    private static boolean any(String text, List<String> signs) {
        return signs.stream().anyMatch(text::contains);
    }

    /** A body that says nothing: only the status is left, which proves nothing about the key. */
    private static Fault byStatus(int status, @Nullable String said) {
        String message =
                said == null ? "Gemini answered " + status + " without an error of its own" : said;
        return switch (status) {
            case 400, 422 -> Fault.invalid(message, null);
            case 401, 403 -> elsewhere(FaultKind.UNAVAILABLE, Origin.VENDOR, message);
            case 402 -> noMoney();
            case 404 -> elsewhere(FaultKind.NOT_FOUND, Origin.VENDOR, message);
            case 408, 504 -> vendor(FaultKind.TIMEOUT, message);
            case 409, 499 -> vendor(FaultKind.UNAVAILABLE, message);
            case 413 -> Fault.caller(FaultKind.TOO_LARGE, message, null);
            case 429 -> vendor(FaultKind.RATE_LIMITED, message);
            case 503, 529 -> vendor(FaultKind.OVERLOADED, message);
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
        return elsewhere(FaultKind.UNAVAILABLE, Origin.CREDENTIAL, "Gemini refuses Pillion's key");
    }

    private static Fault noMoney() {
        return elsewhere(
                FaultKind.QUOTA_EXHAUSTED,
                Origin.CREDENTIAL,
                "Pillion's account at Gemini has no money or quota left");
    }

    private static Fault elsewhere(FaultKind kind, Origin origin, String message) {
        return new Fault(kind, origin, Retry.ELSEWHERE, message, null, null, null);
    }

    private static Fault vendor(FaultKind kind, String message) {
        return new Fault(kind, Origin.VENDOR, Retry.ANYWHERE, message, null, null, null);
    }

    /** The status that an error of this name would have had outside a stream. */
    private static int statusOf(String name) {
        return switch (name) {
            case "INVALID_ARGUMENT", "FAILED_PRECONDITION", "OUT_OF_RANGE" -> 400;
            case "UNAUTHENTICATED" -> 401;
            case "PERMISSION_DENIED" -> 403;
            case "NOT_FOUND" -> 404;
            case "ALREADY_EXISTS", "ABORTED" -> 409;
            case "RESOURCE_EXHAUSTED" -> 429;
            case "CANCELLED" -> 499;
            case "UNAVAILABLE" -> 503;
            case "DEADLINE_EXCEEDED" -> 504;
            default -> 500;
        };
    }
}
