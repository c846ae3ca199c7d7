package dev.pillion.adapters;

import dev.pillion.protocol.chat.Effort;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one model; data of the catalog, never a name in an {@code if}.
 *
 * @param id the vendor's own id, as it goes on the wire
 * @param contextTokens the context window; 0: not known
 * @param maxOutputTokens most tokens of one answer; 0: not known
 * @param efforts the levels it has, rising; empty: effort can't be set
 * @param thinking how its vendor wants thinking asked for; null: it can't think
 */
public record ModelTraits(
        String id,
        Set<Capability> can,
        Set<Refusal> refuses,
        long contextTokens,
        int maxOutputTokens,
        List<Effort> efforts,
        @Nullable Thinking thinking) {

    /** Both sets are asked many times a request: those of enums answer by a bit. */
    public ModelTraits {
        can = ofBits(Capability.class, can);
        refuses = ofBits(Refusal.class, refuses);
    }

    private static <E extends Enum<E>> Set<E> ofBits(Class<E> type, Set<E> some) {
        EnumSet<E> bits = EnumSet.noneOf(type);
        bits.addAll(some);
        return Collections.unmodifiableSet(bits);
    }

    /** How thinking is asked for. */
    public enum Thinking {
        /** By effort; the model decides how much, and may be told not to think. */
        ADAPTIVE,
        /** It always thinks, as much as the effort says. */
        ALWAYS,
        /** By a budget of tokens. */
        BUDGET
    }

    public boolean refuses(Refusal what) {
        return refuses.contains(what);
    }

    /** Whether it takes temperature and top_p at the effort that it is sent; null: none is sent. */
    public boolean takesSampling(@Nullable Effort sent) {
        if (sent == Effort.OFF) {
            return !refuses(Refusal.SAMPLING) || efforts.contains(Effort.OFF);
        }
        return !refuses(Refusal.SAMPLING) && (sent == null || !refuses(Refusal.SAMPLING_THINKING));
    }

    /** Whether it answers: a model that can embed, and can't stream, makes vectors and no more. */
    public boolean chats() {
        return !can(Capability.EMBEDDINGS) || can(Capability.STREAM);
    }

    public boolean can(Capability what) {
        return can.contains(what);
    }

    /** As many tokens of an answer as asked for, or the most it can give: it would give no more. */
    public int outputTokens(int asked) {
        return maxOutputTokens > 0 ? Math.min(asked, maxOutputTokens) : asked;
    }

    /** The level used for the one asked: itself, else the next higher one, else the highest. */
    public @Nullable Effort effortFor(Effort asked) {
        Effort used = null;
        for (Effort level : efforts) {
            used = level;
            if (level.compareTo(asked) >= 0) {
                break;
            }
        }
        return used;
    }
}
