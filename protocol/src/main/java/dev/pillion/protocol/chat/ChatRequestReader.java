package dev.pillion.protocol.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.Extras;
import dev.pillion.protocol.wire.Json;
import dev.pillion.protocol.wire.MalformedJson;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a request from the uniform JSON, strictly. */
public final class ChatRequestReader {
    private static final int MAX_TAGS = 8;

    private ChatRequestReader() {}

    /**
     * The request of the body.
     *
     * @throws dev.pillion.protocol.fault.FaultException {@code invalid_request} with what, where
     *     and what was expected
     */
    public static ChatRequest read(byte[] body) {
        try {
            return read(LoneSurrogates.read(body));
        } catch (MalformedJson e) {
            throw Fault.invalid("(body): not JSON: " + e.getMessage(), e.pointer()).asException();
        }
    }

    static ChatRequest read(JsonNode body) {
        JsonFields fields = JsonFields.of(body, "");
        String model = fields.text("model");
        String modelClass = fields.text("class");
        if (model != null && modelClass != null) {
            throw JsonFields.bad("/class", "beside a model", "either model or class");
        }
        var request =
                new ChatRequest(
                        model,
                        modelClass,
                        needs(fields),
                        system(fields),
                        messages(fields),
                        tools(fields),
                        toolChoice(fields),
                        fields.flag("parallel_tools"),
                        output(fields),
                        effort(fields),
                        sampling(fields),
                        webSearch(fields),
                        budget(fields),
                        route(fields),
                        cacheOff(fields),
                        PartReader.vendor(fields),
                        tags(fields),
                        fields.flag("stream", false),
                        Extras.NONE);
        fields.nothingElse();
        return request;
    }

    private static Set<Need> needs(JsonFields fields) {
        Set<Need> needs = EnumSet.noneOf(Need.class);
        for (JsonFields.Element each : fields.array("needs")) {
            needs.add(JsonFields.wordOf(each.text(), each.pointer(), Need.class));
        }
        return needs;
    }

    private static List<Part.Text> system(JsonFields fields) {
        JsonNode node = fields.get("system");
        List<Part.Text> system = new ArrayList<>();
        for (Part part : PartReader.content(node, fields.at("system"))) {
            if (!(part instanceof Part.Text text)) {
                throw JsonFields.bad(fields.at("system"), "a part that is not text", "text parts");
            }
            if (!text.text().isEmpty()) {
                system.add(text);
            }
        }
        return system;
    }

    private static List<Message> messages(JsonFields fields) {
        List<JsonFields.Element> elements = fields.array("messages");
        if (elements.isEmpty()) {
            throw JsonFields.bad("/messages", "missing or empty", "at least one message");
        }
        return elements.stream().map(e -> message(e.fields())).toList();
    }

    private static Message message(JsonFields fields) {
        Role role = fields.word("role", Role.class);
        if (role == null) {
            throw JsonFields.bad(
                    fields.at("role"), "missing", "one of system, user, assistant, tool");
        }
        List<Part> content = PartReader.content(fields.get("content"), fields.at("content"));
        for (int i = 0; i < content.size(); i++) {
            String misplaced = misplaced(role, content.get(i));
            if (misplaced != null) {
                throw JsonFields.bad(fields.at("content") + "/" + i, "misplaced here", misplaced);
            }
        }
        var message = new Message(role, content, PartReader.extras(fields));
        fields.nothingElse();
        return message;
    }

    /** What the role takes instead, when it does not take the part; null when it does. */
    private static @Nullable String misplaced(Role role, Part part) {
        return switch (role) {
            case TOOL -> part instanceof Part.ToolResult ? null : "tool_result parts only";
            case SYSTEM -> part instanceof Part.Text ? null : "text parts only";
            case USER ->
                    part instanceof Part.ToolCall || part instanceof Part.Thinking
                            ? "what a user says or shows"
                            : null;
            case ASSISTANT -> part instanceof Part.ToolResult ? "a message of role tool" : null;
        };
    }

    private static List<Tool> tools(JsonFields fields) {
        return fields.array("tools").stream().map(e -> tool(e.fields())).toList();
    }

    private static Tool tool(JsonFields fields) {
        String provider = fields.text("provider");
        if (provider != null) {
            ObjectNode definition = fields.object("definition");
            if (definition == null) {
                throw JsonFields.bad(
                        fields.at("definition"), "missing", "the vendor's own tool, as an object");
            }
            fields.nothingElse();
            return new Tool.Vendor(provider, definition);
        }
        String name = fields.textOf("name");
        if (!name.matches("[A-Za-z0-9_-]{1,64}")) {
            throw JsonFields.bad(
                    fields.at("name"), "'" + Shown.text(name) + "'", "[A-Za-z0-9_-]{1,64}");
        }
        var tool =
                new Tool.Function(
                        name,
                        fields.text("description"),
                        fields.object("parameters"),
                        fields.flag("strict"),
                        PartReader.cache(fields),
                        PartReader.extras(fields));
        fields.nothingElse();
        return tool;
    }

    private static @Nullable ToolChoice toolChoice(JsonFields fields) {
        JsonNode node = fields.get("tool_choice");
        if (node == null) {
            return null;
        }
        String pointer = fields.at("tool_choice");
        if (node.isTextual()) {
            return switch (node.textValue()) {
                case "auto" -> new ToolChoice.Auto();
                case "none" -> new ToolChoice.None();
                case "required" -> new ToolChoice.Required();
                default ->
                        throw JsonFields.bad(
                                pointer,
                                "'" + Shown.text(node.textValue()) + "'",
                                "auto, none, required or {\"name\": …}");
            };
        }
        JsonFields choice = JsonFields.of(node, pointer);
        ToolChoice read =
                choice.has("allowed")
                        ? new ToolChoice.Allowed(
                                choice.texts("allowed"), choice.flag("required", false))
                        : new ToolChoice.Named(choice.textOf("name"));
        choice.nothingElse();
        return read;
    }

    private static Output output(JsonFields fields) {
        JsonFields output = fields.fields("output");
        if (output == null) {
            return Output.DEFAULT;
        }
        Long maxTokens = output.integer("max_tokens", 1, Integer.MAX_VALUE);
        ObjectNode schema = output.object("schema");
        Output.Format format = new Output.Format.Text();
        if (schema != null) {
            format =
                    new Output.Format.Schema(
                            schema,
                            output.text("name"),
                            output.text("description"),
                            output.flag("strict"));
        } else if (output.flag("json", false)) {
            format = new Output.Format.Json();
        }
        output.get("json");
        List<String> stop = output.texts("stop");
        output.nothingElse();
        return new Output(maxTokens == null ? null : maxTokens.intValue(), format, stop);
    }

    private static @Nullable Effort effort(JsonFields fields) {
        JsonFields thinking = fields.fields("thinking");
        if (thinking == null) {
            return null;
        }
        Effort effort = thinking.word("effort", Effort.class);
        thinking.nothingElse();
        return effort;
    }

    private static Sampling sampling(JsonFields fields) {
        JsonFields sampling = fields.fields("sampling");
        if (sampling == null) {
            return Sampling.DEFAULT;
        }
        var read =
                new Sampling(
                        sampling.decimal("temperature", "0", "2"),
                        sampling.decimal("top_p", "0", "1"),
                        sampling.integer("seed", Long.MIN_VALUE, Long.MAX_VALUE));
        sampling.nothingElse();
        return read;
    }

    private static @Nullable WebSearch webSearch(JsonFields fields) {
        JsonNode node = fields.get("websearch");
        if (node == null || (node.isBoolean() && !node.booleanValue())) {
            return null;
        }
        JsonFields search =
                node.isBoolean()
                        ? JsonFields.of(Json.object(), fields.at("websearch"))
                        : JsonFields.of(node, fields.at("websearch"));
        WebSearch.Via via = search.word("via", WebSearch.Via.class);
        Long maxUses = search.integer("max_uses", 1, 1_000);
        var read =
                new WebSearch(
                        via == null ? WebSearch.Via.AUTO : via,
                        maxUses == null ? null : maxUses.intValue(),
                        search.texts("allowed_domains"),
                        search.texts("blocked_domains"),
                        location(search),
                        PartReader.cache(search),
                        PartReader.extras(search));
        search.nothingElse();
        return read;
    }

    private static WebSearch.@Nullable Location location(JsonFields search) {
        JsonFields location = search.fields("location");
        if (location == null) {
            return null;
        }
        var read =
                new WebSearch.Location(
                        location.text("city"),
                        location.text("region"),
                        location.text("country"),
                        location.text("timezone"));
        location.nothingElse();
        return read;
    }

    private static Budget budget(JsonFields fields) {
        JsonFields budget = fields.fields("budget");
        if (budget == null) {
            return Budget.NONE;
        }
        BigDecimal maxUsd = budget.decimal("max_usd", "0", "1000000");
        Long deadline = budget.integer("deadline_ms", 0, 86_400_000);
        budget.nothingElse();
        return new Budget(maxUsd, deadline == null ? null : Duration.ofMillis(deadline));
    }

    private static RouteWish route(JsonFields fields) {
        JsonFields route = fields.fields("route");
        if (route == null) {
            return RouteWish.DEFAULT;
        }
        RouteWish.Prefer prefer = route.word("prefer", RouteWish.Prefer.class);
        var read =
                new RouteWish(
                        prefer == null ? RouteWish.Prefer.BALANCED : prefer,
                        route.texts("only"),
                        route.texts("not"),
                        route.flag("failover", true),
                        route.flag("hedge", false),
                        route.flag("explain", false));
        route.nothingElse();
        return read;
    }

    private static boolean cacheOff(JsonFields fields) {
        String cache = fields.text("cache");
        if (cache == null || cache.equals("auto")) {
            return false;
        }
        if (cache.equals("off")) {
            return true;
        }
        throw JsonFields.bad("/cache", "'" + Shown.text(cache) + "'", "auto or off");
    }

    private static Map<String, String> tags(JsonFields fields) {
        ObjectNode node = fields.object("tags");
        if (node == null) {
            return Map.of();
        }
        if (node.size() > MAX_TAGS) {
            throw JsonFields.bad("/tags", node.size() + " tags", "at most " + MAX_TAGS);
        }
        Map<String, String> tags = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> tag : node.properties()) {
            boolean fits =
                    tag.getKey().matches("[A-Za-z0-9._:/@-]{1,64}")
                            && tag.getValue().isTextual()
                            && tag.getValue().textValue().matches("\\P{Cntrl}{0,128}");
            if (!fits) {
                throw JsonFields.bad(
                        "/tags/" + Shown.text(tag.getKey()),
                        "not a tag",
                        "a name of at most 64 letters, digits and ._:/@-, and a string of at most"
                                + " 128 characters, none of them a control character");
            }
            tags.put(tag.getKey(), tag.getValue().textValue());
        }
        return tags;
    }
}
