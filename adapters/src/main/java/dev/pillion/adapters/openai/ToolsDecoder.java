package dev.pillion.adapters.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.chat.Tool;
import dev.pillion.protocol.chat.ToolChoice;
import dev.pillion.protocol.wire.Extras;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Decodes the tools of a request and the choice among them, the deprecated functions included. */
final class ToolsDecoder {
    private static final Set<String> TOOL = Set.of("type", "function");
    private static final Set<String> FUNCTION =
            Set.of("name", "description", "parameters", "strict");

    private ToolsDecoder() {}

    static List<Tool> tools(ArrayNode from, String at) {
        List<Tool> tools = new ArrayList<>();
        for (JsonNode node : from) {
            String pointer = at + "/" + tools.size();
            ObjectNode tool = Fields.object(node, pointer);
            JsonNode function = tool.get("function");
            boolean isFunction = tool.path("type").asText("function").equals("function");
            if (isFunction) {
                tools.add(
                        function(
                                tool,
                                Fields.object(orEmpty(function), pointer + "/function"),
                                pointer));
            } else {
                tools.add(new Tool.Vendor(Marks.SPEAKS, tool));
            }
        }
        return List.copyOf(tools);
    }

    private static JsonNode orEmpty(@Nullable JsonNode node) {
        return node == null ? MissingNode.getInstance() : node;
    }

    private static Tool function(ObjectNode tool, ObjectNode function, String pointer) {
        ObjectNode raw = Fields.unknown(tool, TOOL);
        ObjectNode rawFunction = Fields.unknown(function, FUNCTION);
        if (!rawFunction.isEmpty()) {
            raw.set("function", rawFunction);
        }
        return function(function, pointer + "/function", Extras.of(Marks.SPEAKS, raw));
    }

    private static Tool function(ObjectNode function, String at, Extras extras) {
        JsonNode parameters = function.get("parameters");
        JsonNode strict = function.get("strict");
        return new Tool.Function(
                Fields.string(function.get("name"), at + "/name"),
                Fields.stringOrNull(function, "description", at),
                parameters == null || parameters.isNull()
                        ? null
                        : Fields.object(parameters, at + "/parameters"),
                boolOrNull(strict, at + "/strict"),
                null,
                extras);
    }

    private static @Nullable Boolean boolOrNull(@Nullable JsonNode node, String at) {
        if (node == null || node.isNull()) {
            return null;
        }
        return Fields.bool(node, at);
    }

    static List<Tool> functions(ArrayNode from, String at) {
        List<Tool> tools = new ArrayList<>();
        for (JsonNode node : from) {
            String pointer = at + "/" + tools.size();
            ObjectNode function = Fields.object(node, pointer);
            tools.add(
                    function(
                            function,
                            pointer,
                            Extras.of(Marks.SPEAKS, Fields.unknown(function, FUNCTION))));
        }
        return List.copyOf(tools);
    }

    static ToolChoice choice(JsonNode value, String at) {
        if (value.isTextual()) {
            return switch (value.textValue()) {
                case "auto" -> new ToolChoice.Auto();
                case "none" -> new ToolChoice.None();
                case "required", "any" -> new ToolChoice.Required();
                default -> throw Fields.wrong(value, at, "auto, none or required");
            };
        }
        ObjectNode choice = Fields.object(value, at);
        return switch (choice.path("type").asText("legacy")) {
            case "function" -> named(choice.path("function"), at + "/function");
            case "custom" -> named(choice.path("custom"), at + "/custom");
            case "allowed_tools" -> allowed(choice.path("allowed_tools"), at + "/allowed_tools");
            case "legacy" -> named(choice, at);
            default ->
                    throw Fields.wrong(
                            choice.get("type"), at + "/type", "function, custom or allowed_tools");
        };
    }

    private static ToolChoice named(JsonNode value, String at) {
        return new ToolChoice.Named(
                Fields.string(Fields.object(value, at).get("name"), at + "/name"));
    }

    private static ToolChoice allowed(JsonNode value, String at) {
        ObjectNode allowed = Fields.object(value, at);
        List<String> names = new ArrayList<>();
        for (JsonNode tool : Fields.array(allowed.path("tools"), at + "/tools")) {
            String pointer = at + "/tools/" + names.size();
            String type = tool.path("type").asText();
            names.add(Fields.string(tool.path(type).get("name"), pointer + "/" + type + "/name"));
        }
        String mode = Fields.string(allowed.get("mode"), at + "/mode");
        return new ToolChoice.Allowed(List.copyOf(names), mode.equals("required"));
    }
}
