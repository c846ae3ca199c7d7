package dev.pillion.sidecar.health;

import org.jspecify.annotations.Nullable;

/** The calls to a target that have not got a byte yet, oldest first. */
final class Waiting {
    private @Nullable Trial oldest;
    private @Nullable Trial newest;

    void add(Trial trial) {
        trial.before = newest;
        if (newest == null) {
            oldest = trial;
        } else {
            newest.after = trial;
        }
        newest = trial;
        trial.waiting = true;
    }

    void remove(Trial trial) {
        if (!trial.waiting) {
            return;
        }
        if (trial.before == null) {
            oldest = trial.after;
        } else {
            trial.before.after = trial.after;
        }
        if (trial.after == null) {
            newest = trial.before;
        } else {
            trial.after.before = trial.before;
        }
        trial.before = null;
        trial.after = null;
        trial.waiting = false;
    }

    @Nullable Trial oldest() {
        return oldest;
    }

    int count() {
        int count = 0;
        for (Trial each = oldest; each != null; each = each.after) {
            count++;
        }
        return count;
    }
}
