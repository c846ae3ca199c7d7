package dev.pillion.sidecar.edge;

import dev.pillion.protocol.wire.Headers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Turns what the edge refuses into an answer, whatever the shape-giver does. */
final class ErrorAnswers {
    private ErrorAnswers() {}

    /**
     * The answer to a refused request.
     *
     * @param about what is known of the request; its status and fault are replaced
     */
    static ErrorBody.Answer of(Edge edge, ErrorBody.Refused about, EdgeFault refused) {
        ErrorBody.Refused full = about(about, refused);
        try {
            return complete(edge.errors().render(full), refused);
        } catch (RuntimeException e) { // a defect in the shape must not cost the answer
            edge.diagnostics().defect("the error of request " + about.requestId(), e);
            return complete(plain(refused), refused);
        }
    }

    private static ErrorBody.Refused about(ErrorBody.Refused about, EdgeFault refused) {
        return new ErrorBody.Refused(
                about.requestId(),
                about.door(),
                about.method(),
                about.path(),
                about.headers(),
                about.peer(),
                about.beganNanos(),
                refused.status(),
                refused.fault());
    }

    private static ErrorBody.Answer plain(EdgeFault refused) {
        String text = refused.fault().message() + "\n";
        return new ErrorBody.Answer(
                refused.status(),
                Headers.of("content-type", "text/plain; charset=utf-8"),
                text.getBytes(StandardCharsets.UTF_8));
    }

    /** Adds what HTTP asks for with some statuses. */
    private static ErrorBody.Answer complete(ErrorBody.Answer answer, EdgeFault refused) {
        Headers headers = answer.headers();
        Duration wait = refused.fault().retryAfter();
        if (wait != null && headers.get("retry-after") == null) {
            long seconds = Math.max(1, wait.plusMillis(999).toSeconds());
            headers = headers.plus(Headers.of("retry-after", Long.toString(seconds)));
        }
        if (headers.get("x-should-retry") == null) {
            String again = Boolean.toString(refused.fault().askAgainLater());
            headers = headers.plus(Headers.of("x-should-retry", again));
        }
        if (refused.status() == 401 && headers.get("www-authenticate") == null) {
            headers = headers.plus(Headers.of("www-authenticate", "Bearer"));
        }
        if (refused.status() == 415) { // RFC 9110, 15.5.16
            headers = headers.plus(Headers.of("accept-encoding", Codings.ACCEPTED));
        }
        return new ErrorBody.Answer(answer.status(), headers, answer.body());
    }
}
