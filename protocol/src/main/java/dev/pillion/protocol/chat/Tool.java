package dev.pillion.protocol.chat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.wire.Extras;
import org.jspecify.annotations.Nullable;

/** Something the model may use. Web search is not here: it is {@link ChatRequest#webSearch()}. */
public sealed interface Tool {

    /**
     * A function that the caller runs.
     *
     * @param parameters JSON Schema of the arguments; null: none stated
     * @param strict whether arguments must follow the schema; null: the vendor's default
     */
    record Function(
            String name,
            @Nullable String description,
            @Nullable ObjectNode parameters,
            @Nullable Boolean strict,
            @Nullable CacheMark cache,
            Extras extras)
            implements Tool {}

    /** A vendor's own tool, raw, for that vendor only. */
    record Vendor(String provider, ObjectNode definition) implements Tool {}
}
