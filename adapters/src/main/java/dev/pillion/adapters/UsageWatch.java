package dev.pillion.adapters;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.protocol.chat.Usage;
import org.jspecify.annotations.Nullable;

/**
 * Finds what a call of a vendor's own API used, whichever of its methods that was: the vendors tell
 * it in the same words in all of them. One answer's.
 */
public interface UsageWatch {

    /** Takes in a whole answer, or one event of a stream; long strings in it may be emptied. */
    void saw(JsonNode answer);

    /** By the last word; null: nothing has told any. */
    @Nullable Usage usage();
}
