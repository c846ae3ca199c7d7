package dev.pillion.adapters.openai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.EncodeContext;
import dev.pillion.adapters.Losses;
import dev.pillion.protocol.chat.MediaSource;
import dev.pillion.protocol.chat.Message;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.wire.Json;
import java.util.ArrayList;
import java.util.List;

/**
 * Renders one assistant message: all its text, then all its calls. Thinking goes back only where it
 * came from a server of this format that shows it; other vendors' is left out in whole.
 */
final class AssistantEncoder {
    private final EncodeContext context;
    private final CallIds ids;
    private final Losses losses;
    private final List<Part.Text> texts = new ArrayList<>();
    private final ObjectNode target = Json.object();
    private final ArrayNode calls = target.arrayNode();

    AssistantEncoder(EncodeContext context, CallIds ids, Losses losses) {
        this.context = context;
        this.ids = ids;
        this.losses = losses;
    }

    ObjectNode encode(Message message, String at) {
        target.put("role", "assistant");
        target.putNull("content");
        for (int i = 0; i < message.content().size(); i++) {
            Part part = message.content().get(i);
            String pointer = at + "/content/" + i;
            losses.loseForeign(part.extras(), Marks.SPEAKS, pointer);
            part(part, pointer);
        }
        content();
        if (!calls.isEmpty()) {
            target.set("tool_calls", calls);
        }
        Merge.into(target, message.extras());
        return target;
    }

    private void part(Part part, String at) {
        switch (part) {
            case Part.Text text -> texts.add(text);
            case Part.ToolCall call -> calls.add(call(call));
            case Part.Thinking thinking -> thinking(thinking);
            case Part.Audio audio -> audio(audio, at);
            case Part.VendorItem _ -> {
                // What a vendor's tools did stays with it; the words that came of it go on.
            }
            case Part.Image _, Part.Document _, Part.Video _, Part.ToolResult _ ->
                    losses.lose(
                            at, "an assistant message of Chat Completions can't hold this part");
        }
    }

    private void content() {
        if (texts.isEmpty()) {
            if (calls.isEmpty() && !target.has("audio")) {
                target.put("content", "");
            }
            return;
        }
        if (texts.size() == 1 && Marks.isRefusal(texts.getFirst())) {
            target.put("refusal", texts.getFirst().text());
            return;
        }
        boolean cited = texts.stream().anyMatch(text -> !text.citations().isEmpty());
        boolean plain = texts.stream().allMatch(AssistantEncoder::isPlain);
        if (plain && (cited || texts.size() == 1)) {
            // Citations cut one text into many; here it is one again.
            var joined = new StringBuilder();
            texts.forEach(text -> joined.append(text.text()));
            target.put("content", joined.toString());
            return;
        }
        ArrayNode parts = target.putArray("content");
        for (Part.Text text : texts) {
            if (Marks.isRefusal(text)) {
                parts.addObject().put("type", "refusal").put("refusal", text.text());
            } else {
                PartsEncoder.text(text.text(), text, parts);
            }
        }
    }

    private static boolean isPlain(Part.Text text) {
        return !Marks.isRefusal(text) && text.extras().forVendor(Marks.SPEAKS) == null;
    }

    private void thinking(Part.Thinking thinking) {
        ObjectNode fields = thinking.extras().forVendor(Marks.SPEAKS);
        if (thinking.seal() == null && fields != null) {
            fields.fieldNames().forEachRemaining(name -> target.put(name, thinking.text()));
        }
    }

    private void audio(Part.Audio audio, String at) {
        ObjectNode fields = audio.extras().forVendor(Marks.SPEAKS);
        String id = fields == null ? null : Citations.text(fields, "id");
        if (audio.source() instanceof MediaSource.FileRef file
                && (file.provider().equals(Marks.SPEAKS)
                        || file.provider().equals(context.provider()))) {
            id = file.fileId();
        }
        if (id == null) {
            losses.lose(at, "sound that another vendor spoke");
        } else {
            target.putObject("audio").put("id", id);
        }
    }

    private ObjectNode call(Part.ToolCall call) {
        ObjectNode node = Json.object();
        node.put("id", ids.of(call.id()));
        if (Marks.isCustom(call)) {
            node.put("type", "custom");
            node.putObject("custom")
                    .put("name", call.name())
                    .put("input", CustomInput.of(call.arguments()));
        } else {
            node.put("type", "function");
            node.putObject("function").put("name", call.name()).put("arguments", call.arguments());
        }
        Merge.into(node, call.extras());
        return node;
    }
}
