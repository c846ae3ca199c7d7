package dev.pillion.sidecar.admit;

import java.math.BigDecimal;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What one account has spent today, and holds back for requests under way. Thread-safe. */
final class Purse {
    /**
     * How it stands.
     *
     * @param day since 1970-01-01, in UTC
     * @param spentUsd on that day
     * @param reservedUsd for requests under way, whenever they began
     * @param refused requests on that day
     */
    record State(long day, BigDecimal spentUsd, BigDecimal reservedUsd, long refused) {
        /** A new day has nothing spent; what is under way goes on, and is spent when it ends. */
        State on(long today) {
            return today > day ? new State(today, BigDecimal.ZERO, reservedUsd, 0) : this;
        }

        /** What has no known cost fits while anything is left. */
        boolean fits(BigDecimal usd, BigDecimal budgetUsd) {
            BigDecimal taken = spentUsd.add(reservedUsd);
            return usd.signum() > 0
                    ? taken.add(usd).compareTo(budgetUsd) <= 0
                    : taken.compareTo(budgetUsd) < 0;
        }

        private State with(BigDecimal spent, BigDecimal reserved) {
            return new State(day, spent, reserved, refused);
        }
    }

    private final AtomicReference<State> state;

    Purse(long today) {
        state = new AtomicReference<>(new State(today, BigDecimal.ZERO, BigDecimal.ZERO, 0));
    }

    State state(long today) {
        return state.get().on(today);
    }

    /** Holds so much back; null: done, else how it stands where that does not fit. */
    @Nullable State reserve(BigDecimal usd, BigDecimal budgetUsd, long today) {
        while (true) {
            State was = state.get();
            State now = was.on(today);
            boolean fits = now.fits(usd, budgetUsd);
            State next =
                    fits
                            ? now.with(now.spentUsd(), now.reservedUsd().add(usd))
                            : new State(
                                    now.day(),
                                    now.spentUsd(),
                                    now.reservedUsd(),
                                    now.refused() + 1);
            if (state.compareAndSet(was, next)) {
                return fits ? null : next;
            }
        }
    }

    /** Gives back what was held, and books what it came to on the day that it is now. */
    void settle(BigDecimal reservedUsd, BigDecimal spentUsd, long today) {
        state.updateAndGet(was -> {
            State now = was.on(today);
            return now.with(now.spentUsd().add(spentUsd), now.reservedUsd().subtract(reservedUsd));
        });
    }

    /** What was spent that day and is not counted yet; negative: what another account takes. */
    void carry(BigDecimal usd, long day, long today) {
        state.updateAndGet(was -> {
            State now = was.on(today);
            return now.day() == day
                    ? now.with(now.spentUsd().add(usd).max(BigDecimal.ZERO), now.reservedUsd())
                    : now;
        });
    }
}
