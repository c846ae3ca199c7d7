package dev.pillion.sidecar.simulate.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pillion.sidecar.simulate.kit.Corpus.Exchange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A validator's verdicts against the vendor's own, over recorded requests to one endpoint. */
public final class RecordedVerdicts {
    private final String name;
    private final List<Exchange> exchanges;
    private final Function<Exchange, Verdict<?>> validator;

    public RecordedVerdicts(
            String name, List<Exchange> exchanges, Function<Exchange, Verdict<?>> validator) {
        this.name = name;
        this.exchanges = exchanges;
        this.validator = validator;
    }

    /**
     * What the vendor accepted is accepted.
     *
     * @param exceptions by a piece of the recording's id, why not
     */
    public void acceptAllThatWasAccepted(Map<String, String> exceptions) {
        var accepted = exchanges.stream().filter(e -> e.status() < 300).toList();
        var wrong = new ArrayList<String>();
        for (var exchange : accepted) {
            if (validator.apply(exchange) instanceof Verdict.Bad(var error)) {
                wrong.add(exchange + ": " + error.message());
            }
        }
        System.out.printf(
                "%s: accepted %d of %d requests that the vendor accepted; exceptions: %s%n",
                name, accepted.size() - wrong.size(), accepted.size(), exceptions.values());
        assertEquals(List.of(), without(wrong, exceptions));
        assertTrue(accepted.size() > wrong.size());
    }

    /**
     * What the vendor refused is refused with the same status, but for wrong keys.
     *
     * @param notInTheBody by a piece of the recording's id, what else the refusal came from
     */
    public void refuseAllThatWasRefused(Map<String, String> notInTheBody) {
        var refused = exchanges.stream().filter(e -> e.status() >= 400 && e.status() != 401);
        var wrong = new ArrayList<String>();
        int same = 0;
        int all = 0;
        for (var exchange : refused.toList()) {
            all++;
            switch (validator.apply(exchange)) {
                case Verdict.Bad(var error) when error.status() == exchange.status() -> same++;
                case Verdict.Bad(var error) -> wrong.add(exchange + ": " + error);
                case Verdict.Good(_) -> wrong.add(exchange + ": accepted");
            }
        }
        System.out.printf(
                "%s: refused %d of %d requests that the vendor refused; not in the body: %s%n",
                name, same, all, notInTheBody.values());
        assertTrue(all > 0);
        assertEquals(List.of(), without(wrong, notInTheBody));
    }

    private static List<String> without(List<String> lines, Map<String, String> exceptions) {
        return lines.stream()
                .filter(line -> exceptions.keySet().stream().noneMatch(line::contains))
                .toList();
    }
}
