package dev.pillion.adapters;

import dev.pillion.protocol.chat.ChatEvent;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * Turns the body of one 2xx answer into events, however it is chunked. After {@code Finished} or
 * {@code Failed} it says nothing more. Vendor nonsense becomes {@code Failed}; it never throws.
 */
public interface ReplyDecoder {

    /** The next bytes; valid only during the call. */
    void body(ByteBuffer piece, Consumer<ChatEvent> out);

    /** The body has ended. What was not finished by then is reported as failed. */
    void end(Consumer<ChatEvent> out);

    /**
     * Whether the answer is complete but for a closing marker: a vendor that now stays silent is
     * not waited for, and {@link #end} then finishes.
     */
    boolean finishing();
}
