package dev.pillion.sidecar.dispatch;

import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.fault.FaultKind;
import dev.pillion.protocol.fault.Origin;
import dev.pillion.sidecar.health.Health;
import dev.pillion.sidecar.health.Trial;
import dev.pillion.sidecar.plan.Target;
import java.time.Duration;

/** What a failed attempt tells of its target and of its key. */
final class Verdict {
    /** How long a key that met its limit is left alone where the vendor does not say. */
    private static final Duration LIMIT_PAUSE = Duration.ofSeconds(1);

    /** How long a key that the vendor refuses is left alone. */
    private static final Duration REFUSED_PAUSE = Duration.ofSeconds(10);

    /** A vendor that asks for more is asked again all the same, to see. */
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

    private Verdict() {}

    static void on(Fault fault, Target target, Trial trial, Health health) {
        Duration hint = fault.retryAfter();
        if (fault.origin() == Origin.CREDENTIAL) {
            hold(target, hint == null ? REFUSED_PAUSE : hint, health);
            trial.cancelled();
        } else if (fault.kind() == FaultKind.RATE_LIMITED) {
            hold(target, hint == null ? LIMIT_PAUSE : hint, health);
            trial.cancelled();
        } else if (fault.origin() == Origin.VENDOR || fault.origin() == Origin.NETWORK) {
            if (hint != null) {
                hold(target, hint, health);
            }
            trial.failed();
        } else {
            trial.cancelled();
        }
    }

    private static void hold(Target target, Duration pause, Health health) {
        Duration bounded = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
        health.hold(target.provider(), target.keyId(), target.model().id(), bounded);
    }
}
