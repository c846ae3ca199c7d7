package dev.pillion.adapters.openai.responses;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.openai.Marks;
import dev.pillion.protocol.chat.ChatEvent;
import dev.pillion.protocol.chat.Citation;
import dev.pillion.protocol.chat.MediaSource;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.chat.Seal;
import dev.pillion.protocol.chat.Seals;
import dev.pillion.protocol.wire.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns the parts of an answer into output items, each opened and closed once, in order; streamed
 * and whole answers are made by the same steps. A part is written when it has something to say,
 * since what it is may depend on its seal.
 */
final class OutputWriter {
    private static final String COMPLETED = "completed";

    /** What the open part is. */
    private enum Kind {
        NONE,
        TEXT,
        THINKING,
        CALL,
        FOREIGN
    }

    private final EventSink events;
    private final ItemIds ids;
    private final ArrayNode output = Json.nodes().arrayNode();
    private final Carried.Notes notes = new Carried.Notes();

    private int part = -1;

    /** The part that was opened last. */
    private int lastPart = -1;

    /** Citations that came when the text they are of was closed. */
    private final List<Citation> late = new ArrayList<>();

    private Kind kind = Kind.NONE;
    private @Nullable Seal seal;
    private boolean written;
    private final StringBuilder text = new StringBuilder();
    private ChatEvent.@Nullable ToolCallStarted call;
    private Part.@Nullable VendorItem foreign;
    private boolean refused;

    /** The item that is open; a message stays so from one text to the next. */
    private @Nullable OpenOutput open;

    OutputWriter(EventSink events, ItemIds ids) {
        this.events = events;
        this.ids = ids;
    }

    /** Whether the answer has a refusal in the model's own words. */
    boolean refused() {
        return refused;
    }

    void event(ChatEvent event) {
        switch (event) {
            case ChatEvent.TextDelta delta -> {
                at(delta.index(), Kind.TEXT);
                if (!delta.delta().isEmpty()) {
                    text().text(delta.delta());
                    text.append(delta.delta());
                }
            }
            case ChatEvent.ThinkingDelta delta -> {
                at(delta.index(), Kind.THINKING);
                if (!delta.delta().isEmpty()) {
                    thinking().text(delta.delta());
                }
            }
            case ChatEvent.ToolCallStarted started -> {
                at(started.index(), Kind.CALL);
                call = started;
            }
            case ChatEvent.ToolCallDelta delta -> {
                at(delta.index(), Kind.CALL);
                call().arguments(delta.argumentsDelta());
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
        } else {
            at(cited.index(), Kind.TEXT);
            text().cite(cited.citation());
        }
    }

    private void at(int index, Kind next) {
        if (index != part) {
            closePart(COMPLETED);
            part = index;
            lastPart = index;
            kind = next;
        }
    }

    private void sealed(ChatEvent.Sealed sealed) {
        if (sealed.index() != part) {
            return; // Of an item that is out already; it goes back by itself.
        }
        seal = sealed.seal();
        if (!written) {
            return;
        }
        // Too late for how the item opens; in time for how it ends.
        ObjectNode fields = ItemFields.of(seal);
        if (fields != null && open instanceof MessageOutput message) {
            message.more(fields);
        } else if (fields != null && open instanceof CallOutput item) {
            item.more(fields);
        }
    }

    /** The message that the text belongs to, with a content part open for it. */
    private MessageOutput text() {
        if (written && open instanceof MessageOutput message) {
            return message;
        }
        written = true;
        boolean refusal = Marks.is(seal, Marks.REFUSAL);
        refused |= refusal;
        MessageOutput message = message(ItemFields.of(seal));
        message.openPart(refusal);
        return message;
    }

    /** The open message, unless the text is sealed as the beginning of another. */
    private MessageOutput message(@Nullable ObjectNode fields) {
        if (open instanceof MessageOutput message && fields == null) {
            return message;
        }
        closeItem(COMPLETED);
        ObjectNode more = fields == null ? Json.object() : fields;
        // The vendor's own, where it said one that must come back.
        String id = more.path("id").asText(ids.item("msg", output.size()));
        var message = new MessageOutput(events, id, output.size(), more);
        open = message;
        return message;
    }

    private ReasoningOutput thinking() {
        if (written && open instanceof ReasoningOutput item) {
            return item;
        }
        written = true;
        return reasoning();
    }

    private ReasoningOutput reasoning() {
        closeItem(COMPLETED);
        var item = new ReasoningOutput(events, ids.item("rs", output.size()), output.size());
        open = item;
        return item;
    }

    private CallOutput call() {
        if (written && open instanceof CallOutput item) {
            return item;
        }
        ChatEvent.ToolCallStarted started = call;
        if (started == null) {
            throw new IllegalStateException("arguments of a call that did not begin");
        }
        written = true;
        closeItem(COMPLETED);
        boolean custom = Marks.is(seal, Marks.CUSTOM);
        ObjectNode fields = ItemFields.of(seal);
        var item =
                new CallOutput(
                        events,
                        ids.item(custom ? "ctc" : "fc", output.size()),
                        output.size(),
                        started.id(),
                        started.name(),
                        custom,
                        fields == null ? Json.object() : fields);
        open = item;
        return item;
    }

    private void whole(ChatEvent.Whole whole) {
        closePart(COMPLETED);
        lastPart = whole.index();
        switch (whole.part()) {
            case Part.VendorItem item -> item(whole.index(), item);
            case Part.Image image -> image(image);
            case Part.Audio audio ->
                    note(audio.transcript() == null ? "[audio]" : audio.transcript());
            case Part.Document _ -> note("[document]");
            case Part.Video _ -> note("[video]");
            case Part.Text _,
                    Part.ToolCall _,
                    Part.ToolResult _,
                    Part.Thinking _ -> {} // These come in pieces.
        }
    }

    private void item(int index, Part.VendorItem item) {
        if (item.provider().equals(Marks.SPEAKS) && item.item() instanceof ObjectNode own) {
            closeItem(COMPLETED);
            output.add(VendorItems.write(own, output.size(), events, ids));
        } else {
            part = index;
            kind = Kind.FOREIGN;
            foreign = item;
            seal = item.seal();
        }
    }

    private void image(Part.Image image) {
        if (image.source() instanceof MediaSource.Inline inline) {
            closeItem(COMPLETED);
            ObjectNode item = VendorItems.picture(inline, ids.item("ig", output.size()));
            output.add(VendorItems.write(item, output.size(), events, ids));
        } else {
            note("[image]");
        }
    }

    /** This surface has no item for what a model says aloud or films; it is at least told. */
    private void note(String words) {
        MessageOutput message = message(null);
        message.openPart(false);
        message.text(words);
        message.closePart();
    }

    private void closePart(String status) {
        switch (kind) {
            case NONE -> {}
            case TEXT -> closeText();
            case THINKING -> closeThinking(status);
            case CALL -> closeCall(status);
            case FOREIGN -> closeForeign();
        }
        part = -1;
        kind = Kind.NONE;
        seal = null;
        written = false;
        call = null;
        foreign = null;
        text.setLength(0);
    }

    private void closeText() {
        Seal own = seal;
        boolean carried = own != null && !Marks.isOwn(own) && ItemFields.of(own) == null;
        if (written && open instanceof MessageOutput message) {
            message.closePart();
            if (own != null && carried) {
                notes.text(text.toString(), own);
            }
        } else if (own != null && carried) {
            carry(Carried.empty(own));
        }
    }

    private void closeThinking(String status) {
        if (!written && seal == null) {
            return; // Nothing was thought aloud, and nothing is to go back.
        }
        ReasoningOutput item = thinking();
        if (seal != null) {
            item.state(Seals.write(seal));
        }
        closeItem(status);
    }

    private void closeCall(String status) {
        CallOutput item = call();
        Seal own = seal;
        if (own != null && !Marks.isOwn(own) && ItemFields.of(own) == null) {
            notes.call(item.callId(), own);
        }
        closeItem(status);
    }

    private void closeForeign() {
        if (foreign != null) {
            carry(Carried.item(foreign, seal));
        }
    }

    private void carry(String state) {
        reasoning().state(state);
        closeItem(COMPLETED);
    }

    private void closeItem(String status) {
        OpenOutput item = open;
        if (item != null) {
            open = null;
            output.add(item.close(status));
        }
    }

    /** What was cited too late for its own text stands behind all text. */
    private void citeLate() {
        if (!late.isEmpty()) {
            MessageOutput message = message(null);
            message.openPart(false);
            late.forEach(message::cite);
            message.closePart();
        }
    }

    /**
     * Ends the answer.
     *
     * @param status of what was being said: {@code completed}, or {@code incomplete} when it was
     *     cut short
     * @return the output
     */
    ArrayNode finish(String status) {
        closePart(status);
        citeLate();
        closeItem(status);
        String carrier = notes.carrier();
        if (carrier != null) {
            carry(carrier);
        }
        return output;
    }
}
