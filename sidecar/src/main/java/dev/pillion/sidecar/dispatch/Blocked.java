package dev.pillion.sidecar.dispatch;

import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.fault.FaultKind;
import dev.pillion.sidecar.plan.Target;

/** An answer of status 200 that is none, because its vendor has blocked the content. */
final class Blocked {
    private Blocked() {}

    static Fault by(Target target) {
        return Fault.caller(
                FaultKind.CONTENT_FILTERED, target.provider() + " blocked the content", null);
    }
}
