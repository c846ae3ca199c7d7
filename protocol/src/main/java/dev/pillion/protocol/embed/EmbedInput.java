package dev.pillion.protocol.embed;

import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.wire.Extras;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One thing to be turned into one vector.
 *
 * @param dimensions how long the vector shall be; null: as long as the model makes it
 * @param task what the vector is for, in the vendor's own word, e.g. {@code RETRIEVAL_QUERY}; null:
 *     not said
 * @param title of a document that is to be found; null: none
 * @param extras raw fields of this input that the uniform form has no word for
 */
public record EmbedInput(
        Content content,
        @Nullable Integer dimensions,
        @Nullable String task,
        @Nullable String title,
        Extras extras) {

    public EmbedInput(Content content, @Nullable Integer dimensions) {
        this(content, dimensions, null, null, Extras.NONE);
    }

    /** What is embedded. */
    public sealed interface Content {

        /** Text; never null, and empty where a client sent it so. */
        record Text(String text) implements Content {}

        /** Text that is tokens already, of the model's own tokenizer; never changed. */
        @SuppressWarnings("ArrayRecordComponent")
        record Tokens(int[] tokens) implements Content {}

        /** Several parts that make one vector together: texts, pictures, sound, documents. */
        record Parts(List<Part> parts) implements Content {}
    }
}
