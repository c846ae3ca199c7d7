package dev.pillion.sidecar.admit;

import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.fault.FaultException;
import dev.pillion.protocol.fault.FaultKind;
import dev.pillion.sidecar.config.CallerConfig;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What callers may spend in a day of UTC, and have: US dollars in decimals. Callers that the
 * configuration names have an account each, all others share the account of {@code default}, so
 * that nobody gets a fresh budget by inventing a name.
 *
 * <p>When a request is let in, what was spent and what is held back for requests under way are
 * together within the budget; so a day's spending exceeds it by no more than what those under way
 * cost beyond what was held back for them. Thread-safe.
 */
public final class Budgets {
    private static final long DAY_MILLIS = TimeUnit.DAYS.toMillis(1);

    private final InstantSource clock;
    private final ConcurrentHashMap<String, Purse> purses = new ConcurrentHashMap<>();

    public Budgets(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * An account as it stands.
     *
     * @param budgetUsd a day's; null: none
     * @param refused requests today
     */
    public record Account(
            String caller,
            @Nullable BigDecimal budgetUsd,
            BigDecimal spentUsd,
            BigDecimal reservedUsd,
            long refused) {}

    /**
     * Holds back what the request may cost.
     *
     * @throws FaultException {@code budget_exceeded} when that does not fit beside the rest
     */
    public Permit take(Admitted caller, Reserve reserve) {
        Purse purse = purse(caller.account());
        BigDecimal budget = caller.budgetUsdPerDay();
        if (budget == null || reserve.free()) {
            return new Permit(this, purse, BigDecimal.ZERO);
        }
        Purse.State full = purse.reserve(reserve.usd(), budget, today());
        if (full == null) {
            return new Permit(this, purse, reserve.usd());
        }
        throw exceeded(caller, budget, reserve, full);
    }

    private FaultException exceeded(
            Admitted caller, BigDecimal budget, Reserve reserve, Purse.State full) {
        String whose =
                caller.name().equals(caller.account())
                        ? "caller '" + caller.name() + "'"
                        : "caller '" + caller.name() + "', who shares '" + caller.account() + "',";
        String message =
                whose
                        + " has a budget of "
                        + text(budget)
                        + " USD a day: "
                        + text(full.spentUsd())
                        + " USD are spent, "
                        + text(full.reservedUsd())
                        + " USD are reserved for requests under way, and this one "
                        + (reserve.usd().signum() == 0
                                ? "has no cost known beforehand"
                                : "is expected to cost " + text(reserve.usd()) + " USD")
                        + "; the budget resets at "
                        + resetsAt();
        return Fault.caller(FaultKind.BUDGET_EXCEEDED, message, null)
                .withRetryAfter(Duration.between(clock.instant(), resetsAt()))
                .asException();
    }

    /** Plain digits. */
    public static String text(BigDecimal usd) {
        return usd.signum() == 0 ? "0" : usd.stripTrailingZeros().toPlainString();
    }

    /** When all accounts begin anew. */
    public Instant resetsAt() {
        return Instant.ofEpochMilli((today() + 1) * DAY_MILLIS);
    }

    /** The accounts of the callers that the configuration names, and of all others. */
    public List<Account> accounts(Map<String, CallerConfig> callers) {
        List<Account> all = new ArrayList<>();
        if (!callers.containsKey(Admission.DEFAULT)) {
            all.add(account(Admission.DEFAULT, null));
        }
        callers.forEach((name, caller) -> all.add(account(name, caller.budgetUsdPerDay())));
        return all;
    }

    private Account account(String name, @Nullable BigDecimal budget) {
        Purse.State state = purse(name).state(today());
        return new Account(name, budget, state.spentUsd(), state.reservedUsd(), state.refused());
    }

    /** Counts what was spent on that day, unknown to this daemon until now. */
    void carry(String account, BigDecimal usd, Instant at) {
        purse(account).carry(usd, day(at), today());
    }

    BigDecimal spentToday(String account) {
        return purse(account).state(today()).spentUsd();
    }

    private Purse purse(String account) {
        Purse known = purses.get(account);
        return known == null ? purses.computeIfAbsent(account, _ -> new Purse(today())) : known;
    }

    long today() {
        return Math.floorDiv(clock.millis(), DAY_MILLIS);
    }

    /** Of the day that the moment is in. */
    static Instant beginOfDay(Instant at) {
        return Instant.ofEpochMilli(day(at) * DAY_MILLIS);
    }

    private static long day(Instant at) {
        return Math.floorDiv(at.toEpochMilli(), DAY_MILLIS);
    }
}
