package dev.pillion.adapters.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.ReplyDecoder;
import dev.pillion.protocol.chat.ChatEvent;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Decodes one answer of Chat Completions, streamed or whole. */
final class ChatDecoder implements ReplyDecoder {
    private final AnswerReader reader;

    /** {@code audioType} is the media type of the sound asked for. */
    ChatDecoder(String audioType) {
        this(audioType, null, Quirks.NONE, null);
    }

    /**
     * @param schema what the answer's text is held to, where the vendor was not made to
     * @param last what the conversation asked with ended with, where that was the assistant's; null
     *     otherwise
     */
    ChatDecoder(
            String audioType, @Nullable ObjectNode schema, Quirks quirks, @Nullable String last) {
        reader = new AnswerReader(new Answer(audioType, schema, quirks, last));
    }

    @Override
    public void body(ByteBuffer piece, Consumer<ChatEvent> out) {
        reader.body(piece, out);
    }

    @Override
    public void end(Consumer<ChatEvent> out) {
        reader.end(out);
    }

    @Override
    public boolean finishing() {
        return reader.finishing();
    }
}
