package dev.pillion.sidecar.health;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The health of all targets: each model at its provider, and each key there. */
public final class Health {
    private static final int MAX_TARGETS = 10_000;

    private final LongSupplier clock;
    private final RandomGenerator random;
    private final Arrivals arrivals = new Arrivals();
    private final AtomicLong generation = new AtomicLong();

    /** When the last pause ends: keys that are configured no more are never asked for again. */
    private final AtomicLong lastHeldNanos = new AtomicLong(Long.MIN_VALUE);

    private final Cache<String, TargetHealth> targets;
    private final Cache<Held, Long> held;
    private final Cache<String, RetryBudget> retries =
            Caffeine.newBuilder().maximumSize(MAX_TARGETS).executor(Runnable::run).build();

    /** A key that is not to be used for a model; {@code model} empty: for none. */
    private record Held(String provider, String keyId, String model) {}

    /**
     * @param clock rises only, in nanoseconds; the loops' own
     */
    public Health(LongSupplier clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
        this.targets =
                Caffeine.newBuilder().maximumSize(MAX_TARGETS).executor(Runnable::run).build();
        this.held = Caffeine.newBuilder().maximumSize(MAX_TARGETS).executor(Runnable::run).build();
    }

    /** The health of a model, by its qualified id, at its provider. */
    public TargetHealth of(String provider, String modelId) {
        TargetHealth known = targets.getIfPresent(modelId);
        return known == null ? make(provider, modelId) : known;
    }

    /** A provider's name has no slash, and so is no model's id. */
    private TargetHealth make(String provider, String modelId) {
        TargetHealth all =
                targets.get(provider, _ -> new TargetHealth(clock, random, arrivals, null));
        return Objects.requireNonNull(
                targets.get(modelId, _ -> new TargetHealth(clock, random, arrivals, all)));
    }

    /** How often that provider may be asked again. */
    public RetryBudget retries(String provider) {
        return Objects.requireNonNull(retries.get(provider, _ -> new RetryBudget()));
    }

    /** Forgets all: every target is as new. */
    public void forget() {
        targets.invalidateAll();
        held.invalidateAll();
        retries.invalidateAll();
        generation.incrementAndGet(); // last: who reads the new one finds nothing old
    }

    /** A request that is to be planned has come. */
    public void arrived() {
        arrivals.add(clock.getAsLong());
    }

    /**
     * The provider wants to be asked no more for so long, for that model, with that key; of two
     * pauses the one that ends later counts.
     *
     * @param pause at most some hours: longer ones are the caller's to bound
     */
    public void hold(String provider, @Nullable String keyId, String modelId, Duration pause) {
        long until = clock.getAsLong() + pause.toNanos();
        var key = new Held(provider, keyId == null ? "" : keyId, modelId);
        held.asMap().merge(key, until, Math::max);
        lastHeldNanos.accumulateAndGet(until, Math::max);
    }

    /** So long that key is to be left alone still for that model; 0: it is not. */
    public long heldNanos(String provider, @Nullable String keyId, String modelId) {
        Long until = held.getIfPresent(new Held(provider, keyId == null ? "" : keyId, modelId));
        return until == null ? 0 : Math.max(0, until - clock.getAsLong());
    }

    /** A key that is to be left alone for so long still, for that model. */
    public record Hold(String provider, String keyId, String model, long leftNanos) {}

    /** All keys that are to be left alone. */
    public List<Hold> allHeld() {
        List<Hold> all = new ArrayList<>();
        long now = clock.getAsLong();
        held.asMap()
                .forEach((key, until) -> {
                    if (until > now) {
                        all.add(new Hold(key.provider, key.keyId, key.model, until - now));
                    }
                });
        return all;
    }

    /**
     * What is known of the providers, by name, and of their models, by qualified id, in that order.
     */
    public SortedMap<String, Vitals> all() {
        SortedMap<String, Vitals> all = new TreeMap<>();
        targets.asMap().forEach((name, target) -> all.put(name, target.vitals()));
        return all;
    }

    /** Changes whenever all is forgotten, for whoever keeps a target's health at hand. */
    public long generation() {
        return generation.get();
    }

    /** Whether any provider wants so. */
    public boolean holds() {
        long last = lastHeldNanos.get();
        return last != Long.MIN_VALUE && clock.getAsLong() < last;
    }

    /** Whether it still wants so. */
    public boolean isHeld(String provider, @Nullable String keyId, String modelId) {
        var key = new Held(provider, keyId == null ? "" : keyId, modelId);
        Long until = held.getIfPresent(key);
        if (until != null && clock.getAsLong() >= until) {
            held.asMap().remove(key, until); // another loop may hold it anew
            return false;
        }
        return until != null;
    }
}
