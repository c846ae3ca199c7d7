package dev.pillion.sidecar.health;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pillion.sidecar.config.RoutingConfig.Breaker;
import dev.pillion.sidecar.health.TargetHealth.Standing;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/** A target, and a clock that is turned by hand. */
abstract class HealthBed {
    static final Breaker BOUNDS = Breaker.DEFAULTS;
    static final long TOKENS = 500;

    long nowNanos = TimeUnit.HOURS.toNanos(1);
    long dice;
    final RandomGenerator random = () -> dice;
    final Health health = new Health(() -> nowNanos, random);
    final TargetHealth target = health.of("acme", "acme/one");

    void pass(long millis) {
        nowNanos += TimeUnit.MILLISECONDS.toNanos(millis);
    }

    Standing standing() {
        return standing(target);
    }

    Standing standing(TargetHealth of) {
        return of.standing(BOUNDS, true, TOKENS, nowNanos);
    }

    /** A request arrives, and is answered after so long. */
    void answers(long millis) {
        health.arrived();
        Trial trial = target.begin(true, TOKENS);
        pass(millis);
        trial.content();
        trial.succeeded(100);
    }

    void fails() {
        health.arrived();
        target.begin(true, TOKENS).failed();
    }

    /** Requests so far apart, all well. */
    void live(int requests, long apartMillis) {
        for (int i = 0; i < requests; i++) {
            answers(Math.min(apartMillis, 100));
            pass(Math.max(0, apartMillis - 100));
        }
    }

    void eject() {
        for (int i = 0; i < BOUNDS.failures(); i++) {
            fails();
        }
        assertEquals(0, standing().share());
    }
}
