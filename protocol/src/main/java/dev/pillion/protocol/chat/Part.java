package dev.pillion.protocol.chat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.protocol.wire.Extras;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One piece of a message's content. */
public sealed interface Part {

    /** Vendor state that belongs to this part; only parts of an assistant message carry one. */
    default @Nullable Seal seal() {
        return null;
    }

    /** Raw vendor fields of this part that the uniform form has no word for. */
    Extras extras();

    /** The caching hint on this part, if any. */
    default @Nullable CacheMark cache() {
        return null;
    }

    /** Plain text, with what backs it. */
    record Text(
            String text,
            List<Citation> citations,
            @Nullable Seal seal,
            @Nullable CacheMark cache,
            Extras extras)
            implements Part {
        public Text(String text) {
            this(text, List.of(), null, null, Extras.NONE);
        }
    }

    /** A picture. */
    record Image(MediaSource source, @Nullable Seal seal, @Nullable CacheMark cache, Extras extras)
            implements Part {
        public Image(MediaSource source, @Nullable CacheMark cache, Extras extras) {
            this(source, null, cache, extras);
        }
    }

    /**
     * A document: PDF, plain text or whatever the vendor reads. {@code title} may be a file name.
     */
    record Document(
            MediaSource source, @Nullable String title, @Nullable CacheMark cache, Extras extras)
            implements Part {}

    /** Sound. In answers {@code transcript} is what was said. */
    record Audio(
            MediaSource source,
            @Nullable String transcript,
            @Nullable Seal seal,
            @Nullable CacheMark cache,
            Extras extras)
            implements Part {
        public Audio(
                MediaSource source,
                @Nullable String transcript,
                @Nullable CacheMark cache,
                Extras extras) {
            this(source, transcript, null, cache, extras);
        }
    }

    /** A video. */
    record Video(MediaSource source, @Nullable Seal seal, @Nullable CacheMark cache, Extras extras)
            implements Part {
        public Video(MediaSource source, @Nullable CacheMark cache, Extras extras) {
            this(source, null, cache, extras);
        }
    }

    /**
     * The model asks for a function to be called.
     *
     * @param arguments the arguments as the JSON text the model wrote; invalid or cut JSON is kept
     *     as it is; never empty ({@code {}} stands for none)
     */
    record ToolCall(
            String id,
            String name,
            String arguments,
            @Nullable Seal seal,
            @Nullable CacheMark cache,
            Extras extras)
            implements Part {}

    /** What a called function gave back. {@code content} may be empty. */
    record ToolResult(
            String toolCallId,
            List<Part> content,
            boolean error,
            @Nullable CacheMark cache,
            Extras extras)
            implements Part {}

    /** Thinking that the vendor shows; often empty text with a seal, which must be kept. */
    record Thinking(String text, @Nullable Seal seal, Extras extras) implements Part {}

    /** What a vendor's own tool did, where no other part says it; raw, for that vendor only. */
    record VendorItem(
            String provider, JsonNode item, @Nullable Seal seal, @Nullable CacheMark cache)
            implements Part {
        @Override
        public Extras extras() {
            return Extras.NONE;
        }
    }
}
