package dev.pillion.sidecar.admit;

import java.math.BigDecimal;

/**
 * Leave to spend, for one request. Whoever took it says what the request came to, on every path;
 * only the first word counts. Lives on its exchange's loop.
 */
public final class Permit {
    private final Budgets budgets;
    private final Purse purse;
    private final BigDecimal reservedUsd;
    private boolean settled;

    Permit(Budgets budgets, Purse purse, BigDecimal reservedUsd) {
        this.budgets = budgets;
        this.purse = purse;
        this.reservedUsd = reservedUsd;
    }

    /** The request is over, however it ended, and cost so much as far as anybody knows. */
    public void settle(BigDecimal usd) {
        if (!settled) {
            settled = true;
            purse.settle(reservedUsd, usd, budgets.today());
        }
    }
}
