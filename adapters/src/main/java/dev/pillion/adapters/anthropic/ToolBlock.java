package dev.pillion.adapters.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.anthropic.AnthropicDecoder.Nonsense;
import dev.pillion.protocol.chat.ChatEvent;
import dev.pillion.protocol.wire.Json;
import java.util.Set;
import java.util.function.Consumer;

/** A call of a caller's tool. Its arguments come in pieces, or whole with the block, or not. */
final class ToolBlock extends OpenBlock {
    private static final Set<String> KNOWN = Set.of("type", "id", "name", "input", "cache_control");

    private final ObjectNode block;
    private final Answer answer;
    private final Pieces pieces = new Pieces();
    private final StringBuilder arguments = new StringBuilder();
    private int index = -1;

    ToolBlock(ObjectNode block, Answer answer) {
        this.block = block;
        this.answer = answer;
    }

    @Override
    void begin(Consumer<ChatEvent> out) throws Nonsense {
        String id = block.path("id").asText("");
        String name = block.path("name").asText("");
        if (id.isEmpty() || name.isEmpty()) {
            throw new Nonsense("a tool call without id or name");
        }
        index = answer.nextIndex();
        out.accept(new ChatEvent.ToolCallStarted(index, id, name));
        ObjectNode fields = extraFields(block, KNOWN);
        if (fields.path("caller").path("type").asText().equals("direct")) {
            fields.remove("caller"); // That the model itself calls goes without saying.
        }
        if (!fields.isEmpty()) {
            out.accept(new ChatEvent.Sealed(index, VendorState.callFields(fields)));
        }
    }

    /** What a block says beyond the known fields. */
    static ObjectNode extraFields(ObjectNode block, Set<String> known) {
        ObjectNode fields = Json.object();
        for (var entry : block.properties()) {
            if (!known.contains(entry.getKey()) && !entry.getValue().isNull()) {
                fields.set(entry.getKey(), entry.getValue());
            }
        }
        return fields;
    }

    @Override
    void delta(JsonNode delta, Consumer<ChatEvent> out) {
        if (delta.path("type").asText().equals("input_json_delta")) {
            say(pieces.next(delta.path("partial_json").asText("")), out);
        }
    }

    private void say(String piece, Consumer<ChatEvent> out) {
        if (!piece.isEmpty()) {
            arguments.append(piece);
            out.accept(new ChatEvent.ToolCallDelta(index, piece));
        }
    }

    @Override
    void close(Consumer<ChatEvent> out) {
        say(pieces.rest(), out);
        if (arguments.isEmpty()) {
            JsonNode input = block.path("input");
            say(input.isMissingNode() || input.isNull() ? "{}" : Json.text(input), out);
        }
        answer.check().toolCall(block.path("name").asText(), arguments.toString());
    }
}
