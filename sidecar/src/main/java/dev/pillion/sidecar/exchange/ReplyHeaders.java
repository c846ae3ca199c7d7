package dev.pillion.sidecar.exchange;

import dev.pillion.adapters.AnyDialect;
import dev.pillion.adapters.Dialect;
import dev.pillion.adapters.Forwarding;
import dev.pillion.adapters.Surface;
import dev.pillion.protocol.chat.Effort;
import dev.pillion.protocol.chat.Ending;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.fault.Retry;
import dev.pillion.protocol.wire.Headers;
import dev.pillion.sidecar.dispatch.Attempt;
import dev.pillion.sidecar.dispatch.Outcome;
import dev.pillion.sidecar.plan.Target;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The header fields of answers. */
final class ReplyHeaders {
    private static final String JSON = "application/json";

    private final String requestId;
    private final AnyDialect dialect;
    private final Surface client;

    ReplyHeaders(String requestId, AnyDialect dialect, Surface client) {
        this.requestId = requestId;
        this.dialect = dialect;
        this.client = client;
    }

    /** Of a stream whose vendor is not known yet. */
    Headers early(long overheadMicros) {
        return eventStream(overheadMicros).build();
    }

    /** Of a stream. */
    Headers stream(
            Attempt attempt, int attempts, @Nullable Effort effortAsked, long overheadMicros) {
        Headers.Builder fields = eventStream(overheadMicros);
        who(fields, attempt.target());
        fields.add("x-pillion-attempts", Integer.toString(attempts));
        how(fields, attempt, effortAsked);
        return ofVendor(attempt, fields.build());
    }

    /** Of a whole answer. */
    Headers whole(
            Attempt attempt,
            Outcome outcome,
            Ending ending,
            @Nullable Effort effortAsked,
            long overheadMicros) {
        Headers.Builder fields = common(JSON, overheadMicros);
        who(fields, attempt.target());
        fields.add("x-pillion-attempts", Integer.toString(outcome.tried().size()));
        if (ending.cost().usd() != null) {
            fields.add("x-pillion-cost-usd", ending.cost().usd().toPlainString());
        }
        how(fields, attempt, effortAsked);
        return ofVendor(attempt, fields.build());
    }

    /**
     * Beside ours, what the vendor says of its limits to a client whose request went through; its
     * own name for the request stands in the place of ours, which {@code x-pillion-request-id} has.
     */
    private Headers ofVendor(Attempt attempt, Headers ours) {
        Forwarding forwarding = dialect.passthrough();
        return forwarding == null || !attempt.passed()
                ? ours
                : handedOn(forwarding, attempt.headers(), ours);
    }

    private static Headers handedOn(Forwarding forwarding, Headers vendors, Headers ours) {
        Headers.Builder fields = Headers.builder();
        for (Headers.Field field : vendors.fields()) {
            if (forwarding.handsOn(field.name())) {
                fields.add(field);
            }
        }
        for (Headers.Field field : ours.fields()) {
            if (!fields.has(field.name())) {
                fields.add(field);
            }
        }
        return fields.build();
    }

    /** Of an answer that is handed on as it comes. */
    Headers raw(Attempt attempt, int attempts, long overheadMicros) {
        Headers.Builder fields = rawAnswer(attempt.headers(), attempt.target(), overheadMicros);
        return fields.add("x-pillion-attempts", Integer.toString(attempts)).build();
    }

    /**
     * Of a vendor's error that is handed on as it comes; whether to ask again it may say itself.
     */
    Headers rawError(
            Fault fault,
            Outcome outcome,
            Fault.VendorAnswer own,
            boolean failover,
            long overheadMicros) {
        Target target = outcome.target();
        Headers.Builder fields = rawAnswer(own.headers(), target, overheadMicros);
        fields.add("x-pillion-attempts", Integer.toString(outcome.tried().size()));
        if (own.headers().get("x-should-retry") == null) {
            retry(fields, fault, failover);
        }
        return fields.build();
    }

    /** How addresses of that provider's lead back here; null where nobody can say. */
    @Nullable LedBack ledBack(@Nullable Target target) {
        String host = client.headers().get("host");
        return target == null || host == null ? null : new LedBack(target, host);
    }

    private Headers.Builder rawAnswer(
            Headers vendor, @Nullable Target target, long overheadMicros) {
        Headers.Builder fields = Headers.builder();
        RawHeaders.toClient(vendor, ledBack(target), fields);
        ours(fields, overheadMicros);
        if (target != null) {
            who(fields, target);
        }
        return fields;
    }

    /** Of an answer that no vendor had a part in. */
    Headers own(long overheadMicros) {
        return common(JSON, overheadMicros).build();
    }

    /**
     * Of an error of the surface's own shape. SDKs retry most of them by their status alone, which
     * would multiply what failover did; {@code x-should-retry} overrules that in OpenAI's and
     * Anthropic's.
     */
    Headers error(Fault fault, int status, Outcome outcome, boolean failover, long overheadMicros) {
        Headers.Builder fields = common(JSON, overheadMicros);
        tried(fields, outcome);
        Duration hint = fault.retryAfter();
        if (hint != null || status == 429 || status == 503 || status == 529) {
            long seconds = hint == null ? 1 : Math.max(1, hint.plusMillis(999).toSeconds());
            fields.add("retry-after", Long.toString(seconds));
        }
        retry(fields, fault, failover);
        return fields.build();
    }

    /** Without failover the client is the one who retries. */
    private static void retry(Headers.Builder fields, Fault fault, boolean failover) {
        if (failover || fault.retry() == Retry.NEVER) {
            fields.add("x-should-retry", Boolean.toString(fault.askAgainLater()));
        }
    }

    /**
     * Of a vendor's own error, handed on; with all that its SDKs read where it is one of theirs.
     */
    Headers vendorError(Outcome outcome, Fault.VendorAnswer own, long overheadMicros) {
        String type = own.headers().get("content-type");
        Headers.Builder fields = common(type == null ? JSON : type, overheadMicros);
        tried(fields, outcome);
        for (String name : List.of("retry-after", "retry-after-ms", "x-should-retry")) {
            String value = own.headers().get(name);
            if (value != null) {
                fields.add(name, value);
            }
        }
        Forwarding forwarding = dialect.passthrough();
        Target target = outcome.target();
        return forwarding == null
                        || target == null
                        || !forwarding.speaks().equals(target.format().speaks())
                ? fields.build()
                : handedOn(forwarding, own.headers(), fields.build());
    }

    private Headers.Builder eventStream(long overheadMicros) {
        String type = dialect instanceof Dialect answers ? answers.streamType(client) : JSON;
        return common(type, overheadMicros).add("cache-control", "no-cache");
    }

    private Headers.Builder common(String contentType, long overheadMicros) {
        Headers.Builder fields = Headers.builder();
        fields.add("content-type", contentType);
        ours(fields, overheadMicros);
        for (Headers.Field field : dialect.errors().headers(requestId).fields()) {
            fields.add(field);
        }
        return fields;
    }

    private void ours(Headers.Builder fields, long overheadMicros) {
        fields.add("x-pillion-request-id", requestId);
        fields.add("x-pillion-overhead-us", Long.toString(overheadMicros));
    }

    private static void who(Headers.Builder fields, Target target) {
        fields.add("x-pillion-provider", target.provider());
        if (!target.model().vendorId().isEmpty()) { // a raw call may name none
            fields.add("x-pillion-model", target.model().vendorId());
        }
        String keyId = target.keyId();
        if (keyId != null) {
            fields.add("x-pillion-key-id", keyId);
        }
    }

    private static void tried(Headers.Builder fields, Outcome outcome) {
        fields.add("x-pillion-attempts", Integer.toString(outcome.tried().size()));
        Target target = outcome.target();
        if (target != null && !outcome.tried().isEmpty()) {
            who(fields, target);
        }
    }

    private static void how(Headers.Builder fields, Attempt attempt, @Nullable Effort effortAsked) {
        List<String> dropped = attempt.call().dropped();
        if (!dropped.isEmpty()) {
            fields.add("x-pillion-dropped", String.join(", ", dropped));
        }
        Effort used = attempt.call().effortUsed();
        if (effortAsked != null) {
            fields.add(
                    "x-pillion-effort",
                    "asked="
                            + effortAsked.wire()
                            + "; used="
                            + (used == null ? "none" : used.wire()));
        }
    }
}
