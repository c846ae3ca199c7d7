package dev.pillion.adapters.xai;

import dev.pillion.adapters.ReplyDecoder;
import dev.pillion.adapters.openai.ChatCodec;
import dev.pillion.protocol.chat.ChatEvent;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** Gives the tool calls of an answer the caller's own names and kinds back. */
final class CallerNames implements ReplyDecoder {
    private final ReplyDecoder decoder;
    private final ToolNames names;

    CallerNames(ReplyDecoder decoder, ToolNames names) {
        this.decoder = decoder;
        this.names = names;
    }

    @Override
    public void body(ByteBuffer piece, Consumer<ChatEvent> out) {
        decoder.body(piece, event -> event(event, out));
    }

    @Override
    public void end(Consumer<ChatEvent> out) {
        decoder.end(event -> event(event, out));
    }

    @Override
    public boolean finishing() {
        return decoder.finishing();
    }

    private void event(ChatEvent event, Consumer<ChatEvent> out) {
        if (!(event instanceof ChatEvent.ToolCallStarted call)) {
            out.accept(event);
            return;
        }
        String name = names.asked(call.name());
        out.accept(new ChatEvent.ToolCallStarted(call.index(), call.id(), name));
        if (names.isCustom(name)) {
            out.accept(new ChatEvent.Sealed(call.index(), ChatCodec.customCall()));
        }
    }
}
