package dev.pillion.adapters;

import dev.pillion.protocol.chat.ChatEvent;
import dev.pillion.protocol.chat.Ending;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.ByteSink;

/** Writes one streamed answer on a surface. Exactly one of finish and fail is called, at last. */
public interface ReplyEncoder {

    /** Any event but {@code Finished} and {@code Failed}; usage comes with {@link #finish}. */
    void event(ChatEvent event, ByteSink out);

    /** The answer is whole. */
    void finish(Ending ending, ByteSink out);

    /**
     * What went out so far was the vendor's own, whole events of it; only a failure follows.
     *
     * @param place see {@link ReplyTap#place}
     */
    default void afterOthers(long place) {}

    /** The answer broke off; the context says at whom, and who else was asked. */
    void fail(Fault fault, ErrorContext context, ByteSink out);

    /** A sign of life that the surface's clients skip; nothing where there is no such form. */
    void keepAlive(ByteSink out);
}
