package dev.pillion.adapters.gemini;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.ErrorContext;
import dev.pillion.adapters.ReplyContext;
import dev.pillion.adapters.ReplyEncoder;
import dev.pillion.protocol.chat.ChatEvent;
import dev.pillion.protocol.chat.Ending;
import dev.pillion.protocol.chat.Usage;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.ByteSink;
import dev.pillion.protocol.wire.Json;
import dev.pillion.protocol.wire.SseWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes an answer as a stream of responses: events of one {@code data:} line each, or one JSON
 * array. Google's Python SDK takes any line that does not begin with {@code data: } for JSON, so
 * there are no comments and no names of events, and nothing can be sent to keep a client waiting.
 */
final class GeminiChunkEncoder implements ReplyEncoder {
    private final ReplyContext context;
    private final boolean sse;
    private final AnswerParts parts;
    private final List<ObjectNode> ready = new ArrayList<>();
    private Usage usage = Usage.NONE;
    private boolean begun;

    GeminiChunkEncoder(ReplyContext context) {
        this.context = context;
        this.sse = GeminiPath.sse(context.client());
        this.parts = new AnswerParts(ThoughtsAsked.by(context.client()), ready::add);
    }

    @Override
    public void event(ChatEvent event, ByteSink out) {
        if (event instanceof ChatEvent.UsageSeen seen) {
            usage = seen.usage();
        }
        parts.event(event);
        ready.forEach(part -> chunk(GeminiReply.step(part, usage, context), out));
        ready.clear();
    }

    @Override
    public void finish(Ending ending, ByteSink out) {
        parts.end();
        // The vendor's own last chunk has an empty text where it has nothing to add.
        ArrayNode content = Json.nodes().arrayNode();
        ready.forEach(content::add);
        ready.clear();
        if (content.isEmpty()) {
            content.addObject().put("text", "");
        }
        chunk(GeminiReply.last(content, parts, ending, context), out);
        if (!sse) {
            out.write("]");
        }
    }

    private void chunk(ObjectNode response, ByteSink out) {
        write(json -> json.writeTree(response), out);
    }

    private void write(SseWriter.Body body, ByteSink out) {
        if (sse) {
            SseWriter.frame(out, null, body);
            return;
        }
        out.write(begun ? ",\r\n" : "[");
        begun = true;
        SseWriter.json(out, body);
    }

    /** An array is open then, and has elements. */
    @Override
    public void afterOthers(long place) {
        begun = true;
    }

    @Override
    public void fail(Fault fault, ErrorContext attempts, ByteSink out) {
        write(json -> GeminiErrors.write(fault, context.requestId(), json), out);
        if (!sse) {
            out.write("]");
        }
    }

    @Override
    public void keepAlive(ByteSink out) {
        // There is no form that all of the surface's clients would skip.
    }
}
