package dev.pillion.sidecar.rehearse;

import dev.pillion.protocol.chat.Usage;
import dev.pillion.sidecar.account.PriceBook;
import dev.pillion.sidecar.config.ModelConfig;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A virtual vendor's model: its tempo, its weather, what it has cached and whom it limits. */
final class Actor {
    private static final long CACHED_NANOS = TimeUnit.MINUTES.toNanos(5);

    /** With more failures than this it is no longer taken for able. */
    private static final double ABLE = 0.5;

    private final int index;
    private final ModelConfig model;
    private final String speaks;
    private final Tempo tempo;
    private final List<Spell> spells = new ArrayList<>();
    private final Map<Long, Cached> cached = new HashMap<>();
    private final Places places = new Places();
    private final Places oracles = new Places();

    private record Cached(long tokens, long atNanos) {}

    /**
     * @param speaks its wire format
     */
    Actor(int index, ModelConfig model, String speaks, Tempo tempo) {
        this.index = index;
        this.model = model;
        this.speaks = speaks;
        this.tempo = tempo;
    }

    int index() {
        return index;
    }

    ModelConfig model() {
        return model;
    }

    /** What it writes on a call to that path. */
    Words words(String path) {
        return Words.of(speaks, path, model.vendorId());
    }

    Tempo tempo() {
        return tempo;
    }

    void expect(Spell spell) {
        spells.add(spell);
    }

    /** Its weather, in the order in which it was written. */
    List<Spell> spells() {
        return List.copyOf(spells);
    }

    /** The greatest amount of such weather; 0: there is none. */
    double weather(Spell.Kind kind, long atNanos) {
        double most = 0;
        for (Spell spell : spells) {
            if (spell.kind() == kind && spell.covers(atNanos)) {
                most = Math.max(most, spell.amount());
            }
        }
        return most;
    }

    /** Mean time to the first token as things are. */
    double firstNanos(long freshTokens, long atNanos) {
        return tempo.firstNanos(freshTokens) * Math.max(1, weather(Spell.Kind.SLOW, atNanos));
    }

    /** What it holds of the prompt. */
    long cachedTokens(Turn turn, long atNanos) {
        Cached found = cached.get(turn.conversation());
        return found == null || atNanos - found.atNanos > CACHED_NANOS
                ? 0
                : Math.min(turn.prefixTokens(), found.tokens);
    }

    /** What it would hold if it had had the whole conversation. */
    static long cachedAtBest(Turn turn) {
        return turn.idleNanos() <= CACHED_NANOS ? turn.prefixTokens() : 0;
    }

    void keep(Turn turn, long atNanos) {
        cached.put(turn.conversation(), new Cached(turn.inputTokens(), atNanos));
    }

    /** Takes a place for one request; false: it is over its limit. */
    boolean takePlace(long atNanos) {
        return places.take(weather(Spell.Kind.LIMITED, atNanos), atNanos);
    }

    /** Until there is a place again, rounded up, as vendors say it. */
    long placeAfterSeconds(long atNanos) {
        return places.nextAfterSeconds(weather(Spell.Kind.LIMITED, atNanos));
    }

    /**
     * Whether the oracle can count on it for one more request. Of a limit it uses all that there
     * is: who gets a place there is the same to it, however many there are.
     */
    boolean able(long atNanos) {
        return weather(Spell.Kind.DOWN, atNanos) == 0
                && weather(Spell.Kind.HANGS, atNanos) == 0
                && weather(Spell.Kind.FAILS, atNanos) < ABLE
                && weather(Spell.Kind.CUTS, atNanos) < ABLE
                && oracles.take(weather(Spell.Kind.LIMITED, atNanos), atNanos);
    }

    /** Whether its context has room for the prompt and the answer. */
    boolean fits(Turn turn) {
        long context = model.traits().contextTokens();
        return context == 0 || turn.inputTokens() + turn.outputTokens() <= context;
    }

    /** What it charges; NaN: nobody knows. */
    double usd(long inputTokens, long cachedTokens, long outputTokens, Instant at) {
        var usage = usage(inputTokens, cachedTokens, outputTokens);
        BigDecimal usd = PriceBook.cost(usage, model.prices(), at, null).usd();
        return usd == null ? Double.NaN : usd.doubleValue();
    }

    static Usage usage(long inputTokens, long cachedTokens, long outputTokens) {
        return new Usage(inputTokens, cachedTokens, 0, 0, outputTokens, 0, 0, 0, 0, null, false);
    }
}
