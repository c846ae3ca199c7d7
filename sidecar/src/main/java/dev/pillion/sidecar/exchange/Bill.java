package dev.pillion.sidecar.exchange;

import dev.pillion.protocol.chat.Cost;
import dev.pillion.protocol.chat.Usage;
import dev.pillion.sidecar.account.PriceBook;
import dev.pillion.sidecar.config.Snapshot;
import dev.pillion.sidecar.dispatch.Outcome;
import dev.pillion.sidecar.plan.Target;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a request's attempts used and cost.
 *
 * @param items one for each attempt, in their order
 * @param usage of the answer; of the last attempt that used anything where there is none
 * @param cost of all attempts; not known when one of them is not
 */
record Bill(List<Item> items, Usage usage, Cost cost) {

    /** One attempt's part. */
    record Item(Outcome.Tried attempt, Usage usage, Cost cost) {}

    /** What a request used whose vendor did not say: a guess at its prompt and its answer. */
    record Guess(ToLongFunction<Target> inputTokens, long outputTokens) {}

    /** {@code guess}: null: nobody can; what is not told is then not known. */
    static Bill of(Outcome outcome, @Nullable Guess guess, Instant at, Snapshot snapshot) {
        LocalDate pricesAsOf = snapshot.config().pricesAsOf();
        List<Item> items = new ArrayList<>();
        Usage shown = Usage.NONE;
        BigDecimal sum = BigDecimal.ZERO;
        boolean known = true;
        boolean estimated = false;
        for (Outcome.Tried attempt : outcome.tried()) {
            Usage found = usage(attempt, guess);
            Usage usage = found == null ? Usage.NONE : found;
            Cost cost =
                    found == null
                            ? new Cost(null, false, pricesAsOf)
                            : cost(attempt, usage, at, snapshot);
            items.add(new Item(attempt, usage, cost));
            shown = usage.equals(Usage.NONE) ? shown : usage;
            estimated |= cost.estimated();
            known &= cost.usd() != null;
            sum = cost.usd() == null ? sum : sum.add(cost.usd());
        }
        return new Bill(items, shown, new Cost(known ? sum : null, estimated, pricesAsOf));
    }

    /** What the attempts of known cost came to. */
    BigDecimal knownUsd() {
        BigDecimal sum = BigDecimal.ZERO;
        for (Item item : items) {
            BigDecimal usd = item.cost().usd();
            sum = usd == null ? sum : sum.add(usd);
        }
        return sum;
    }

    /** What was told, completed where the attempt ended before the vendor could tell the rest. */
    private static @Nullable Usage usage(Outcome.Tried attempt, @Nullable Guess guess) {
        Usage told = attempt.usage();
        if (guess == null) {
            return told;
        }
        long output = attempt.answering() ? guess.outputTokens() : 0;
        if (told == null) {
            long input = guess.inputTokens().applyAsLong(attempt.target());
            return new Usage(input, 0, 0, 0, output, 0, 0, 0, 0, null, true);
        }
        boolean cut = attempt.answering() && !attempt.succeeded();
        return cut ? told.estimatedOutput(Math.max(output, told.outputTokens())) : told;
    }

    /** Nothing used costs nothing, whatever the prices. */
    private static Cost cost(Outcome.Tried attempt, Usage usage, Instant at, Snapshot snapshot) {
        LocalDate pricesAsOf = snapshot.config().pricesAsOf();
        if (usage.equals(Usage.NONE)) {
            return new Cost(BigDecimal.ZERO, false, pricesAsOf);
        }
        Target target = attempt.target();
        return PriceBook.cost(
                usage,
                target.model().prices(),
                name -> snapshot.pricesOf(target.provider(), name),
                at,
                pricesAsOf);
    }
}
