package dev.pillion.adapters.uniform;

import dev.pillion.adapters.Dialect;
import dev.pillion.adapters.ErrorContext;
import dev.pillion.adapters.ErrorShape;
import dev.pillion.adapters.Needs;
import dev.pillion.adapters.Outline;
import dev.pillion.adapters.Passthrough;
import dev.pillion.adapters.ReplyContext;
import dev.pillion.adapters.ReplyEncoder;
import dev.pillion.adapters.Surface;
import dev.pillion.protocol.chat.ChatEvent;
import dev.pillion.protocol.chat.ChatEventWriter;
import dev.pillion.protocol.chat.ChatReply;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.ChatRequestReader;
import dev.pillion.protocol.chat.ChatWriter;
import dev.pillion.protocol.chat.Ending;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.ByteSink;
import dev.pillion.protocol.wire.Headers;
import dev.pillion.protocol.wire.SseWriter;
import org.jspecify.annotations.Nullable;

/** The uniform interface: always decoded, since no vendor speaks it. */
public final class UniformDialect implements Dialect {
    private static final ErrorShape ERRORS = new Errors();

    @Override
    public String surface() {
        return "generate";
    }

    @Override
    public Outline outline(Surface client) {
        ChatRequest request = decode(client);
        return new Outline(
                request.model(),
                request.stream(),
                Needs.of(request),
                Needs.refusable(request),
                client.body().length,
                -1,
                -1,
                request.output().maxTokens(),
                true,
                Outline.Splice.NONE,
                request);
    }

    @Override
    public ChatRequest decode(Surface client) {
        return ChatRequestReader.read(client.body());
    }

    @Override
    public ReplyEncoder encoder(ReplyContext context) {
        return new Encoder(context.requestId());
    }

    @Override
    public byte[] reply(ChatReply reply, ReplyContext context) {
        // The vendor's own id is of use to nobody here, as it is in a stream.
        return ChatWriter.reply(
                new ChatReply(context.requestId(), reply.model(), reply.content(), reply.ending()));
    }

    @Override
    public ErrorShape errors() {
        return ERRORS;
    }

    @Override
    public @Nullable Passthrough passthrough() {
        return null;
    }

    /** The uniform error. */
    private static final class Errors implements ErrorShape {
        @Override
        public int status(Fault fault) {
            return fault.kind().status();
        }

        @Override
        public byte[] body(Fault fault, ErrorContext context) {
            var out = new ByteSink();
            SseWriter.json(
                    out,
                    json -> {
                        json.writeStartObject();
                        ChatWriter.error(
                                json,
                                fault,
                                context.requestId(),
                                context.provider(),
                                context.attempts(),
                                context.explanation());
                        json.writeEndObject();
                    });
            return out.toByteArray();
        }

        @Override
        public Headers headers(String requestId) {
            return Headers.NONE;
        }
    }

    /** The uniform event stream. */
    private static final class Encoder implements ReplyEncoder {
        private final String requestId;
        private boolean started;

        /** The call that has no arguments yet; -1: none. */
        private int bareCall = -1;

        Encoder(String requestId) {
            this.requestId = requestId;
        }

        @Override
        public void event(ChatEvent event, ByteSink out) {
            if (event instanceof ChatEvent.Started) {
                if (started) {
                    return;
                }
                started = true;
            } else if (!(event instanceof ChatEvent.Ping)) {
                start(out);
                calls(event, out);
            }
            ChatEventWriter.event(out, requestId, event);
        }

        private void calls(ChatEvent event, ByteSink out) {
            switch (event) {
                case ChatEvent.ToolCallStarted call -> {
                    endCall(out);
                    bareCall = call.index();
                }
                case ChatEvent.ToolCallDelta call ->
                        bareCall = call.argumentsDelta().isEmpty() ? bareCall : -1;
                case ChatEvent.TextDelta _, ChatEvent.ThinkingDelta _, ChatEvent.Whole _ ->
                        endCall(out);
                case ChatEvent.Started _,
                        ChatEvent.Cited _,
                        ChatEvent.Sealed _,
                        ChatEvent.SourceSeen _,
                        ChatEvent.UsageSeen _,
                        ChatEvent.Ping _,
                        ChatEvent.Finished _,
                        ChatEvent.Failed _ -> {}
            }
        }

        /** What a call without arguments is called with is JSON nevertheless. */
        private void endCall(ByteSink out) {
            if (bareCall >= 0) {
                var none = new ChatEvent.ToolCallDelta(bareCall, "{}");
                bareCall = -1;
                ChatEventWriter.event(out, requestId, none);
            }
        }

        private void start(ByteSink out) {
            if (!started) {
                started = true;
                ChatEventWriter.start(out, requestId);
            }
        }

        @Override
        public void finish(Ending ending, ByteSink out) {
            start(out);
            endCall(out);
            ChatEventWriter.done(out, ending);
        }

        @Override
        public void fail(Fault fault, ErrorContext context, ByteSink out) {
            ChatEventWriter.error(
                    out,
                    fault,
                    context.requestId(),
                    context.provider(),
                    context.attempts(),
                    context.explanation());
        }

        @Override
        public void keepAlive(ByteSink out) {
            ChatEventWriter.ping(out);
        }
    }
}
