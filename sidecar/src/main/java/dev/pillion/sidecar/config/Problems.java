package dev.pillion.sidecar.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What one reading of a document has found so far; it goes on reading, so that all is told at once.
 */
final class Problems {
    private final List<Problem> found = new ArrayList<>();
    private final Set<String> pending = new TreeSet<>();
    private final List<String> warnings = new ArrayList<>();

    void add(Problem problem) {
        found.add(problem);
    }

    void add(Cursor at, String what, String expected) {
        add(Problem.of(at.path(), what, expected, at.line()));
    }

    void add(Cursor at, String what, String expected, @Nullable String didYouMean) {
        add(new Problem(at.path(), what, expected, didYouMean, at.line()));
    }

    /** A key that is read and checked, but has no function yet. */
    void pending(String pattern) {
        pending.add(pattern);
    }

    void warn(String warning) {
        warnings.add(warning);
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    List<Problem> found() {
        return List.copyOf(found);
    }

    /** All that is worth a look but no reason to refuse; keys without a function share one line. */
    List<String> warnings() {
        var all = new ArrayList<String>();
        if (!pending.isEmpty()) {
            all.add("checked, but without effect in this release: " + String.join(", ", pending));
        }
        all.addAll(warnings);
        return List.copyOf(all);
    }
}
