package dev.pillion.adapters.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.Losses;
import dev.pillion.adapters.ModelTraits;
import dev.pillion.adapters.ModelTraits.Thinking;
import dev.pillion.adapters.Refusal;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.Effort;
import dev.pillion.protocol.chat.Need;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Effort and thinking, by a table: a model that thinks adaptively is told so with its level, one
 * that always thinks gets the level alone, one that thinks by a budget gets {@link #budget}.
 *
 * <p>What a caller said in Anthropic's own words goes as it is to the very model that was named; a
 * model that takes another form gets the nearest it has, by the same table.
 */
final class ThinkingEncoder {
    private static final String EFFORT = "/thinking/effort";

    private final ChatRequest request;
    private final ModelTraits model;
    private final Losses losses;
    private final RawFields raw;
    private boolean own;

    ThinkingEncoder(ChatRequest request, ModelTraits model, Losses losses, RawFields raw) {
        this.request = request;
        this.model = model;
        this.losses = losses;
        this.raw = raw;
    }

    /** Adds what the effort asks for; gives the level used, null where none was set. */
    @Nullable Effort addTo(ObjectNode body, int maxTokens) {
        own = !raw.thinking().isMissingNode() || !raw.effort().isMissingNode();
        if (own && (isNamed() || takesAsIs())) {
            return usedAsIs();
        }
        if (own) {
            raw.dropThinking();
            own = false;
        }
        Effort asked = request.effort();
        Effort used = asked == null ? null : byTable(asked, body, maxTokens);
        if (request.needs().contains(Need.THINKING) && used != Effort.OFF) {
            show(body);
        }
        return used;
    }

    /** Newer models leave thinking empty unless its summary is asked for. */
    private void show(ObjectNode body) {
        boolean thinks =
                switch (model.thinking()) {
                    case null -> false;
                    case ADAPTIVE, ALWAYS -> true;
                    case BUDGET -> body.has("thinking");
                };
        if (thinks) {
            ObjectNode thinking = body.withObject("/thinking");
            if (!thinking.has("type")) {
                thinking.put("type", "adaptive");
            }
            thinking.put("display", "summarized");
        }
    }

    private boolean isNamed() {
        String named = request.model();
        return named != null && (named.equals(model.id()) || named.endsWith("/" + model.id()));
    }

    private boolean takesAsIs() {
        Thinking how = model.thinking();
        boolean type =
                switch (raw.thinking().path("type").asText()) {
                    case "" -> true;
                    case "disabled" -> !model.refuses(Refusal.THINKING_OFF);
                    case "adaptive" -> how == Thinking.ADAPTIVE || how == Thinking.ALWAYS;
                    // The adaptive models without xhigh are the last that still take a budget.
                    case "enabled" ->
                            how == Thinking.BUDGET
                                    || (how == Thinking.ADAPTIVE
                                            && !model.efforts().contains(Effort.XHIGH));
                    default -> false;
                };
        return type && (raw.effort().isMissingNode() || levels().contains(level(raw.effort())));
    }

    private @Nullable Effort usedAsIs() {
        Effort level = level(raw.effort());
        if (level != null) {
            return level;
        }
        return raw.thinking().path("type").asText().equals("disabled")
                ? Effort.OFF
                : request.effort();
    }

    private static @Nullable Effort level(JsonNode effort) {
        for (Effort level : Effort.values()) {
            if (level.wire().equals(effort.asText().toLowerCase(Locale.ROOT))) {
                return level;
            }
        }
        return null;
    }

    private @Nullable Effort byTable(Effort asked, ObjectNode body, int maxTokens) {
        return switch (model.thinking()) {
            case null -> withoutThinking(asked);
            case ADAPTIVE -> adaptive(asked, body);
            case ALWAYS -> level(asked, body);
            case BUDGET -> budget(asked, body, maxTokens);
        };
    }

    private @Nullable Effort withoutThinking(Effort asked) {
        if (asked.compareTo(Effort.MINIMAL) > 0) {
            losses.lose(EFFORT, model.id() + " does not think");
        }
        return Effort.OFF;
    }

    private @Nullable Effort adaptive(Effort asked, ObjectNode body) {
        if (asked == Effort.OFF && !model.refuses(Refusal.THINKING_OFF)) {
            body.putObject("thinking").put("type", "disabled");
            return Effort.OFF;
        }
        body.putObject("thinking").put("type", "adaptive");
        return level(asked, body);
    }

    /** The level asked, else the next higher one, else the highest. */
    private @Nullable Effort level(Effort asked, ObjectNode body) {
        Effort used = null;
        for (Effort level : levels()) {
            used = level;
            if (level.compareTo(asked) >= 0) {
                break;
            }
        }
        if (used != null) {
            body.withObject("/output_config").put("effort", used.wire());
        }
        return used;
    }

    /** The vendor knows no level below low: less is said by switching thinking off. */
    private List<Effort> levels() {
        return model.efforts().stream().filter(e -> e.compareTo(Effort.LOW) >= 0).toList();
    }

    private @Nullable Effort budget(Effort asked, ObjectNode body, int maxTokens) {
        if (asked == Effort.OFF) {
            body.putObject("thinking").put("type", "disabled");
            return Effort.OFF;
        }
        if (maxTokens <= Api.MIN_BUDGET_TOKENS) {
            losses.lose(
                    EFFORT,
                    "a budget of "
                            + Api.MIN_BUDGET_TOKENS
                            + " tokens does not fit into max_tokens "
                            + maxTokens);
            return Effort.OFF;
        }
        // A fifth is left for the answer, since thinking counts against max_tokens.
        int room = Math.max(Api.MIN_BUDGET_TOKENS, (int) (maxTokens * 4L / 5));
        body.putObject("thinking")
                .put("type", "enabled")
                .put("budget_tokens", Math.min(budget(asked), room));
        return asked;
    }

    /** The table of budgets in tokens. */
    static int budget(Effort effort) {
        return switch (effort) {
            case OFF -> 0;
            case MINIMAL -> 1_024;
            case LOW -> 2_048;
            case MEDIUM -> 8_192;
            case HIGH -> 16_384;
            case XHIGH -> 24_576;
            case MAX -> 32_768;
        };
    }

    /** The level whose budget the tokens amount to: the table read backwards, rounded up. */
    static Effort levelOf(long budgetTokens) {
        for (Effort level : Effort.values()) {
            if (level != Effort.OFF && budgetTokens <= budget(level)) {
                return level;
            }
        }
        return Effort.MAX;
    }

    /**
     * Takes back or refuses what does not go together once the whole body is there: a budget with a
     * forced call, and a budget in a tool loop whose turn began without thinking.
     */
    @Nullable Effort reconcile(ObjectNode body, @Nullable Effort used) {
        if (own || !body.path("thinking").path("type").asText().equals("enabled")) {
            return used;
        }
        String choice = body.path("tool_choice").path("type").asText();
        if (choice.equals("any") || choice.equals("tool")) {
            losses.lose("/tool_choice", "a call can't be forced while the model thinks");
            ((ObjectNode) body.path("tool_choice")).put("type", "auto").remove("name");
        }
        if (isLoopWithoutThinking(body.path("messages"))) {
            body.remove("thinking");
            return Effort.OFF;
        }
        return used;
    }

    private static boolean isLoopWithoutThinking(JsonNode messages) {
        if (messages.size() < 2) {
            return false;
        }
        JsonNode last = messages.get(messages.size() - 1);
        JsonNode before = messages.get(messages.size() - 2);
        boolean loop =
                last.path("content").path(0).path("type").asText().equals("tool_result")
                        && before.path("role").asText().equals("assistant");
        String opening = before.path("content").path(0).path("type").asText();
        return loop && !opening.equals("thinking") && !opening.equals("redacted_thinking");
    }
}
