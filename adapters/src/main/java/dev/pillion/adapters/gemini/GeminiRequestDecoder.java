package dev.pillion.adapters.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.Surface;
import dev.pillion.protocol.chat.Budget;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.Need;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.chat.RouteWish;
import dev.pillion.protocol.wire.Extras;
import dev.pillion.protocol.wire.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Decodes one request. Its model and whether it streams stand in the path. What the uniform form
 * has no word for stays raw under the names of the JSON form: hints and explicit defaults in {@code
 * vendor.gemini}, everything else in the request's extras.
 */
final class GeminiRequestDecoder {
    private final GeminiPath path;
    private final GeminiObject body;
    private final GeminiToolsDecoder tools = new GeminiToolsDecoder();
    private final GenerationConfigDecoder config = new GenerationConfigDecoder();
    private final ObjectNode hints = Json.object();
    private final ObjectNode extras = Json.object();

    private GeminiRequestDecoder(GeminiPath path, GeminiObject body) {
        this.path = path;
        this.body = body;
    }

    static ChatRequest decode(Surface client) {
        GeminiPath path = GeminiPath.of(client);
        GeminiPath.sse(client);
        JsonNode body = client.wellFormed();
        return new GeminiRequestDecoder(path, GeminiObject.of(body, "")).request();
    }

    private ChatRequest request() {
        model();
        if (!body.has("contents")) {
            throw GeminiObject.wrong(null, "/contents", "an array");
        }
        var messages = new ContentsDecoder().decode(body.list("contents"));
        List<Part.Text> system = system();
        tools.tools(body.list("tools"));
        GeminiObject toolConfig = body.object("toolConfig");
        if (toolConfig != null) {
            tools.config(toolConfig);
        }
        GeminiObject generation = body.object("generationConfig");
        if (generation != null) {
            config.decode(generation);
        }
        keep(extras, "toolConfig", tools.rest());
        keep(hints, "toolConfig", tools.hints());
        keep(extras, "generationConfig", config.rest());
        keep(hints, "generationConfig", config.hints());
        extras.setAll(body.rest());
        return new ChatRequest(
                path.model(),
                null,
                config.thoughts() ? Set.of(Need.THINKING) : Set.of(),
                system,
                messages,
                tools.tools(),
                tools.choice(),
                null,
                config.output(),
                config.effort(),
                config.sampling(),
                tools.webSearch(),
                Budget.NONE,
                RouteWish.DEFAULT,
                false,
                hints.isEmpty() ? Map.of() : Map.of(GeminiApi.NAME, hints),
                Map.of(),
                path.stream(),
                Extras.of(GeminiApi.NAME, extras));
    }

    private static void keep(ObjectNode into, String name, ObjectNode fields) {
        if (!fields.isEmpty()) {
            into.set(name, fields);
        }
    }

    /** The body may name the model once more, and no other. */
    private void model() {
        String named = body.text("model");
        if (named != null && !named.isEmpty()) {
            String bare = named.startsWith("models/") ? named.substring(7) : named;
            if (!bare.equals(path.model())) {
                throw GeminiObject.wrong(body.get("model"), "/model", "the model in the path");
            }
        }
    }

    /** Texts; an instruction of other parts is kept raw, for who can take it. */
    private List<Part.Text> system() {
        JsonNode value = body.get("systemInstruction");
        String at = body.at("systemInstruction");
        if (value == null) {
            return List.of();
        }
        if (value.isTextual()) {
            return List.of(new Part.Text(value.textValue()));
        }
        List<Part.Text> texts = new ArrayList<>();
        GeminiObject content = GeminiObject.of(value, at);
        content.text("role");
        for (GeminiObject.Item item : content.list("parts")) {
            Part part = GeminiPartDecoder.ofUser(item.object(), item.node());
            if (!(part instanceof Part.Text text)) {
                extras.set("systemInstruction", value);
                return List.of();
            }
            texts.add(text);
        }
        ObjectNode unread = content.rest();
        if (!unread.isEmpty()) {
            extras.set("systemInstruction", value);
            return List.of();
        }
        return List.copyOf(texts);
    }
}
