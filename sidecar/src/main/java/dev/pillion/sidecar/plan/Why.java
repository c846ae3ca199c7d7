package dev.pillion.sidecar.plan;

import dev.pillion.sidecar.plan.Explanation.Terms;
import dev.pillion.sidecar.plan.Explanation.Weighed;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;

/** An explanation in one line: who won by what, over whom, and who could not take part and why. */
final class Why {
    private static final int MOST_OTHERS = 2;
    private static final int MOST_REMOVED = 4;
    private static final MathContext SHOWN = new MathContext(3);

    private final Explanation all;
    private final String winner;
    private final StringBuilder line = new StringBuilder(256);

    private Why(Explanation all, String winner) {
        this.all = all;
        this.winner = winner;
    }

    static String line(Explanation all, String winner) {
        var why = new Why(all, winner);
        why.begin();
        why.others();
        why.leftAlone();
        why.removed();
        return why.line.toString();
    }

    private int place() {
        for (int i = 0; i < all.candidates().size(); i++) {
            if (all.candidates().get(i).model().equals(winner)) {
                return i;
            }
        }
        return -1;
    }

    private void begin() {
        int place = place();
        if (place < 0) {
            line.append(all.asked());
            return;
        }
        if (all.named() != null) {
            line.append(winner.equals(all.named()) ? "named" : "a stand-in for " + all.asked());
            return;
        }
        Weighed won = all.candidates().get(place);
        line.append(all.asked()).append(won.terms() == null ? ", in order: " : ", weighed: ");
        line.append(winner);
        if (won.terms() == null) {
            line.append(place == 0 ? ", first of " : ", after others of ");
            line.append(all.candidates().size());
        } else {
            line.append(' ').append(terms(won));
            line.append(place == 0 ? occasion(won) : ", after " + before(place));
        }
    }

    private String before(int place) {
        return String.join(
                ", ", all.candidates().subList(0, place).stream().map(Weighed::model).toList());
    }

    /** Why one is asked first that is not the best; empty where it is the best. */
    private String occasion(Weighed won) {
        if (!won.takesPart()) {
            return won.standing().probeDue()
                    ? ", to see whether it is well again"
                    : ", the least bad";
        }
        double best =
                all.candidates().stream()
                        .filter(Weighed::takesPart)
                        .mapToDouble(Weighed::score)
                        .min()
                        .orElse(won.score());
        return won.score() > best + Scores.NEAR ? ", to see how it does" : "";
    }

    /** {@code 0.41 (cost 0.3 at 0.0012 USD, latency 0.1 at 640 ms, reliability 0.01)}. */
    static String terms(Weighed each) {
        Terms terms = each.terms();
        if (terms == null) {
            return "";
        }
        String usd = Double.isNaN(each.usd()) ? "an unknown price" : usd(each.usd()) + " USD";
        String wait =
                each.standing().known()
                        ? Math.round(each.standing().firstNanos() / 1e6) + " ms"
                        : "an unknown wait";
        return round(terms.score())
                + " (cost "
                + round(terms.cost())
                + " at "
                + usd
                + ", latency "
                + round(terms.latency())
                + " at "
                + wait
                + ", reliability "
                + round(terms.reliability())
                + ")";
    }

    static double round(double value) {
        return Math.round(value * 1000) / 1000.0;
    }

    static String usd(double usd) {
        return BigDecimal.valueOf(usd).round(SHOWN).stripTrailingZeros().toPlainString();
    }

    private void others() {
        int told = 0;
        for (Weighed each : all.candidates()) {
            boolean other = each.terms() != null && each.takesPart();
            if (other && !each.model().equals(winner) && told < MOST_OTHERS) {
                line.append(told == 0 ? "; others " : ", ");
                line.append(each.model()).append(' ').append(terms(each));
                told++;
            }
        }
    }

    private void leftAlone() {
        List<String> alone = new ArrayList<>();
        for (Weighed each : all.candidates()) {
            if (!each.takesPart() && !each.model().equals(winner)) {
                alone.add(
                        each.model() + (each.allKeysHeld() ? ": its vendor asks for a pause" : ""));
            }
        }
        some("; left alone ", alone);
    }

    private void removed() {
        some("; left out ", all.removed().stream().map(Plan.Removed::toString).toList());
    }

    private void some(String begin, List<String> items) {
        if (items.isEmpty()) {
            return;
        }
        int shown = Math.min(MOST_REMOVED, items.size());
        line.append(begin).append(String.join(", ", items.subList(0, shown)));
        if (shown < items.size()) {
            line.append(" and ").append(items.size() - shown).append(" more");
        }
    }
}
