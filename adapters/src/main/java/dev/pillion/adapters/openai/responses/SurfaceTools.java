package dev.pillion.adapters.openai.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.openai.Fields;
import dev.pillion.adapters.openai.Marks;
import dev.pillion.protocol.chat.Tool;
import dev.pillion.protocol.chat.ToolChoice;
import dev.pillion.protocol.chat.WebSearch;
import dev.pillion.protocol.wire.Extras;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Decodes the tools of a request and the choice among them. */
final class SurfaceTools {
    private static final Set<String> FUNCTION =
            Set.of("type", "name", "description", "parameters", "strict");

    private final List<Tool> tools = new ArrayList<>();
    private @Nullable WebSearch webSearch;
    private @Nullable ToolChoice choice;

    void tools(ArrayNode from, String at) {
        for (int i = 0; i < from.size(); i++) {
            String pointer = at + "/" + i;
            ObjectNode tool = Fields.object(from.get(i), pointer);
            String type = Fields.string(tool.get("type"), pointer + "/type");
            if (type.equals("function")) {
                tools.add(function(tool, pointer));
            } else if (SearchTool.is(type) && webSearch == null) {
                webSearch = SearchTool.decode(tool, type, tools.size(), pointer);
            } else {
                tools.add(new Tool.Vendor(Marks.SPEAKS, tool));
            }
        }
    }

    private static Tool function(ObjectNode tool, String at) {
        JsonNode parameters = tool.get("parameters");
        JsonNode strict = tool.get("strict");
        ObjectNode rest = Fields.unknown(tool, FUNCTION);
        Extras extras = Extras.of(Marks.SPEAKS, rest);
        boolean unsaid = strict == null || strict.isNull();
        if (unsaid) {
            // The vendor then makes the schema strict where it can: a default of this API alone.
            rest.putNull("strict");
            extras = new Extras(Map.of(Marks.SPEAKS, rest), extras.optional());
        }
        return new Tool.Function(
                Fields.string(tool.get("name"), at + "/name"),
                Fields.stringOrNull(tool, "description", at),
                parameters == null || parameters.isNull()
                        ? null
                        : Fields.object(parameters, at + "/parameters"),
                (strict == null || unsaid) ? null : Fields.bool(strict, at + "/strict"),
                null,
                extras);
    }

    /** A choice that the uniform form has no word for, e.g. of a vendor's tool, stays raw. */
    void choice(JsonNode value, String at, ObjectNode raw) {
        if (value.isTextual()) {
            choice =
                    switch (value.textValue()) {
                        case "auto" -> new ToolChoice.Auto();
                        case "none" -> new ToolChoice.None();
                        case "required" -> new ToolChoice.Required();
                        default -> throw Fields.wrong(value, at, "auto, none or required");
                    };
            return;
        }
        ObjectNode object = Fields.object(value, at);
        choice =
                switch (Fields.string(object.get("type"), at + "/type")) {
                    case "function", "custom" ->
                            new ToolChoice.Named(Fields.string(object.get("name"), at + "/name"));
                    case "allowed_tools" -> allowed(object, at);
                    default -> null;
                };
        if (choice == null) {
            raw.set("tool_choice", object);
        }
    }

    private static @Nullable ToolChoice allowed(ObjectNode value, String at) {
        List<String> names = new ArrayList<>();
        for (JsonNode tool : Fields.array(value.path("tools"), at + "/tools")) {
            String type = tool.path("type").asText("function");
            if (!type.equals("function") && !type.equals("custom")) {
                return null;
            }
            String pointer = at + "/tools/" + names.size() + "/name";
            names.add(Fields.string(tool.get("name"), pointer));
        }
        String mode = Fields.string(value.get("mode"), at + "/mode");
        return new ToolChoice.Allowed(List.copyOf(names), mode.equals("required"));
    }

    List<Tool> tools() {
        return List.copyOf(tools);
    }

    @Nullable WebSearch webSearch() {
        return webSearch;
    }

    @Nullable ToolChoice choice() {
        return choice;
    }
}
