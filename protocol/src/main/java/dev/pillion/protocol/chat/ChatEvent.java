package dev.pillion.protocol.chat;

import dev.pillion.protocol.fault.Fault;

/**
 * One step of an answer. Order: one {@link Started}; then content, where {@code index} counts the
 * answer's parts from 0 without gaps and only the last part grows (a delta, even an empty one,
 * opens its part); {@link UsageSeen} at any time, each replacing the one before; at last exactly
 * one of {@link Finished} and {@link Failed}.
 */
public sealed interface ChatEvent {

    /** The vendor began. {@code id} and {@code model} are the vendor's own. */
    record Started(String id, String model) implements ChatEvent {}

    /** More text of a text part. */
    record TextDelta(int index, String delta) implements ChatEvent {}

    /** More text of a thinking part. */
    record ThinkingDelta(int index, String delta) implements ChatEvent {}

    /** A tool call begins. */
    record ToolCallStarted(int index, String id, String name) implements ChatEvent {}

    /** More of the JSON text of a tool call's arguments. */
    record ToolCallDelta(int index, String argumentsDelta) implements ChatEvent {}

    /** A citation of the text part at the index. */
    record Cited(int index, Citation citation) implements ChatEvent {}

    /** The seal of the part at the index; replaces an earlier one. */
    record Sealed(int index, Seal seal) implements ChatEvent {}

    /** A part that comes whole: a vendor item, a picture, a sound. */
    record Whole(int index, Part part) implements ChatEvent {}

    /** A page that the answer's web search used. */
    record SourceSeen(Source source) implements ChatEvent {}

    /** The usage so far, in whole. */
    record UsageSeen(Usage usage) implements ChatEvent {}

    /** The vendor is alive and has nothing to say. */
    record Ping() implements ChatEvent {}

    /** The answer is complete. */
    record Finished(Stop stop) implements ChatEvent {}

    /** The answer broke off; what came before is not a whole answer. */
    record Failed(Fault fault) implements ChatEvent {}

    /** Whether this is content in the sense of the stream contract: what may not be taken back. */
    default boolean isContent() {
        return switch (this) {
            case TextDelta text -> !text.delta().isEmpty();
            case ThinkingDelta thinking -> !thinking.delta().isEmpty();
            case ToolCallStarted _, ToolCallDelta _, Cited _, Whole _ -> true;
            case Started _, Sealed _, SourceSeen _, UsageSeen _, Ping _, Finished _, Failed _ ->
                    false;
        };
    }
}
