package dev.pillion.adapters.openai.responses;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.pillion.adapters.ReplyContext;
import dev.pillion.protocol.chat.ChatEvent;
import dev.pillion.protocol.chat.ChatReply;
import dev.pillion.protocol.chat.Ending;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.chat.Seal;
import dev.pillion.protocol.wire.Json;
import java.util.List;
import java.util.function.Consumer;

/** Writes a whole answer: what a client would fold the events of the streamed one to. */
final class ResponsesReplyWriter {
    private ResponsesReplyWriter() {}

    static byte[] write(ChatReply reply, ReplyContext context) {
        var ids = new ItemIds(context);
        var items = new OutputWriter(new EventSink(), ids);
        events(reply.content(), items::event);
        Ending ending = reply.ending();
        boolean refused = items.refused();
        ArrayNode output = items.finish(Statuses.of(ending.stop(), refused));
        var response = new ResponseObject(context);
        return Json.bytes(response.ended(ids.response(reply.id()), ending, refused, output));
    }

    /** The events that the parts of a whole answer would have come as. */
    private static void events(List<Part> content, Consumer<ChatEvent> out) {
        for (int i = 0; i < content.size(); i++) {
            Part part = content.get(i);
            open(i, part, out);
            Seal seal = part.seal();
            if (seal != null) {
                out.accept(new ChatEvent.Sealed(i, seal));
            }
            rest(i, part, out);
        }
    }

    private static void open(int index, Part part, Consumer<ChatEvent> out) {
        switch (part) {
            case Part.Text _ -> out.accept(new ChatEvent.TextDelta(index, ""));
            case Part.Thinking thinking ->
                    out.accept(new ChatEvent.ThinkingDelta(index, thinking.text()));
            case Part.ToolCall call ->
                    out.accept(new ChatEvent.ToolCallStarted(index, call.id(), call.name()));
            case Part.VendorItem _,
                    Part.Image _,
                    Part.Document _,
                    Part.Audio _,
                    Part.Video _,
                    Part.ToolResult _ ->
                    out.accept(new ChatEvent.Whole(index, part));
        }
    }

    private static void rest(int index, Part part, Consumer<ChatEvent> out) {
        if (part instanceof Part.ToolCall call) {
            out.accept(new ChatEvent.ToolCallDelta(index, call.arguments()));
        } else if (part instanceof Part.Text text) {
            out.accept(new ChatEvent.TextDelta(index, text.text()));
            text.citations().forEach(c -> out.accept(new ChatEvent.Cited(index, c)));
        }
    }
}
