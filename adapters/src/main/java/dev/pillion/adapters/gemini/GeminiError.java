package dev.pillion.adapters.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.protocol.wire.Json;
import dev.pillion.protocol.wire.MalformedJson;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The vendor's error object: {@code {"error":{code,message,status,details}}}, also as the only
 * element of an array, with details of {@code google.rpc}.
 *
 * @param status the vendor's word for the code, e.g. {@code RESOURCE_EXHAUSTED}; empty: not said
 */
record GeminiError(int code, String status, String message, JsonNode details) {
    private static final Duration LONGEST = Duration.ofDays(31);
    private static final Pattern SECONDS = Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,9})?)s");
    private static final Pattern RETRY_IN =
            Pattern.compile(
                    "retry in"
                        + " ((?:[0-9]{1,9}h)?(?:[0-9]{1,9}m)?(?:[0-9]{1,9}(?:\\.[0-9]{1,9})?m?s)?)",
                    Pattern.CASE_INSENSITIVE);
    private static final Pattern STEP = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)(ms|h|m|s)");

    /** The error in the body; null where there is none. */
    static @Nullable GeminiError of(byte[] body) {
        try {
            return of(Json.read(body));
        } catch (MalformedJson e) {
            return null; // A page of a proxy, or nothing: then the status must do.
        }
    }

    static @Nullable GeminiError of(JsonNode body) {
        JsonNode error = (body.isArray() ? body.path(0) : body).path("error");
        if (error.isTextual()) {
            return new GeminiError(0, "", error.textValue(), Json.nodes().arrayNode());
        }
        if (!error.isObject()) {
            return null;
        }
        return new GeminiError(
                error.path("code").asInt(0),
                error.path("status").asText("").toUpperCase(Locale.ROOT),
                error.path("message").asText(""),
                error.path("details"));
    }

    /** {@code ErrorInfo.reason}, e.g. {@code API_KEY_INVALID}; empty: not said. */
    String reason() {
        return detail("ErrorInfo").path("reason").asText("");
    }

    private JsonNode detail(String type) {
        for (JsonNode detail : details) {
            if (detail.path("@type").asText("").endsWith("google.rpc." + type)) {
                return detail;
            }
        }
        return Json.nodes().missingNode();
    }

    /** Whether one of the quotas exceeded is that of a day. */
    boolean isDaily() {
        for (JsonNode violation : detail("QuotaFailure").path("violations")) {
            if (violation.path("quotaId").asText("").contains("PerDay")) {
                return true;
            }
        }
        return false;
    }

    /** How long to wait: {@code RetryInfo}, else what the message says; null: not said. */
    @Nullable Duration retryAfter() {
        Matcher told = SECONDS.matcher(detail("RetryInfo").path("retryDelay").asText(""));
        if (told.matches()) {
            return duration(new BigDecimal(told.group(1)), "s");
        }
        Matcher said = RETRY_IN.matcher(message);
        if (!said.find() || said.group(1).isEmpty()) {
            return null;
        }
        Duration sum = Duration.ZERO;
        for (Matcher step = STEP.matcher(said.group(1)); step.find(); ) {
            sum = sum.plus(duration(new BigDecimal(step.group(1)), step.group(2)));
        }
        return sum.compareTo(LONGEST) > 0 ? LONGEST : sum;
    }

    private static Duration duration(BigDecimal count, String unit) {
        long millis =
                switch (unit) {
                    case "h" -> 3_600_000L;
                    case "m" -> 60_000L;
                    case "ms" -> 1L;
                    default -> 1_000L;
                };
        Duration duration =
                Duration.ofMillis(count.multiply(BigDecimal.valueOf(millis)).longValue());
        return duration.compareTo(LONGEST) > 0 ? LONGEST : duration;
    }
}
