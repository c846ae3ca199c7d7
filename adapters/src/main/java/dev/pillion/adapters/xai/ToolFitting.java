package dev.pillion.adapters.xai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.Losses;
import dev.pillion.protocol.chat.Tool;
import dev.pillion.protocol.wire.Extras;
import dev.pillion.protocol.wire.Json;
import org.jspecify.annotations.Nullable;

/** Makes of each tool one that xAI can take, or refuses it by name. */
final class ToolFitting {
    private final Endpoint endpoint;
    private final ToolNames names;
    private final RawFields raw;
    private final Losses losses;

    ToolFitting(Endpoint endpoint, ToolNames names, RawFields raw, Losses losses) {
        this.endpoint = endpoint;
        this.names = names;
        this.raw = raw;
        this.losses = losses;
    }

    /** Null when it is lost. */
    @Nullable Tool fitted(Tool tool, String at) {
        return switch (tool) {
            case Tool.Vendor vendor when ToolNames.isOwn(vendor) -> own(vendor, at);
            case Tool.Vendor vendor -> foreign(vendor, at);
            case Tool.Function function -> named(function, at);
        };
    }

    private @Nullable Tool own(Tool.Vendor tool, String at) {
        if (endpoint == Endpoint.CHAT) {
            losses.lose(at, "xAI's own tools are on Responses only");
            return null;
        }
        return tool;
    }

    private Tool named(Tool.Function function, String at) {
        return new Tool.Function(
                names.sent(function.name()),
                function.description(),
                function.parameters(),
                function.strict(),
                function.cache(),
                raw.within(function.extras(), at));
    }

    /** OpenAI's tools that xAI has too, or that can be made of what it has. */
    private @Nullable Tool foreign(Tool.Vendor tool, String at) {
        String type = tool.definition().path("type").asText();
        boolean ofOpenAi = tool.provider().equals(Names.OPENAI);
        if (ofOpenAi && type.equals("custom")) {
            return custom(tool, at);
        }
        ObjectNode same = null;
        if (ofOpenAi && endpoint == Endpoint.RESPONSES) {
            same =
                    switch (type) {
                        case "code_interpreter" -> interpreter(tool.definition());
                        case "mcp" -> mcp(tool.definition());
                        default -> null;
                    };
        }
        if (same == null) {
            losses.lose(at, "a tool of " + tool.provider() + " only");
            return null;
        }
        return new Tool.Vendor(Names.SPEAKS, same);
    }

    /** xAI's needs no container: one that holds nothing is none. */
    private static @Nullable ObjectNode interpreter(ObjectNode definition) {
        JsonNode container = definition.path("container");
        boolean plain = container.path("type").asText().equals("auto") && container.size() == 1;
        return plain ? Json.object().put("type", "code_interpreter") : null;
    }

    /** xAI asks for no approval: a server that needs none is the same there. */
    private static @Nullable ObjectNode mcp(ObjectNode definition) {
        if (!definition.path("require_approval").asText().equals("never")
                || !definition.has("server_url")) {
            return null;
        }
        ObjectNode same = definition.deepCopy();
        same.remove("require_approval");
        return same;
    }

    /** xAI has no tools of the caller's that take free text: a function with one text has. */
    private @Nullable Tool custom(Tool.Vendor tool, String at) {
        String name = ToolNames.customName(tool);
        if (name == null) {
            losses.lose(at, "a custom tool without a name");
            return null;
        }
        JsonNode spec = ToolNames.spec(tool);
        if (spec.path("format").path("type").asText("text").equals("grammar")) {
            losses.lose(at + "/format", "xAI holds no tool's input to a grammar");
        }
        JsonNode description = spec.path("description");
        return named(
                new Tool.Function(
                        name,
                        description.isTextual() ? description.textValue() : null,
                        inputSchema(),
                        null,
                        null,
                        Extras.NONE),
                at);
    }

    private static ObjectNode inputSchema() {
        ObjectNode schema = Json.object().put("type", "object");
        schema.putObject("properties").putObject("input").put("type", "string");
        schema.putArray("required").add("input");
        return schema.put("additionalProperties", false);
    }
}
