package dev.pillion.sidecar.admit;

import dev.pillion.sidecar.account.Entry;
import dev.pillion.sidecar.account.Ledger;
import dev.pillion.sidecar.account.Period;
import dev.pillion.sidecar.config.CallerConfig;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Knows from the ledger what was spent today by whom: before this daemon started, and under a name
 * that a new configuration gives an account of its own. Blocks; one thing at a time.
 */
public final class Recall {
    private final Ledger ledger;
    private final Budgets budgets;
    private volatile boolean complete;
    private volatile boolean stopped;

    public Recall(Ledger ledger, Budgets budgets) {
        this.ledger = ledger;
        this.budgets = budgets;
    }

    /** Whether all that was spent today before the start is counted. */
    public boolean complete() {
        return complete;
    }

    /** Lets a reading under way end early. */
    public void stop() {
        stopped = true;
    }

    /**
     * Counts what was spent today before the daemon started, each attempt as soon as it is read.
     *
     * @return what is not counted though it should be, a line each
     * @throws IOException when the ledger can't be read; what has been read until then counts
     */
    public synchronized List<String> restore(Map<String, CallerConfig> callers, Instant started)
            throws IOException, InterruptedException {
        List<String> missing =
                read(
                        started,
                        entry -> {
                            BigDecimal usd = entry.cost().usd();
                            if (usd != null) {
                                budgets.carry(
                                        Admission.account(entry.caller(), callers),
                                        usd,
                                        entry.ts());
                            }
                        });
        complete = !stopped;
        return missing;
    }

    /**
     * Names that have an account of their own since then take along what they spent from the shared
     * one; names that lost theirs bring it. Requests under way settle where they were let in.
     *
     * @return what is not moved though it should be, a line each
     * @throws IOException when the ledger can't be read; new accounts then begin at 0
     */
    public synchronized List<String> regroup(Set<String> before, Set<String> after, Instant since)
            throws IOException, InterruptedException {
        for (String gone : without(before, after)) {
            BigDecimal usd = budgets.spentToday(gone);
            move(gone, Admission.DEFAULT, usd, since);
        }
        Set<String> fresh = without(after, before);
        if (fresh.isEmpty()) {
            return List.of();
        }
        return read(
                since,
                entry -> {
                    BigDecimal usd = entry.cost().usd();
                    if (usd != null && fresh.contains(entry.caller())) {
                        move(Admission.DEFAULT, entry.caller(), usd, entry.ts());
                    }
                });
    }

    private static Set<String> without(Set<String> names, Set<String> others) {
        var left = new HashSet<>(names);
        left.removeAll(others);
        left.remove(Admission.DEFAULT);
        return left;
    }

    private void move(String from, String to, BigDecimal usd, Instant at) {
        budgets.carry(to, usd, at);
        budgets.carry(from, usd.negate(), at);
    }

    private List<String> read(Instant until, Consumer<Entry> each)
            throws IOException, InterruptedException {
        Instant since = Budgets.beginOfDay(until);
        if (!since.isBefore(until)) {
            return List.of();
        }
        try {
            return ledger.read(
                    new Period(since, until),
                    entry -> {
                        if (stopped) {
                            throw new Stopped();
                        }
                        each.accept(entry);
                    });
        } catch (Stopped e) {
            return List.of(); // nobody waits for the rest
        }
    }

    /** The daemon ends. */
    private static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1;
    }
}
