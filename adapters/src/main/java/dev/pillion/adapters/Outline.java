package dev.pillion.adapters;

import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.Need;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one scan of a request's body finds: all that admission, planning and pass-through need.
 *
 * @param model what the caller named; null: nothing, and the class decides
 * @param needs what the request needs of a model, inferred and stated
 * @param refusable what the request asks that some models refuse
 * @param modelStart first byte of the model's JSON string (its quote) in the body; -1 without one
 * @param modelEnd one past its last byte
 * @param maxOutputTokens the answer's bound; null: not stated
 * @param usageAsked whether the client asked for usage in the stream
 * @param streamOptions where the value of {@code stream_options} is, or {@link Splice#NONE}
 * @param decoded the request itself, where the scan had to decode it whole anyway
 * @param unsignedCalls whether calls since the user's last word lack the signature that their model
 *     gave them, which another vendor's, or a client that dropped it, leaves out
 * @param streamsArray whether a stream is wanted as one JSON array, rather than as events
 */
public record Outline(
        @Nullable String model,
        boolean stream,
        Set<Need> needs,
        Set<Refusal> refusable,
        int bodyBytes,
        int modelStart,
        int modelEnd,
        @Nullable Integer maxOutputTokens,
        boolean usageAsked,
        Splice streamOptions,
        @Nullable ChatRequest decoded,
        boolean unsignedCalls,
        boolean streamsArray) {

    /** In a format that streams events alone, and whose calls have no signatures. */
    public Outline(
            @Nullable String model,
            boolean stream,
            Set<Need> needs,
            Set<Refusal> refusable,
            int bodyBytes,
            int modelStart,
            int modelEnd,
            @Nullable Integer maxOutputTokens,
            boolean usageAsked,
            Splice streamOptions,
            @Nullable ChatRequest decoded) {
        this(
                model,
                stream,
                needs,
                refusable,
                bodyBytes,
                modelStart,
                modelEnd,
                maxOutputTokens,
                usageAsked,
                streamOptions,
                decoded,
                false,
                false);
    }

    /** A byte range of the body and whether anything is there; used for edits on pass-through. */
    public record Splice(int start, int end) {
        public static final Splice NONE = new Splice(-1, -1);

        public boolean exists() {
            return start >= 0;
        }
    }
}
