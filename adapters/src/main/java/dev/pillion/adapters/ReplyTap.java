package dev.pillion.adapters;

import dev.pillion.protocol.chat.Stop;
import dev.pillion.protocol.chat.Usage;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.ByteSink;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Watches one answer that goes through unchanged: finds content, usage, end and error without
 * writing it anew. Nothing that follows an error is handed on.
 */
public interface ReplyTap {

    /** The next bytes; appends to {@code out} what may go on to the client, whole frames only. */
    void body(ByteBuffer piece, ByteSink out);

    /** The body has ended; appends what is left. */
    void end(ByteSink out);

    /** Whether content has been seen: the commit point is reached. */
    boolean content();

    /** The usage seen last; null: none yet. */
    @Nullable Usage usage();

    /** How the answer ended; null while it has not, or when it failed. */
    @Nullable Stop stop();

    /** What broke the answer: an error inside a 200, a cut, nonsense. */
    @Nullable Fault fault();

    /** Whether all but a closing marker has been seen. */
    boolean finishing();

    /** Whether the closing marker has been seen. */
    boolean finished();

    /**
     * The place of the event that would go on next, counted from 0, where the format numbers its
     * events: for an error of ours behind those that went on.
     */
    default long place() {
        return 0;
    }
}
