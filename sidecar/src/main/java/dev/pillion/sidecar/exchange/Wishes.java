package dev.pillion.sidecar.exchange;

import dev.pillion.protocol.chat.RouteWish.Prefer;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.fault.FaultException;
import dev.pillion.protocol.wire.Headers;
import dev.pillion.sidecar.admit.Claim;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the {@code x-pillion-*} request headers ask for.
 *
 * @param caller the name claimed; null: none
 * @param maxCostUsd null: no ceiling
 * @param deadline null: the provider's total timeout
 * @param failover null: as the request says
 * @param hedge null: as the request or its class says
 * @param traceId of the W3C trace context; null: none, or not valid
 */
record Wishes(
        @Nullable String caller,
        Map<String, String> tags,
        @Nullable BigDecimal maxCostUsd,
        @Nullable Duration deadline,
        @Nullable Prefer prefer,
        @Nullable Boolean failover,
        @Nullable Boolean hedge,
        boolean lossy,
        boolean passthrough,
        @Nullable String traceId) {

    private static final int MAX_TAGS = 8;
    private static final Pattern TAG_VALUE = Pattern.compile("[\\x21-\\x7e&&[^,=]]{0,128}");
    private static final Pattern TRACE_PARENT =
            Pattern.compile("[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}.*");
    private static final long MAX_DEADLINE_MILLIS = 86_400_000;

    private static final Wishes NONE =
            new Wishes(null, Map.of(), null, null, null, null, null, false, true, null);

    /**
     * Reads them.
     *
     * @throws FaultException naming the header whose value is not one of those it takes
     */
    static Wishes of(Headers headers) {
        List<Headers.Field> ours = new ArrayList<>(2);
        for (Headers.Field field : headers.fields()) {
            if (field.name().startsWith("x-pillion-") || field.name().equals("traceparent")) {
                ours.add(field);
            }
        }
        if (ours.isEmpty()) {
            return NONE;
        }
        var wishes = new Builder();
        ours.forEach(wishes::take);
        return wishes.build();
    }

    /** Collects the headers one by one. */
    private static final class Builder {
        private @Nullable String caller;
        private final Map<String, String> tags = new LinkedHashMap<>();
        private @Nullable BigDecimal maxCostUsd;
        private @Nullable Duration deadline;
        private @Nullable Prefer prefer;
        private @Nullable Boolean failover;
        private @Nullable Boolean hedge;
        private boolean lossy;
        private boolean passthrough = true;
        private @Nullable String traceId;

        void take(Headers.Field field) {
            String name = field.name();
            String value = field.value().strip();
            switch (name) {
                case "traceparent" -> traceId = traceId(value);
                case "x-pillion-caller" -> caller = caller(name, value);
                case "x-pillion-tags" -> tags(name, value);
                case "x-pillion-max-cost-usd" -> maxCostUsd = usd(name, value);
                case "x-pillion-deadline-ms" -> deadline = millis(name, value);
                case "x-pillion-prefer" -> prefer = prefer(name, value);
                case "x-pillion-failover" -> failover = choice(name, value, "on", "off");
                case "x-pillion-hedge" -> hedge = choice(name, value, "on", "off");
                case "x-pillion-lossy" -> lossy = choice(name, value, "allow", "refuse");
                case "x-pillion-passthrough" -> passthrough = choice(name, value, "auto", "never");
                default -> throw bad(name, "no such header is known", "one of those documented");
            }
        }

        /** Of two names none is the caller's. */
        private String caller(String header, String value) {
            if (caller != null) {
                throw bad(header, "it is there twice", "one name");
            }
            return matching(Claim.NAME, header, value, "a name");
        }

        private void tags(String header, String value) {
            String[] pairs = value.split(",", MAX_TAGS + 1);
            for (String pair : pairs) {
                int eq = pair.indexOf('=');
                if (eq < 0) {
                    throw bad(header, "not a tag: no '='", "k=v,k2=v2");
                }
                String key =
                        matching(Claim.NAME, header, pair.substring(0, eq).strip(), "a tag's name");
                String tag = pair.substring(eq + 1).strip();
                if (tags.size() == MAX_TAGS && !tags.containsKey(key)) {
                    throw bad(header, "more than " + MAX_TAGS + " tags", "at most " + MAX_TAGS);
                }
                tags.put(key, matching(TAG_VALUE, header, tag, "a tag's value"));
            }
        }

        Wishes build() {
            return new Wishes(
                    caller,
                    tags.isEmpty() ? Map.of() : Collections.unmodifiableMap(tags),
                    maxCostUsd,
                    deadline,
                    prefer,
                    failover,
                    hedge,
                    lossy,
                    passthrough,
                    traceId);
        }
    }

    private static @Nullable String traceId(String value) {
        var matcher = TRACE_PARENT.matcher(value);
        return matcher.matches() ? matcher.group(1) : null;
    }

    private static String matching(Pattern pattern, String header, String value, String what) {
        if (!pattern.matcher(value).matches()) {
            throw bad(header, "not " + what, what + " of " + pattern);
        }
        return value;
    }

    private static BigDecimal usd(String header, String value) {
        if (!value.matches("\\d{1,9}(\\.\\d{1,12})?")) {
            throw bad(header, "not an amount", "US dollars, e.g. 0.05");
        }
        return new BigDecimal(value);
    }

    private static Duration millis(String header, String value) {
        if (!value.matches("\\d{1,9}") || Long.parseLong(value) > MAX_DEADLINE_MILLIS) {
            throw bad(header, "not a deadline", "milliseconds, 0 to " + MAX_DEADLINE_MILLIS);
        }
        return Duration.ofMillis(Long.parseLong(value));
    }

    private static Prefer prefer(String header, String value) {
        for (Prefer prefer : Prefer.values()) {
            if (prefer.name().toLowerCase(Locale.ROOT).equals(value)) {
                return prefer;
            }
        }
        throw bad(header, "unknown value", "balanced, cheapest or fastest");
    }

    /** True for the first word, false for the second. */
    private static boolean choice(String header, String value, String yes, String no) {
        if (value.equals(yes)) {
            return true;
        }
        if (value.equals(no)) {
            return false;
        }
        throw bad(header, "unknown value", yes + " or " + no);
    }

    private static FaultException bad(String header, String what, String expected) {
        return Fault.invalid(header + ": " + what + " (expected: " + expected + ")", header)
                .asException();
    }
}
