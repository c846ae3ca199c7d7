package dev.pillion.adapters.openai.responses;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.ErrorContext;
import dev.pillion.adapters.ReplyContext;
import dev.pillion.adapters.ReplyEncoder;
import dev.pillion.adapters.openai.Errors;
import dev.pillion.protocol.chat.ChatEvent;
import dev.pillion.protocol.chat.Ending;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.ByteSink;
import dev.pillion.protocol.wire.SseWriter;
import org.jspecify.annotations.Nullable;

/**
 * Writes an answer as events, in the order that the official accumulators want: {@code
 * response.created} with the first content, each item and part opened and closed once, and one
 * terminal event with the whole answer.
 */
final class ResponsesEventEncoder implements ReplyEncoder {
    private final ReplyContext context;
    private final ItemIds ids;
    private final EventSink events = new EventSink();
    private final OutputWriter items;
    private @Nullable ResponseObject response;
    private String vendorId = "";

    ResponsesEventEncoder(ReplyContext context) {
        this.context = context;
        this.ids = new ItemIds(context);
        this.items = new OutputWriter(events, ids);
    }

    @Override
    public void event(ChatEvent event, ByteSink out) {
        events.to(out);
        switch (event) {
            case ChatEvent.Started first -> vendorId = response == null ? first.id() : vendorId;
            case ChatEvent.TextDelta _,
                    ChatEvent.ThinkingDelta _,
                    ChatEvent.ToolCallStarted _,
                    ChatEvent.ToolCallDelta _,
                    ChatEvent.Cited _,
                    ChatEvent.Sealed _,
                    ChatEvent.Whole _ -> {
                begun();
                items.event(event);
            }
            case ChatEvent.SourceSeen _, ChatEvent.UsageSeen _, ChatEvent.Ping _ -> {}
            case ChatEvent.Finished _, ChatEvent.Failed _ ->
                    throw new IllegalStateException("an ending is no event to write");
        }
    }

    private ResponseObject begun() {
        ResponseObject known = response;
        if (known == null) {
            known = new ResponseObject(context);
            response = known;
            ObjectNode begun = known.begun(ids.response(vendorId));
            response("response.created", begun);
            response("response.in_progress", begun);
        }
        return known;
    }

    private void response(String type, ObjectNode value) {
        events.event(
                type,
                json -> {
                    json.writeFieldName("response");
                    json.writeTree(value);
                });
    }

    @Override
    public void finish(Ending ending, ByteSink out) {
        events.to(out);
        ResponseObject known = begun();
        String status = Statuses.of(ending.stop(), items.refused());
        var output = items.finish(status);
        ObjectNode whole = known.ended(ids.response(vendorId), ending, items.refused(), output);
        response("response." + status, whole);
    }

    @Override
    public void afterOthers(long place) {
        events.goOnAt(place);
    }

    /**
     * The format's own error event, nested as the vendor sends it, since SDKs raise only then, with
     * the flat fields of the published schema beside it. What is open stays so.
     */
    @Override
    public void fail(Fault fault, ErrorContext attempts, ByteSink out) {
        events.to(out);
        events.event("error", json -> Errors.event(fault, json));
    }

    @Override
    public void keepAlive(ByteSink out) {
        SseWriter.comment(out, "keep-alive");
    }
}
