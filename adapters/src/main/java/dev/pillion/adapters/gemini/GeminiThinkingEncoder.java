package dev.pillion.adapters.gemini;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.Losses;
import dev.pillion.adapters.ModelTraits;
import dev.pillion.adapters.ModelTraits.Thinking;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.Effort;
import dev.pillion.protocol.chat.Need;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Effort and thinking, by a table: the level used is the one asked, else the next higher that the
 * model has, else its highest. Models that think by levels (Gemini 3 and later) get its name, those
 * that think by a budget (2.5) get {@link #budget}; both together are refused by the vendor.
 *
 * <p>What a caller said in the vendor's own words goes as it is to a model that takes that form.
 */
final class GeminiThinkingEncoder {
    private static final String BUDGET = "thinkingBudget";
    private static final String LEVEL = "thinkingLevel";

    private final ChatRequest request;
    private final ModelTraits model;
    private final Losses losses;
    private final GeminiRawFields raw;

    GeminiThinkingEncoder(
            ChatRequest request, ModelTraits model, Losses losses, GeminiRawFields raw) {
        this.request = request;
        this.model = model;
        this.losses = losses;
        this.raw = raw;
    }

    /** Adds what the effort asks for; gives the level used, null where none was set. */
    @Nullable Effort addTo(ObjectNode config) {
        ObjectNode own = raw.thinking();
        if (own != null && (own.has(BUDGET) || own.has(LEVEL))) {
            if (takesAsIs(own)) {
                return usedAsIs(own);
            }
            raw.dropThinking();
        }
        Effort asked = request.effort();
        if (asked != null && model.thinking() == null && asked.compareTo(Effort.MINIMAL) > 0) {
            losses.lose("/thinking/effort", model.id() + " does not think");
        }
        if (model.thinking() == null) {
            return asked == null ? null : Effort.OFF;
        }
        Effort used = asked == null ? null : model.effortFor(asked);
        if (used != null) {
            put(used, config.withObject("/thinkingConfig"));
        }
        boolean shown = asked != null || request.needs().contains(Need.THINKING);
        if (shown && used != Effort.OFF) {
            config.withObject("/thinkingConfig").put("includeThoughts", true);
        }
        return used;
    }

    private void put(Effort used, ObjectNode thinking) {
        if (model.thinking() == Thinking.BUDGET) {
            thinking.put(BUDGET, budget(used));
        } else {
            thinking.put(LEVEL, used.name());
        }
    }

    private boolean takesAsIs(ObjectNode own) {
        if (isNamed()) {
            return true;
        }
        boolean budget = own.has(BUDGET);
        boolean level = own.has(LEVEL);
        return switch (model.thinking()) {
            case null -> false;
            case BUDGET -> !level;
            case ADAPTIVE, ALWAYS -> !budget && (!level || model.efforts().contains(level(own)));
        };
    }

    private boolean isNamed() {
        String named = request.model();
        return named != null && (named.equals(model.id()) || named.endsWith("/" + model.id()));
    }

    private @Nullable Effort usedAsIs(ObjectNode own) {
        if (own.has(LEVEL)) {
            return level(own);
        }
        long budget = own.path(BUDGET).asLong(-1);
        return budget < 0 ? null : levelOf(budget);
    }

    private static @Nullable Effort level(ObjectNode own) {
        String name = own.path(LEVEL).asText().toUpperCase(Locale.ROOT);
        for (Effort level : Effort.values()) {
            if (level.name().equals(name)) {
                return level;
            }
        }
        return null;
    }

    /** The table of budgets in tokens: within 512 and 24,576, which every 2.5 model takes. */
    static int budget(Effort effort) {
        return switch (effort) {
            case OFF -> 0;
            case MINIMAL -> 512;
            case LOW -> 1_024;
            case MEDIUM -> 8_192;
            case HIGH, XHIGH, MAX -> 24_576;
        };
    }

    /** The level whose budget the tokens amount to: the table read backwards, rounded up. */
    static Effort levelOf(long budgetTokens) {
        for (Effort level : Effort.values()) {
            if (budgetTokens <= budget(level)) {
                return level;
            }
        }
        return Effort.HIGH;
    }
}
