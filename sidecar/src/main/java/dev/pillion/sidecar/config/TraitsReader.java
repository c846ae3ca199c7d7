package dev.pillion.sidecar.config;

import dev.pillion.adapters.Capability;
import dev.pillion.adapters.ModelTraits;
import dev.pillion.adapters.Refusal;
import dev.pillion.protocol.chat.Effort;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what a model can do, and what it refuses. */
final class TraitsReader {
    /** What a model without {@code can} is taken to be able to do. */
    private static final Set<Capability> USUAL =
            EnumSet.of(
                    Capability.TOOLS,
                    Capability.PARALLEL_TOOLS,
                    Capability.JSON,
                    Capability.JSON_SCHEMA,
                    Capability.STREAM);

    private static final long LARGEST_TOKENS = 100_000_000;

    private TraitsReader() {}

    /** How a document says that thinking is asked for. */
    private enum Asked {
        ADAPTIVE,
        BUDGET,
        NONE,
        ALWAYS
    }

    static ModelTraits read(String vendorId, Fields fields) {
        Set<Capability> can = fields.words("can", Capability.class, USUAL);
        Set<Refusal> refuses = fields.words("refuses", Refusal.class, Set.of());
        boolean thinks = can.contains(Capability.THINKING);
        Asked asked = fields.word("thinking", Asked.class, thinks ? Asked.ADAPTIVE : Asked.NONE);
        Cursor thinkingAt = fields.get("thinking");
        if (thinkingAt != null && thinks != (asked != Asked.NONE)) {
            thinkingAt.wrong(thinks ? "not none, since can lists thinking" : "thinking in can too");
        }
        long context = orZero(fields.integer("context", 1, LARGEST_TOKENS));
        long maxOutput = orZero(fields.integer("max_output", 1, LARGEST_TOKENS));
        Cursor maxAt = fields.get("max_output");
        if (maxAt != null && context > 0 && maxOutput > context) {
            maxAt.wrong("at most context, " + context);
        }
        return new ModelTraits(
                vendorId,
                Set.copyOf(can),
                Set.copyOf(refuses),
                context,
                (int) maxOutput,
                efforts(fields, thinks),
                thinking(asked));
    }

    private static long orZero(@Nullable Long value) {
        return value == null ? 0 : value;
    }

    private static List<Effort> efforts(Fields fields, boolean thinks) {
        Set<Effort> usual = thinks ? EnumSet.of(Effort.LOW, Effort.MEDIUM, Effort.HIGH) : Set.of();
        return fields.words("efforts", Effort.class, usual).stream().sorted().toList();
    }

    private static ModelTraits.@Nullable Thinking thinking(Asked asked) {
        return switch (asked) {
            case ADAPTIVE -> ModelTraits.Thinking.ADAPTIVE;
            case BUDGET -> ModelTraits.Thinking.BUDGET;
            case ALWAYS -> ModelTraits.Thinking.ALWAYS;
            case NONE -> null;
        };
    }
}
