package dev.pillion.sidecar.edge;

import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.fault.FaultKind;
import dev.pillion.protocol.fault.Origin;
import dev.pillion.protocol.fault.Retry;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Why the edge itself refuses a request, with the status that HTTP has for it. */
record EdgeFault(int status, Fault fault) {
    private static final int MAX_SHOWN_CHARS = 40;
    private static final Duration SOON = Duration.ofSeconds(1);

    static EdgeFault malformed(String message) {
        return malformed(message, null);
    }

    static EdgeFault malformed(String message, @Nullable String where) {
        return new EdgeFault(400, Fault.invalid(message, where));
    }

    static EdgeFault forbidden(String message, @Nullable String where) {
        return new EdgeFault(403, Fault.caller(FaultKind.PERMISSION, message, where));
    }

    static EdgeFault unauthenticated(String message) {
        return new EdgeFault(401, Fault.caller(FaultKind.AUTHENTICATION, message, "authorization"));
    }

    static EdgeFault headTooLarge(String message) {
        return new EdgeFault(431, Fault.caller(FaultKind.TOO_LARGE, message, null));
    }

    static EdgeFault bodyTooLarge(long maxBytes) {
        String message = "the request body is larger than " + maxBytes + " bytes";
        return new EdgeFault(413, Fault.caller(FaultKind.TOO_LARGE, message, null));
    }

    static EdgeFault unpackedTooLarge(long maxBytes) {
        String message = "the request body unpacks to more than " + maxBytes + " bytes";
        return new EdgeFault(413, Fault.caller(FaultKind.TOO_LARGE, message, null));
    }

    /** All bodies together fill what there is for them. */
    static EdgeFault bodiesFull() {
        return overloaded("the bodies in flight fill the memory set aside for them");
    }

    /** The header's value is told, shortened: it says what to change, and is no secret. */
    static EdgeFault unknownCoding(String value) {
        String shown = value.length() <= MAX_SHOWN_CHARS ? value : value.substring(0, 40) + "…";
        return new EdgeFault(
                415,
                Fault.invalid(
                        "the content-encoding "
                                + shown.replaceAll("[^\\x20-\\x7e]", "?")
                                + " is not understood (expected: "
                                + Codings.ACCEPTED
                                + " or identity)",
                        "content-encoding"));
    }

    static EdgeFault plainRefused() {
        return new EdgeFault(
                406,
                Fault.invalid(
                        "answers are not packed, and accept-encoding refuses that (expected:"
                                + " identity not excluded)",
                        "accept-encoding"));
    }

    static EdgeFault tooSlow(String message) {
        return new EdgeFault(408, Fault.caller(FaultKind.TIMEOUT, message, null));
    }

    static EdgeFault unsupportedVersion() {
        return new EdgeFault(505, Fault.invalid("expected HTTP/1.1 or HTTP/1.0", null));
    }

    static EdgeFault unknownExpectation() {
        return new EdgeFault(417, Fault.invalid("expected 100-continue or nothing", "expect"));
    }

    static EdgeFault overloaded(String message) {
        return new EdgeFault(
                503,
                new Fault(
                        FaultKind.OVERLOADED,
                        Origin.PILLION,
                        Retry.ANYWHERE,
                        message,
                        null,
                        SOON,
                        null));
    }

    static EdgeFault internal() {
        return new EdgeFault(500, Fault.internal("a defect of Pillion, reported in its log"));
    }
}
