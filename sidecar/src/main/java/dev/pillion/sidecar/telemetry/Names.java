package dev.pillion.sidecar.telemetry;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Names that are told apart, first come, first served, up to a bound. Thread-safe. */
final class Names {
    /** What stands for all names beyond the bound. */
    static final String OTHER = "other";

    private final Set<String> known = ConcurrentHashMap.newKeySet();
    private final int most;
    private final Predicate<String> always;

    /** {@code always}: names that have their place whatever came before. */
    Names(int most, Predicate<String> always) {
        this.most = most;
        this.always = always;
    }

    /** The name, or what stands for it. */
    String of(String name) {
        if (known.contains(name) || always.test(name)) {
            return name;
        }
        if (known.size() >= most) {
            return OTHER;
        }
        known.add(name);
        return name;
    }

    @Nullable String ofNullable(@Nullable String name) {
        return name == null ? null : of(name);
    }
}
