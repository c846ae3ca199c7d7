package dev.pillion.adapters.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.wire.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a candidate says beside its parts about the vendor's own tools: kept as one vendor item
 * behind them, since no part says it (the search suggestions must be shown, by the vendor's terms).
 */
final class GeminiCandidateFields {
    private static final List<String> NAMES =
            List.of("groundingMetadata", "urlContextMetadata", GeminiApi.CONTINUATION_TOKEN);

    private final ObjectNode seen = Json.object();

    /** Whether the item holds fields of a candidate rather than a part. */
    static boolean isSuch(JsonNode item) {
        return NAMES.stream().anyMatch(item::has);
    }

    /** Takes what a chunk says; later values replace earlier ones. */
    void add(JsonNode candidate) {
        for (String name : NAMES) {
            JsonNode value = candidate.path(name);
            if (value.isTextual() || (value.isObject() && !value.isEmpty())) {
                seen.set(name, value);
            }
        }
    }

    /** The item; null where there was nothing. */
    Part.@Nullable VendorItem item() {
        return seen.isEmpty() ? null : new Part.VendorItem(GeminiApi.NAME, seen, null, null);
    }
}
