package dev.pillion.sidecar.upstream;

import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.fault.FaultKind;
import dev.pillion.protocol.fault.Origin;
import dev.pillion.protocol.fault.Retry;
import io.netty.handler.ssl.NotSslRecordException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Faults of the way to a vendor, in words that name provider, host and phase and hold no secret.
 */
final class Failures {
    private static final int MAX_DETAIL_CHARS = 200;

    private Failures() {}

    static Fault notConnectedInTime(Target target, String phase) {
        Duration limit = target.endpoint().connect();
        return Fault.network(
                FaultKind.TIMEOUT,
                "no connection to " + target.who() + " within " + text(limit) + ": " + phase);
    }

    static Fault notResolved(Target target, Throwable cause) {
        String host = target.pool().route().firstHost();
        String why =
                cause instanceof UnknownHostException && cause.getCause() == null
                        ? "no address found"
                        : "the name servers gave no answer";
        return unavailable("no connection to " + target.who() + ": name " + host + ": " + why);
    }

    static Fault notConnected(Target target, String phase, Throwable cause) {
        return unavailable("no connection to " + target.who() + ": " + phase + ": " + why(cause));
    }

    static Fault proxyRefused(Target target, String answer) {
        return unavailable("no connection to " + target.who() + ": the proxy " + answer);
    }

    /** No answer came, and none will on this connection. */
    static Fault lostBeforeAnswer(Target target, @Nullable Throwable cause) {
        return unavailable(
                target.who()
                        + (cause == null
                                ? " closed the connection without an answer"
                                : " broke the connection before its answer: " + why(cause)));
    }

    static Fault lostInAnswer(Target target, Throwable cause, long bytes) {
        return Fault.network(
                FaultKind.UPSTREAM_PROTOCOL,
                target.who()
                        + " broke the connection in its answer after "
                        + bytes
                        + " bytes of body: "
                        + why(cause));
    }

    static Fault badAnswer(Target target, String what) {
        return Fault.protocol(target.who() + " " + what);
    }

    static Fault noFirstByte(Target target, Duration limit) {
        return silent(target.who() + " gave no answer within " + text(limit));
    }

    static Fault silentInAnswer(Target target, Duration limit) {
        return silent(target.who() + " was silent for " + text(limit) + " in its answer");
    }

    static Fault takesNothing(Target target, Duration limit) {
        return silent(target.who() + " took nothing of the request for " + text(limit));
    }

    static Fault tooMany(Target target, int limit) {
        return new Fault(
                FaultKind.OVERLOADED,
                Origin.PILLION,
                Retry.ELSEWHERE,
                limit + " connections to " + target.who() + " are open (the limit)",
                null,
                null,
                null);
    }

    static Fault closing(Target target) {
        return unavailable("Pillion is closing its connection to " + target.who());
    }

    private static Fault unavailable(String message) {
        return Fault.network(FaultKind.UNAVAILABLE, message);
    }

    private static Fault silent(String message) {
        return new Fault(
                FaultKind.TIMEOUT, Origin.VENDOR, Retry.ANYWHERE, message, null, null, null);
    }

    /** What the system or TLS says, short, without addresses that repeat what we say ourselves. */
    private static String why(Throwable cause) {
        if (cause instanceof SSLException || cause.getCause() instanceof SSLException) {
            return tls(cause);
        }
        String said = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
        if (cause instanceof ClosedChannelException) {
            return "connection closed";
        }
        if (cause instanceof NoRouteToHostException || said.contains("unreachable")) {
            return "unreachable";
        }
        if (cause instanceof ConnectException && said.contains("refused")) {
            return "connection refused";
        }
        if (said.contains("reset")) {
            return "connection reset";
        }
        if (said.contains("broken pipe")) {
            return "broken pipe";
        }
        return detail(cause);
    }

    private static String tls(Throwable cause) {
        Throwable deepest = cause;
        for (int i = 0; i < 8 && deepest.getCause() != null; i++) {
            deepest = deepest.getCause();
        }
        return detail(deepest);
    }

    private static String detail(Throwable cause) {
        if (cause instanceof NotSslRecordException) { // it would show what came, in hexadecimal
            return "what answers there speaks no TLS";
        }
        String message = cause.getMessage();
        String text = message == null ? cause.getClass().getSimpleName() : message;
        String line = text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        return line.length() <= MAX_DETAIL_CHARS ? line : line.substring(0, MAX_DETAIL_CHARS);
    }

    /** E.g. {@code 250ms}, {@code 20s}, {@code 10m}. */
    static String text(Duration duration) {
        long millis = duration.toMillis();
        if (millis % 1000 != 0 || millis == 0) {
            return millis + "ms";
        }
        return millis % 60_000 == 0 ? millis / 60_000 + "m" : millis / 1000 + "s";
    }
}
