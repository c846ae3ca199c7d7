package dev.pillion.protocol.embed;

import dev.pillion.protocol.chat.Usage;
import dev.pillion.protocol.wire.Extras;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The vectors of one request.
 *
 * @param model as the vendor names it; null: it does not say
 * @param vectors in the order of the inputs; single precision is what the vendors compute in, and
 *     what their base64 form carries
 * @param usage null where the vendor says nothing of it
 * @param extras raw top-level fields of the answer that the uniform form has no word for
 */
public record EmbedReply(
        @Nullable String model, List<float[]> vectors, @Nullable Usage usage, Extras extras) {}
