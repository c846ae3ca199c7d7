package dev.pillion.adapters.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.Surface;
import dev.pillion.protocol.chat.Budget;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.Effort;
import dev.pillion.protocol.chat.LoneSurrogates;
import dev.pillion.protocol.chat.Message;
import dev.pillion.protocol.chat.Need;
import dev.pillion.protocol.chat.Output;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.chat.RouteWish;
import dev.pillion.protocol.chat.Sampling;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.Extras;
import dev.pillion.protocol.wire.Headers;
import dev.pillion.protocol.wire.Json;
import dev.pillion.protocol.wire.MalformedJson;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decodes one Messages request, by the rules of the version that its header names; without one, by
 * the older. What the uniform form says in other words (thinking, output) is kept in Anthropic's
 * own words too, under {@code vendor}, for when an Anthropic model serves.
 */
final class RequestDecoder {
    /** Fields with a place in the uniform form. */
    private static final Set<String> UNIFORM =
            Set.of(
                    "model",
                    "max_tokens",
                    "messages",
                    "system",
                    "stream",
                    "stop_sequences",
                    "tools",
                    "tool_choice",
                    "temperature",
                    "top_p");

    /** Fields that only Anthropic needs to hear, and whose absence changes no answer. */
    private static final Set<String> HINTS =
            Set.of(
                    "thinking",
                    "output_config",
                    "output_format",
                    "cache_control",
                    "metadata",
                    "diagnostics");

    private static final Set<String> SAMPLING = Set.of("temperature", "top_p", "top_k");

    private final ObjectNode body;
    private final Headers headers;
    private final boolean old;
    private final boolean counting;

    private RequestDecoder(ObjectNode body, Headers headers, boolean counting) {
        this.body = body;
        this.headers = headers;
        this.old = isOld(headers);
        this.counting = counting;
    }

    static ChatRequest decode(Surface client) {
        return decode(client, false);
    }

    /** A request that is only to be counted need not say how long its answer may be. */
    static ChatRequest decodeToCount(Surface client) {
        return decode(client, true);
    }

    private static ChatRequest decode(Surface client, boolean counting) {
        try {
            ObjectNode body = Fields.object(LoneSurrogates.read(client.body()), "");
            return new RequestDecoder(body, client.headers(), counting).request();
        } catch (MalformedJson e) {
            throw Fault.invalid("the body is not JSON: " + e.getMessage(), e.pointer())
                    .asException();
        }
    }

    /** Every version before the newest is read as the older one, and none at all is too. */
    static boolean isOld(Headers headers) {
        String version = headers.get(Api.VERSION_HEADER);
        return version == null || version.compareTo(Api.VERSION) < 0;
    }

    private ChatRequest request() {
        checkVersion();
        var tools = new ToolDecoder(body);
        tools.decode();
        return new ChatRequest(
                Fields.requiredText(body, "model", ""),
                null,
                thoughts(),
                system(),
                messages(),
                tools.tools(),
                tools.choice(),
                tools.parallel(),
                output(),
                effort(),
                sampling(),
                tools.webSearch(),
                Budget.NONE,
                RouteWish.DEFAULT,
                true, // On this surface the client itself says what to cache.
                vendor(),
                Map.of(),
                Boolean.TRUE.equals(Fields.bool(body, "stream", "")),
                Extras.of(Api.NAME, rest()));
    }

    private void checkVersion() {
        for (String field : SAMPLING) {
            if (!old && Fields.present(body, field) != null) {
                throw Fields.bad(
                        "/" + field,
                        "not in API version " + Api.VERSION,
                        "none, or " + Api.VERSION_HEADER + ": " + Api.OLD_VERSION);
            }
        }
    }

    private List<Part.Text> system() {
        JsonNode system = Fields.present(body, "system");
        if (system == null) {
            return List.of();
        }
        if (system.isTextual()) {
            return system.asText().isEmpty() ? List.of() : List.of(new Part.Text(system.asText()));
        }
        var content = new ContentDecoder(old);
        List<Part.Text> texts = new ArrayList<>();
        List<JsonNode> blocks = Fields.array(body, "system", "");
        for (int i = 0; i < blocks.size(); i++) {
            Part part = content.user(blocks.get(i), "/system/" + i);
            if (!(part instanceof Part.Text text)) {
                throw Fields.bad("/system/" + i + "/type", "another block", "text");
            }
            texts.add(text);
        }
        return texts;
    }

    private List<Message> messages() {
        List<JsonNode> nodes = Fields.array(body, "messages", "");
        if (nodes.isEmpty()) {
            throw Fields.bad("/messages", "none", "at least one message");
        }
        var decoder = new MessageDecoder(old);
        List<Message> messages = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            decoder.decode(nodes.get(i), "/messages/" + i, messages);
        }
        return messages;
    }

    private Output output() {
        Integer maxTokens = Fields.integer(body, "max_tokens", "", 0);
        if (maxTokens == null && !counting) {
            throw Fields.bad("/max_tokens", "missing", "a whole number");
        }
        return new Output(maxTokens, format(), Fields.texts(body, "stop_sequences", ""));
    }

    private Output.Format format() {
        ObjectNode config = Fields.object(body, "output_config", "");
        String pointer = "/output_config";
        ObjectNode format = config == null ? null : Fields.object(config, "format", pointer);
        pointer += "/format";
        if (format == null) {
            format = Fields.object(body, "output_format", "");
            pointer = "/output_format";
        }
        if (format == null) {
            return new Output.Format.Text();
        }
        String type = Fields.requiredText(format, "type", pointer);
        if (!type.equals("json_schema")) {
            throw Fields.bad(pointer + "/type", type, "json_schema");
        }
        ObjectNode schema = Fields.object(format, "schema", pointer);
        if (schema == null) {
            throw Fields.bad(pointer + "/schema", "missing", "a JSON Schema");
        }
        return new Output.Format.Schema(schema, null, null, null);
    }

    /** The level that thinking and effort amount to, for whoever else may serve. */
    private @Nullable Effort effort() {
        ObjectNode config = Fields.object(body, "output_config", "");
        String asked = config == null ? null : Fields.text(config, "effort", "/output_config");
        Effort level = null;
        for (Effort effort : Effort.values()) {
            level = effort.wire().equals(asked) ? effort : level;
        }
        ObjectNode thinking = Fields.object(body, "thinking", "");
        if (thinking == null) {
            return level;
        }
        return switch (Fields.requiredText(thinking, "type", "/thinking")) {
            case "disabled" -> Effort.OFF;
            case "enabled" -> {
                Integer budget = Fields.integer(thinking, "budget_tokens", "/thinking", 0);
                yield level != null || budget == null ? level : ThinkingEncoder.levelOf(budget);
            }
            case "adaptive" -> level == null ? Effort.HIGH : level; // The default effort.
            default -> level;
        };
    }

    private Set<Need> thoughts() {
        ObjectNode thinking = Fields.object(body, "thinking", "");
        boolean shown =
                thinking != null
                        && isShown(
                                thinking.path("type").asText(), thinking.path("display").asText());
        return shown ? Set.of(Need.THINKING) : Set.of();
    }

    /**
     * Whether the client is to see thoughts: with a budget unless it says no, else if it says so.
     */
    static boolean isShown(String type, String display) {
        return switch (display) {
            case "omitted" -> false;
            case "summarized", "updates" -> !type.equals("disabled");
            default -> type.equals("enabled");
        };
    }

    private Sampling sampling() {
        return new Sampling(fraction("temperature"), fraction("top_p"), null);
    }

    private @Nullable BigDecimal fraction(String field) {
        JsonNode value = Fields.present(body, field);
        if (value == null) {
            return null;
        }
        boolean inRange =
                value.isNumber()
                        && value.decimalValue().signum() >= 0
                        && value.decimalValue().compareTo(BigDecimal.ONE) <= 0;
        if (!inRange) {
            throw Fields.bad("/" + field, value.asText(), "a number from 0 to 1");
        }
        return value.decimalValue();
    }

    private Map<String, ObjectNode> vendor() {
        ObjectNode own = Json.object();
        for (String field : HINTS) {
            JsonNode value = Fields.present(body, field);
            if (value != null) {
                own.set(field, value);
            }
        }
        ArrayNode betas = betas();
        if (!betas.isEmpty()) {
            own.set(Api.BETA_HEADER, betas);
        }
        return own.isEmpty() ? Map.of() : Map.of(Api.NAME, own);
    }

    private ArrayNode betas() {
        ArrayNode betas = Json.nodes().arrayNode();
        for (String line : headers.all(Api.BETA_HEADER)) {
            for (String beta : line.split(",", -1)) {
                if (!beta.isBlank()) {
                    betas.add(beta.strip());
                }
            }
        }
        return betas;
    }

    /** What the uniform form has no word for, and another vendor must refuse by name. */
    private ObjectNode rest() {
        ObjectNode rest = Json.object();
        for (var entry : body.properties()) {
            String field = entry.getKey();
            boolean said = UNIFORM.contains(field) || HINTS.contains(field);
            if (!said && !entry.getValue().isNull()) {
                rest.set(field, entry.getValue());
            }
        }
        return rest;
    }
}
