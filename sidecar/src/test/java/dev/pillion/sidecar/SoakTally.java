package dev.pillion.sidecar;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the soak's clients met. Thread-safe. */
final class SoakTally {
    private static final int MAX_KEPT = 5;

    private final Map<Integer, Long> byStatus = new TreeMap<>();
    private final List<String> problems = new ArrayList<>();
    private long left;
    private long broken;
    private long refusedAndBroken;
    private long stuck;

    synchronized void answered(int status) {
        byStatus.merge(status, 1L, Long::sum);
    }

    synchronized void left() {
        left++;
    }

    /** The connection ended before the answer; whoever is refused may be cut off while it sends. */
    synchronized void broken(SoakRequest request, IOException cause) {
        if (request.refused()) {
            refusedAndBroken++;
        } else {
            broken++;
            keep(request + ": " + cause);
        }
    }

    synchronized void stuck() {
        stuck++;
    }

    synchronized void keep(String problem) {
        if (problems.size() < MAX_KEPT) {
            problems.add(problem);
        }
    }

    synchronized long answered() {
        return byStatus.values().stream().mapToLong(Long::longValue).sum();
    }

    synchronized long ok() {
        return byStatus.getOrDefault(200, 0L);
    }

    synchronized long brokenCount() {
        return broken;
    }

    synchronized long stuckCount() {
        return stuck;
    }

    synchronized long all() {
        return answered() + left + broken + refusedAndBroken;
    }

    synchronized List<String> problems() {
        return List.copyOf(problems);
    }

    @Override
    public synchronized String toString() {
        return "answered by status "
                + byStatus
                + ", left by their clients "
                + left
                + ", cut while refused "
                + refusedAndBroken
                + ", broken "
                + broken;
    }
}
