package dev.pillion.sidecar.dispatch;

import dev.pillion.sidecar.health.Health;
import dev.pillion.sidecar.plan.Habits;
import dev.pillion.sidecar.plan.Homes;
import dev.pillion.sidecar.plan.Plan;
import dev.pillion.sidecar.upstream.ByteBudget;
import dev.pillion.sidecar.upstream.Loop;
import dev.pillion.sidecar.upstream.Vendors;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/** Tries a plan's targets in turn until one answers. */
public final class Dispatcher {
    private final Vendors vendors;
    private final ByteBudget budget;
    private final long maxReplyBytes;
    private final RandomGenerator random;
    private final Executor offLoop;
    private final Homes homes;
    private final Health health;
    private final Habits habits;

    public Dispatcher(
            Vendors vendors,
            ByteBudget budget,
            long maxReplyBytes,
            RandomGenerator random,
            Executor offLoop,
            Homes homes,
            Health health,
            Habits habits) {
        this.vendors = vendors;
        this.budget = budget;
        this.maxReplyBytes = maxReplyBytes;
        this.random = random;
        this.offLoop = offLoop;
        this.homes = homes;
        this.health = health;
        this.habits = habits;
    }

    /** Begins; the answer hears of it on the loop, perhaps before this returns. */
    public Dispatch start(Plan plan, Job job, Loop loop, Answer answer) {
        var spent = new Spent(plan.allowance());
        var dispatch =
                new Dispatch(
                        vendors,
                        loop,
                        job,
                        new Route(plan, job.failover(), random, health, loop::nanos),
                        new Rendering(
                                job,
                                answer,
                                () -> new Memory(budget, maxReplyBytes),
                                loop,
                                offLoop),
                        spent,
                        new Tally(job, loop, spent, habits, plan.load()),
                        answer,
                        target ->
                                homes.watch(
                                        plan.snapshot(), target.provider(), target.keyAccount()),
                        health);
        loop.execute(dispatch::next);
        return dispatch;
    }
}
