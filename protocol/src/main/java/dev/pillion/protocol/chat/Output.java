package dev.pillion.protocol.chat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the answer must be like.
 *
 * @param maxTokens most tokens of the answer, thinking included; null: the model's own limit
 * @param stop texts at which the answer ends
 */
public record Output(@Nullable Integer maxTokens, Format format, List<String> stop) {

    public static final Output DEFAULT = new Output(null, new Format.Text(), List.of());

    /** The form of the answer's text. */
    public sealed interface Format {
        /** Free text. */
        record Text() implements Format {}

        /** Any JSON object. */
        record Json() implements Format {}

        /** JSON that follows a schema; {@code strict} null is the vendor's default. */
        record Schema(
                ObjectNode schema,
                @Nullable String name,
                @Nullable String description,
                @Nullable Boolean strict)
                implements Format {}
    }
}
