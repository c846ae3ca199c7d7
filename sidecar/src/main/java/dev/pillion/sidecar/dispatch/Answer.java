package dev.pillion.sidecar.dispatch;

import dev.pillion.protocol.chat.ChatEvent;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.ByteSink;
import java.util.List;

/**
 * Where the winning attempt's answer goes. Nothing of an attempt comes here before it has content;
 * then {@link #begin} once, the content, and exactly one of {@link #done}, {@link #failed} and
 * {@link #broken}.
 */
public interface Answer {

    /** The commit point: from here on there is no other vendor. */
    void begin(Attempt attempt);

    /** One event of a translated stream. */
    void event(ChatEvent event);

    /** Frames of a stream that goes through as it is; emptied by the callee. */
    void frames(ByteSink frames);

    /**
     * The whole answer to a client that does not stream, translated.
     *
     * @param vendorId the vendor's own id of it
     */
    void whole(String vendorId, List<Part> content);

    /** The whole answer to a client that does not stream, as it goes out. */
    void whole(ByteSink body);

    /** All that came in one read has been handed on. */
    void flush();

    /** The answer is complete. */
    void done(Outcome outcome);

    /** The answer failed for good, before {@link #begin} or in the middle. */
    void failed(Fault fault, Outcome outcome);

    /** The same, by a defect of ours. */
    void broken(RuntimeException defect, Outcome outcome);
}
