package dev.pillion.sidecar.plan;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.pillion.protocol.chat.Usage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What answers have taught of what the next ones will cost: how long a caller's answers are, and
 * who has had the beginning of a conversation of late and so may have it cached. Bounded, and safe
 * for all threads; what two learn at the same moment one may lose.
 */
public final class Habits {
    private static final int MAX_HABITS = 10_000;
    private static final int MAX_OPENINGS = 20_000;
    private static final int MAX_HOLDERS = 4;

    /** As long as vendors keep a prompt at least that nobody reads. */
    private static final Duration CACHED = Duration.ofMinutes(5);

    private static final double USUAL_OUTPUT_TOKENS = 500;
    private static final int LEARNING = 10;
    private static final double SHARE = 0.1;
    private static final double HIT_SHARE = 0.2;
    private static final int BYTES_PER_TOKEN = 4;

    private final LongSupplier nanos;
    private final Cache<String, Mean> outputs;
    private final Cache<Hit, Double> hits;
    private final Cache<Long, List<Holder>> holders;

    /**
     * @param nanos rises only; the loops' own
     */
    public Habits(LongSupplier nanos) {
        this.nanos = nanos;
        this.outputs =
                Caffeine.newBuilder().maximumSize(MAX_HABITS).executor(Runnable::run).build();
        this.hits = Caffeine.newBuilder().maximumSize(MAX_HABITS).executor(Runnable::run).build();
        this.holders =
                Caffeine.newBuilder()
                        .maximumSize(MAX_OPENINGS)
                        .expireAfterWrite(CACHED)
                        .ticker(nanos::getAsLong)
                        .executor(Runnable::run)
                        .build();
    }

    private record Mean(double value, int seen) {
        Mean with(double next) {
            double share = Math.max(SHARE, 1.0 / (seen + 2));
            return new Mean(value + share * (next - value), Math.min(LEARNING, seen + 1));
        }
    }

    private record Hit(String habit, String model) {}

    /** A model that has had a prompt. */
    private record Holder(String model, long tokens, long bytes, long atNanos) {}

    /** The tokens that such an answer is expected to have. */
    long outputTokens(Load load) {
        Mean known = outputs.getIfPresent(load.habit());
        double usual = known == null ? USUAL_OUTPUT_TOKENS : known.value;
        return Math.min(load.mostOutputTokens(), Math.round(usual));
    }

    /** Who has the beginning of the prompt, as far as it is known. */
    Known known(Load load) {
        long[] marks = load.opening().marks();
        if (marks.length == 0) {
            return Known.NOBODY;
        }
        List<List<Holder>> found = new ArrayList<>(marks.length);
        boolean any = false;
        for (long mark : marks) {
            List<Holder> holding = holders.getIfPresent(mark);
            found.add(holding == null ? List.of() : holding);
            any |= holding != null;
        }
        return any ? new Known(this, load, found) : Known.NOBODY;
    }

    /** The holders of one prompt's beginnings, of the shortest first. */
    static final class Known {
        static final Known NOBODY = new Known(null, null, List.of());

        private final @Nullable Habits habits;
        private final @Nullable Load load;
        private final List<List<Holder>> byMark;

        private Known(@Nullable Habits habits, @Nullable Load load, List<List<Holder>> byMark) {
            this.habits = habits;
            this.load = load;
            this.byMark = byMark;
        }

        /** The tokens of the prompt that are expected to be cached there. */
        long cachedTokens(String model) {
            for (int mark = byMark.size() - 1; mark >= 0; mark--) {
                for (Holder holder : byMark.get(mark)) {
                    if (holder.model.equals(model)) {
                        return expected(holder, mark);
                    }
                }
            }
            return 0;
        }

        /**
         * All that it had, where nothing tells the two prompts apart; else as much as the longest
         * beginning that they share.
         */
        private long expected(Holder holder, int mark) {
            Load asked = Objects.requireNonNull(load);
            boolean differ = Opening.reaches(holder.bytes, mark + 1) && mark + 1 < byMark.size();
            long same = differ ? Opening.bytesOf(mark) / BYTES_PER_TOKEN : holder.tokens;
            Habits all = Objects.requireNonNull(habits);
            Double share = all.hits.getIfPresent(new Hit(asked.habit(), holder.model));
            return (long) (Math.min(same, asked.inputTokens()) * (share == null ? 1 : share));
        }
    }

    /** An answer is whole, and told what it used. */
    public void answered(Load load, String model, Usage usage) {
        Mean known = outputs.getIfPresent(load.habit());
        Mean before = known == null ? new Mean(USUAL_OUTPUT_TOKENS, 0) : known;
        outputs.put(load.habit(), before.with((double) usage.outputTokens()));
        if (load.opening().marks().length > 0) {
            learnHit(load, model, usage);
            keep(load, model, usage);
        }
    }

    /** How much of what was expected to be cached was. */
    private void learnHit(Load load, String model, Usage usage) {
        var hit = new Hit(load.habit(), model);
        Double known = hits.getIfPresent(hit);
        double share = known == null ? 1 : known;
        long expected = known(load).cachedTokens(model);
        if (expected > 0) {
            double was = Math.min(1, usage.cachedInputTokens() * share / expected);
            hits.put(hit, Math.max(0.01, share + HIT_SHARE * (was - share)));
        }
    }

    private void keep(Load load, String model, Usage usage) {
        long now = nanos.getAsLong();
        var holder = new Holder(model, usage.inputTokens(), load.opening().bytes(), now);
        for (long mark : load.opening().marks()) {
            List<Holder> before = holders.getIfPresent(mark);
            List<Holder> after = new ArrayList<>(MAX_HOLDERS);
            after.add(holder);
            if (before != null) {
                before.stream()
                        .filter(each -> !each.model.equals(model))
                        .filter(each -> now - each.atNanos < CACHED.toNanos())
                        .limit(MAX_HOLDERS - 1)
                        .forEach(after::add);
            }
            holders.put(mark, List.copyOf(after));
        }
    }
}
