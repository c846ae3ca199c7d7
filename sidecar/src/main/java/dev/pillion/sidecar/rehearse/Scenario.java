package dev.pillion.sidecar.rehearse;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What happens in a rehearsal. Most of it befalls three models: the best by even weights, the best
 * for who wants it cheap, the best for who wants it fast; so whatever the weights, it befalls the
 * one that is asked.
 */
public enum Scenario {
    STEADY("all is well"),
    OUTAGE("each of the three is down in turn: refusing, hanging, refusing"),
    BROWN_OUT(
            "each of the three in turn takes five times as long, and fails or is cut now and then"),
    SLOW_START("each of the three in turn is slow at first and gets faster by degrees"),
    PRICE_CHANGE("half-way the cheapest becomes six times as dear, the dearest a third as dear"),
    RATE_SQUEEZE("each of the three in turn takes only a part of the requests"),
    FLAPPING("each of the three in turn is down 10 s of every 40"),
    LONG_PROMPTS("prompts of tens of thousands of tokens"),
    CACHE_HEAVY("conversations that grow, whose beginnings vendors have cached"),
    TWO_DOWN("two of the three are down at the same time, each pair in turn");

    private static final double USUAL_TOKENS = 1_500;
    private static final double USUAL_OUTPUT_TOKENS = 250;

    private final String text;

    Scenario(String text) {
        this.text = text;
    }

    /** One line for people. */
    public String text() {
        return text;
    }

    public String wire() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The scenario of that name; null: there is none. */
    public static @Nullable Scenario of(String word) {
        for (Scenario each : values()) {
            if (each.wire().equals(word)) {
                return each;
            }
        }
        return null;
    }

    Crowd crowd(double rate, double seconds) {
        return switch (this) {
            case LONG_PROMPTS -> new Crowd(rate, seconds, 30_000, 0.6, USUAL_OUTPUT_TOKENS, 0);
            case CACHE_HEAVY -> new Crowd(rate, seconds, 4_000, 0.6, USUAL_OUTPUT_TOKENS, 0.9);
            default -> new Crowd(rate, seconds, USUAL_TOKENS, 0.8, USUAL_OUTPUT_TOKENS, 0.2);
        };
    }

    /**
     * Writes the weather.
     *
     * @param cast those whom it befalls
     * @param seconds how long all of it lasts
     */
    void write(List<Actor> cast, double rate, double seconds) {
        Actor first = cast.getFirst();
        Actor second = cast.get(Math.min(1, cast.size() - 1));
        Actor third = cast.get(Math.min(2, cast.size() - 1));
        var plot = new Plot(seconds);
        switch (this) {
            case STEADY, PRICE_CHANGE, LONG_PROMPTS, CACHE_HEAVY -> {}
            case OUTAGE -> {
                plot.add(first, Spell.Kind.DOWN, 0.15, 0.3, 1);
                plot.add(second, Spell.Kind.HANGS, 0.4, 0.55, 1);
                plot.add(third, Spell.Kind.DOWN, 0.65, 0.8, 1);
            }
            case BROWN_OUT -> {
                brownOut(plot, first, 0.1, Spell.Kind.FAILS, 0.15);
                brownOut(plot, second, 0.4, Spell.Kind.CUTS, 0.05);
                brownOut(plot, third, 0.7, Spell.Kind.FAILS, 0.15);
            }
            case SLOW_START -> {
                slowStart(plot, first, 0);
                slowStart(plot, second, 0.3);
                slowStart(plot, third, 0.6);
            }
            case RATE_SQUEEZE -> {
                plot.add(first, Spell.Kind.LIMITED, 0.1, 0.5, rate * 60 * 0.4);
                plot.add(second, Spell.Kind.LIMITED, 0.3, 0.7, rate * 60 * 0.3);
                plot.add(third, Spell.Kind.LIMITED, 0.5, 0.9, rate * 60 * 0.5);
            }
            case FLAPPING -> {
                flaps(first, 0.05 * seconds, 0.33 * seconds);
                flaps(second, 0.35 * seconds, 0.63 * seconds);
                flaps(third, 0.65 * seconds, 0.93 * seconds);
            }
            case TWO_DOWN -> {
                twoDown(plot, first, second, 0.1);
                twoDown(plot, second, third, 0.4);
                twoDown(plot, third, first, 0.7);
            }
        }
    }

    private static void brownOut(
            Plot plot, Actor actor, double from, Spell.Kind kind, double share) {
        plot.add(actor, Spell.Kind.SLOW, from, from + 0.2, 5);
        plot.add(actor, kind, from, from + 0.2, share);
    }

    private static void slowStart(Plot plot, Actor actor, double from) {
        plot.add(actor, Spell.Kind.SLOW, from, from + 0.06, 8);
        plot.add(actor, Spell.Kind.SLOW, from + 0.06, from + 0.12, 3);
    }

    private static void flaps(Actor actor, double from, double to) {
        for (double at = from; at + 10 < to; at += 40) {
            actor.expect(new Spell(Spell.Kind.DOWN, at, at + 10, 1));
        }
    }

    private static void twoDown(Plot plot, Actor one, Actor other, double from) {
        plot.add(one, Spell.Kind.DOWN, from, from + 0.2, 1);
        plot.add(other, Spell.Kind.HANGS, from + 0.05, from + 0.15, 1);
    }

    /** Spells by shares of the whole. */
    private record Plot(double seconds) {
        void add(Actor actor, Spell.Kind kind, double from, double to, double amount) {
            actor.expect(new Spell(kind, from * seconds, to * seconds, amount));
        }
    }
}
