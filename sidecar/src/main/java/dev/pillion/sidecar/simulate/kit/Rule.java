package dev.pillion.sidecar.simulate.kit;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Something that holds for every good request of one kind. */
@FunctionalInterface
public interface Rule<R> {
    /** The vendor's complaint where it does not hold, otherwise null. */
    @Nullable VendorError broken(R request);

    /** The complaint of the first rule that does not hold; a good request where all do. */
    static <R> Verdict<R> judge(R request, List<Rule<R>> rules) {
        for (var rule : rules) {
            var error = rule.broken(request);
            if (error != null) {
                return new Verdict.Bad<>(error);
            }
        }
        return new Verdict.Good<>(request);
    }
}
