package dev.pillion.sidecar.dispatch;

import dev.pillion.protocol.chat.Effort;
import dev.pillion.protocol.chat.Usage;
import dev.pillion.sidecar.health.Trial;
import dev.pillion.sidecar.plan.Habits;
import dev.pillion.sidecar.plan.Load;
import dev.pillion.sidecar.plan.Target;
import dev.pillion.sidecar.upstream.Loop;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How one request's attempts have ended so far: each is told of here once. */
final class Tally {
    private final Job job;
    private final Loop loop;
    private final Spent spent;
    private final Habits habits;
    private final Load load;
    private final List<Outcome.Tried> tried = new ArrayList<>();
    private List<String> dropped = List.of();
    private @Nullable Effort effortUsed;

    Tally(Job job, Loop loop, Spent spent, Habits habits, Load load) {
        this.job = job;
        this.loop = loop;
        this.spent = spent;
        this.habits = habits;
        this.load = load;
    }

    /** The attempt has ended. */
    void add(Attempt attempt, String how) {
        boolean free = job.work() instanceof Work.Count || !attempt.mayHaveCost();
        Usage told = attempt.usage();
        boolean surely = told == null ? free : !attempt.call().stream();
        spent.add(attempt.target(), surely ? (told == null ? Usage.NONE : told) : null);
        tried.add(
                new Outcome.Tried(
                        attempt.target(),
                        how,
                        attempt.elapsedMillis(),
                        loop.nanos(),
                        told == null && free ? Usage.NONE : told,
                        attempt.answering()));
        judge(attempt.trial(), how, told);
        if (how.equals(Outcome.OK)) {
            dropped = List.copyOf(attempt.call().dropped());
            effortUsed = attempt.call().effortUsed();
            if (told != null && job.work() instanceof Work.Chat) {
                habits.answered(load, attempt.target().model().id(), told);
            }
        }
    }

    /** The tokens of the prompt that such a target is not expected to have cached. */
    long freshTokens(Target target) {
        return habits.freshTokens(load, target.model().id());
    }

    private static void judge(@Nullable Trial trial, String how, @Nullable Usage told) {
        if (trial == null) {
            return;
        }
        switch (how) {
            case Outcome.OK -> trial.succeeded(told == null ? 0 : told.outputTokens());
            case Outcome.HEDGED -> trial.overtaken();
            default -> trial.cancelled(); // unless its fault has told more
        }
    }

    List<Outcome.Tried> tried() {
        return List.copyOf(tried);
    }

    int attempts() {
        return tried.size();
    }

    /** What was left out of the request that was answered. */
    List<String> dropped() {
        return dropped;
    }

    @Nullable Effort effortUsed() {
        return effortUsed;
    }
}
