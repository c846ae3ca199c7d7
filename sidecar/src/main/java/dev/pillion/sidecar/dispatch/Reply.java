package dev.pillion.sidecar.dispatch;

import dev.pillion.protocol.chat.Source;
import dev.pillion.protocol.chat.Stop;
import dev.pillion.protocol.chat.Usage;
import dev.pillion.protocol.fault.Fault;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads one good answer and hands it on from its first content: the commit gate is in here. */
sealed interface Reply permits TranslatedReply, PassedReply, WholeReply, RawReply {

    void body(ByteBuffer piece);

    void readComplete();

    /** The body has ended. */
    void end();

    /** Whether the answer is complete but for a closing marker. */
    default boolean finishing() {
        return false;
    }

    boolean finished();

    /** Why the answer is not one; null while nothing is wrong. */
    @Nullable Fault fault();

    @Nullable Usage usage();

    default @Nullable Stop stop() {
        return null;
    }

    default List<Source> sources() {
        return List.of();
    }

    /** Whether content has been handed on. */
    boolean committed();

    /** See {@link dev.pillion.adapters.ReplyTap#place}; 0 where nothing went through. */
    default long place() {
        return 0;
    }

    /** Gives back what it holds in memory. */
    void release();
}
