package dev.pillion.sidecar.dispatch;

import dev.pillion.protocol.chat.Usage;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.fault.FaultKind;
import dev.pillion.protocol.fault.Origin;
import dev.pillion.protocol.fault.Retry;
import dev.pillion.sidecar.account.PriceBook;
import dev.pillion.sidecar.plan.Allowance;
import dev.pillion.sidecar.plan.Target;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** What a request's attempts may have cost so far, and whether its ceiling lets another follow. */
final class Spent {
    private final @Nullable Allowance allowance;
    private BigDecimal usd = BigDecimal.ZERO;
    private BigDecimal underWay = BigDecimal.ZERO;

    /** {@code allowance}: null: there is no ceiling. */
    Spent(@Nullable Allowance allowance) {
        this.allowance = allowance;
    }

    /** An attempt begins: until it has ended it may cost all that it can. */
    void begun(Target target) {
        if (allowance != null) {
            underWay = underWay.add(allowance.most(target));
        }
    }

    /**
     * An attempt has ended.
     *
     * @param told what it used by the vendor's last word; null: unknown, so as much as it could
     */
    void add(Target target, @Nullable Usage told) {
        if (allowance == null) {
            return;
        }
        underWay = underWay.subtract(allowance.most(target));
        if (Usage.NONE.equals(told)) {
            return;
        }
        BigDecimal cost =
                told == null
                        ? null
                        : PriceBook.cost(told, target.model().prices(), allowance.at(), null).usd();
        usd = usd.add(cost == null ? allowance.most(target) : cost);
    }

    /** Why the target may not be asked any more; null: it may. */
    @Nullable Fault whyNot(Target next) {
        if (allowance == null) {
            return null;
        }
        BigDecimal most = allowance.most(next);
        BigDecimal soFar = usd.add(underWay);
        if (soFar.signum() == 0 || soFar.add(most).compareTo(allowance.maxUsd()) <= 0) {
            return null;
        }
        String message =
                "over the cost ceiling: earlier attempts may have cost "
                        + soFar.toPlainString()
                        + " USD, and "
                        + next.model().id()
                        + " may cost up to "
                        + most.toPlainString()
                        + " USD";
        return new Fault(
                FaultKind.BUDGET_EXCEEDED,
                Origin.CALLER,
                Retry.ELSEWHERE,
                message,
                null,
                null,
                null);
    }
}
