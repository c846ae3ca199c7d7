package dev.pillion.adapters.anthropic;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.chat.ChatEvent;
import dev.pillion.protocol.chat.Citation;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.chat.Seal;
import dev.pillion.protocol.chat.Seals;
import dev.pillion.protocol.wire.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes parts as content blocks, each opened and closed once. A block opens when it has something
 * to say, since what it is may depend on its seal.
 */
final class BlockWriter {
    /** Blocks of the vendor's tools that name their caller. */
    private static final Set<String> WITH_CALLER =
            Set.of("server_tool_use", "web_search_tool_result", "web_fetch_tool_result");

    private final BlockTarget target;
    private final ObjectNode messageFields = Json.object();

    /** Index of the open part; -1 when none is. */
    private int part = -1;

    /** Index of the part that was opened last. */
    private int lastPart = -1;

    /** Citations that came when the text they are of was closed. */
    private final List<Citation> late = new ArrayList<>();

    private ObjectNode start = Json.object();
    private boolean written;
    private Part.@Nullable VendorItem foreign;
    private String signature = "";
    private @Nullable Seal behind;
    private boolean citedRaw;

    BlockWriter(BlockTarget target) {
        this.target = target;
    }

    /** Fields that belong to the message, not to its content. */
    ObjectNode messageFields() {
        return messageFields;
    }

    void event(ChatEvent event) {
        switch (event) {
            case ChatEvent.TextDelta text -> {
                at(text.index(), "text");
                if (!text.delta().isEmpty()) {
                    write();
                    target.text(text.delta());
                }
            }
            case ChatEvent.ThinkingDelta thinking -> {
                at(thinking.index(), "thinking");
                if (!thinking.delta().isEmpty()) {
                    write();
                    target.thinking(thinking.delta());
                }
            }
            case ChatEvent.ToolCallStarted call -> {
                at(call.index(), "tool_use");
                start.put("id", call.id()).put("name", call.name());
            }
            case ChatEvent.ToolCallDelta call -> {
                at(call.index(), "tool_use");
                write();
                target.input(call.argumentsDelta());
            }
            case ChatEvent.Cited cited -> cited(cited);
            case ChatEvent.Sealed sealed -> sealed(sealed);
            case ChatEvent.Whole whole -> whole(whole);
            case ChatEvent.Started _,
                    ChatEvent.SourceSeen _,
                    ChatEvent.UsageSeen _,
                    ChatEvent.Ping _,
                    ChatEvent.Finished _,
                    ChatEvent.Failed _ -> {}
        }
    }

    private void cited(ChatEvent.Cited cited) {
        if (cited.index() != part && cited.index() <= lastPart) {
            late.add(cited.citation().withoutPlace());
            return;
        }
        at(cited.index(), "text");
        if (!citedRaw) {
            write();
            target.citation(Carried.citation(cited.citation()));
        }
    }

    private void at(int index, String type) {
        if (index == part) {
            return;
        }
        close();
        part = index;
        lastPart = index;
        start = Json.object().put("type", type);
        switch (type) {
            case "text" -> start.put("text", "").putNull("citations");
            case "thinking" -> start.put("thinking", "").put("signature", "");
            default -> start.put("id", "").put("name", "").set("input", Json.object());
        }
    }

    private void write() {
        if (!written) {
            written = true;
            if (start.path("type").asText().equals("tool_use") && !start.has("caller")) {
                start.set("caller", direct());
            }
            target.open(start);
        }
    }

    private static ObjectNode direct() {
        return Json.object().put("type", "direct");
    }

    private void sealed(ChatEvent.Sealed sealed) {
        Seal seal = sealed.seal();
        if (sealed.index() != part) {
            return; // Of an item that is out already; it goes back by itself.
        }
        String type = start.path("type").asText();
        boolean ours = seal.provider().equals(Api.NAME);
        if (type.equals("thinking")) {
            if (ours && VendorState.isRedacted(seal) && !written) {
                start = Carried.block(VendorState.redactedData(seal));
                write();
            } else {
                signature = ours ? seal.data() : Seals.write(seal);
            }
        } else if (!ours) {
            behind = seal;
        } else if (type.equals("text") && VendorState.json(seal) instanceof ArrayNode raw) {
            write();
            raw.forEach(target::citation);
            citedRaw = true;
        } else if (!written && VendorState.json(seal) instanceof ObjectNode fields) {
            start.setAll(fields);
        }
    }

    private void whole(ChatEvent.Whole whole) {
        close();
        lastPart = whole.index();
        switch (whole.part()) {
            case Part.VendorItem item -> item(whole.index(), item);
            case Part.Image _ -> note("[image]");
            case Part.Document _ -> note("[document]");
            case Part.Video _ -> note("[video]");
            case Part.Audio audio ->
                    note(audio.transcript() == null ? "[audio]" : audio.transcript());
            case Part.Text _,
                    Part.ToolCall _,
                    Part.ToolResult _,
                    Part.Thinking _ -> {} // These come in pieces.
        }
    }

    /** This surface has no word for what a model draws or says aloud; it is at least told. */
    private void note(String text) {
        target.open(Json.object().put("type", "text").put("text", "").putNull("citations"));
        target.text(text);
        target.close();
    }

    private void item(int index, Part.VendorItem item) {
        if (!item.provider().equals(Api.NAME)) {
            part = index;
            foreign = item;
            start = Json.object();
            behind = item.seal();
        } else if (item.item() instanceof ObjectNode block) {
            if (block.path("type").asText().equals(Api.MESSAGE_FIELDS)) {
                messageFields.setAll(block);
                messageFields.remove("type");
            } else {
                own(block);
            }
        }
    }

    private void own(ObjectNode item) {
        ObjectNode block = item.deepCopy();
        String type = block.path("type").asText();
        if (WITH_CALLER.contains(type) && !block.has("caller")) {
            block.set("caller", direct());
        }
        boolean call = type.endsWith("tool_use") && block.path("input").isObject();
        String input = Json.text(block.path("input"));
        if (call) {
            block.set("input", Json.object());
        }
        target.open(block);
        if (call) {
            target.input(input);
        }
        target.close();
    }

    /** Closes what is open, and puts behind it what its kind of block can't hold. */
    void close() {
        if (part < 0) {
            return;
        }
        Part.VendorItem item = foreign;
        if (item != null) {
            carry(Carried.item(item, behind));
        } else {
            boolean nothing = !written && start.path("type").asText().equals("text");
            if (!nothing) {
                write();
                if (!signature.isEmpty()) {
                    target.signature(signature);
                }
                target.close();
            }
            if (behind != null) {
                carry(nothing ? Carried.alone(behind) : Carried.behind(behind));
            }
        }
        part = -1;
        written = false;
        foreign = null;
        signature = "";
        behind = null;
        citedRaw = false;
    }

    /** Closes what is open; what was cited too late for its own block stands in one of its own. */
    void end() {
        close();
        if (!late.isEmpty()) {
            target.open(Json.object().put("type", "text").put("text", "").putNull("citations"));
            late.forEach(citation -> target.citation(Carried.citation(citation)));
            target.close();
        }
    }

    private void carry(String data) {
        target.open(Carried.block(data));
        target.close();
    }
}
