package dev.pillion.sidecar.rehearse;

import dev.pillion.sidecar.config.Snapshot;
import dev.pillion.sidecar.plan.Ask;
import dev.pillion.sidecar.plan.Plan;

/** A way of routing: Pillion's own, or one that it is compared with. Actors are told by index. */
interface Router {

    /** Whom to ask, first choice first; the same failover works behind every router. */
    Plan plan(Snapshot snapshot, Ask ask);

    /** A call goes to that actor. */
    default void asked(int actor) {}

    /** Its first content has come. */
    default void first(int actor, long waitNanos) {}

    /** The call has ended, in whatever way; {@code waitNanos} since it began. */
    default void ended(int actor, boolean well, long waitNanos) {}
}
