package dev.pillion.sidecar.plan;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.pillion.protocol.chat.Usage;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

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
    private static final long CACHED_NANOS = TimeUnit.MINUTES.toNanos(5);

    private static final double USUAL_OUTPUT_TOKENS = 500;
    private static final int LEARNING = 10;
    private static final double SHARE = 0.1;
    private static final double HIT_SHARE = 0.2;
    private static final int BYTES_PER_TOKEN = 4;

    private final LongSupplier nanos;
    private final Cache<String, Mean> outputs;
    private final Cache<Hit, Share> hits;
    private final Cache<Long, Holders> holders;

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
                        .expireAfterAccess(Duration.ofNanos(CACHED_NANOS))
                        .ticker(nanos::getAsLong)
                        .executor(Runnable::run)
                        .build();
    }

    // What is learned is learned in place: to put into a cache costs more than all else here.

    /** How long answers are. */
    private static final class Mean {
        private double value = USUAL_OUTPUT_TOKENS;
        private int seen;

        synchronized void add(double next) {
            value += Math.max(SHARE, 1.0 / (seen + 2)) * (next - value);
            seen = Math.min(LEARNING, seen + 1);
        }

        synchronized double value() {
            return value;
        }
    }

    private record Hit(String habit, String model) {}

    /** How much of what was expected to be cached was, by and by. */
    private static final class Share {
        private volatile double value = 1;
    }

    /** A model that has had a prompt. */
    private record Holder(String model, long tokens, long bytes, long atNanos) {}

    /** Who has had prompts with one beginning, the latest first. */
    private static final class Holders {
        private volatile Holder[] latest = {};

        synchronized void add(Holder holder) {
            Holder[] before = latest;
            var after = new Holder[MAX_HOLDERS];
            after[0] = holder;
            int count = 1;
            for (Holder each : before) {
                boolean fresh = holder.atNanos - each.atNanos < CACHED_NANOS;
                if (fresh && count < MAX_HOLDERS && !each.model.equals(holder.model)) {
                    after[count++] = each;
                }
            }
            latest = Arrays.copyOf(after, count);
        }
    }

    /** The tokens that such an answer is expected to have. */
    long outputTokens(Load load) {
        Mean known = outputs.getIfPresent(load.habit());
        double usual = known == null ? USUAL_OUTPUT_TOKENS : known.value();
        return Math.min(load.mostOutputTokens(), Math.round(usual));
    }

    /** The tokens of the prompt that are not expected to be cached there. */
    public long freshTokens(Load load, String model) {
        return load.inputTokens() - known(load).cachedTokens(model);
    }

    /** Who has the beginning of the prompt, as far as it is known. */
    Known known(Load load) {
        long[] marks = load.opening().marks();
        Known known = Known.NOBODY;
        long now = nanos.getAsLong();
        for (int mark = marks.length - 1; mark >= 0; mark--) {
            Holders found = holders.getIfPresent(marks[mark]);
            if (found == null) {
                continue;
            }
            if (known == Known.NOBODY) {
                known = new Known((mark + 1) * MAX_HOLDERS);
            }
            for (Holder holder : found.latest) {
                if (now - holder.atNanos < CACHED_NANOS && !known.has(holder.model)) {
                    known.add(holder.model, expected(load, holder, mark));
                }
            }
        }
        return known;
    }

    /**
     * All that it had, where nothing tells the two prompts apart; else as much as the longest
     * beginning that they share.
     */
    private long expected(Load load, Holder holder, int mark) {
        boolean differ =
                Opening.reaches(holder.bytes, mark + 1) && mark + 1 < load.opening().marks().length;
        long same = differ ? Opening.bytesOf(mark) / BYTES_PER_TOKEN : holder.tokens;
        Share share = hits.getIfPresent(new Hit(load.habit(), holder.model));
        return (long) (Math.min(same, load.inputTokens()) * (share == null ? 1 : share.value));
    }

    /** The models that have had the beginning of one prompt. */
    static final class Known {
        static final Known NOBODY = new Known(0);

        private final String[] models;
        private final long[] tokens;
        private int count;

        private Known(int most) {
            this.models = new String[most];
            this.tokens = new long[most];
        }

        private boolean has(String model) {
            return at(model) >= 0;
        }

        private void add(String model, long cached) {
            models[count] = model;
            tokens[count++] = cached;
        }

        private int at(String model) {
            for (int i = 0; i < count; i++) {
                if (models[i].hashCode() == model.hashCode() && models[i].equals(model)) {
                    return i;
                }
            }
            return -1;
        }

        /** The tokens of the prompt that are expected to be cached there. */
        long cachedTokens(String model) {
            int at = at(model);
            return at < 0 ? 0 : tokens[at];
        }
    }

    /** An answer is whole, and told what it used. */
    public void answered(Load load, String model, Usage usage) {
        outputs.get(load.habit(), _ -> new Mean()).add((double) usage.outputTokens());
        if (load.opening().marks().length > 0) {
            learnHit(load, model, usage);
            keep(load, model, usage);
        }
    }

    /** How much of what was expected to be cached was. */
    private void learnHit(Load load, String model, Usage usage) {
        long expected = known(load).cachedTokens(model);
        if (expected > 0) {
            Share known = hits.get(new Hit(load.habit(), model), _ -> new Share());
            double share = known.value;
            double was = Math.min(1, usage.cachedInputTokens() * share / expected);
            known.value = Math.max(0.01, share + HIT_SHARE * (was - share));
        }
    }

    private void keep(Load load, String model, Usage usage) {
        var holder =
                new Holder(model, usage.inputTokens(), load.opening().bytes(), nanos.getAsLong());
        for (long mark : load.opening().marks()) {
            holders.get(mark, _ -> new Holders()).add(holder);
        }
    }
}
