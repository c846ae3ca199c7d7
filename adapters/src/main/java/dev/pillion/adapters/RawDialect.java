package dev.pillion.adapters;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.protocol.wire.JsonSkeleton;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A surface without a format: what its clients say is for a vendor to read, and of a body no more
 * is looked for than what prices and logs it.
 *
 * @param errors the shape in which whoever asks there understands errors
 */
public record RawDialect(String surface, ErrorShape errors) implements AnyDialect {
    private static final int MAX_BONES_BYTES = 1 << 20;
    private static final List<String> LIMITS =
            List.of(
                    "/max_tokens",
                    "/max_completion_tokens",
                    "/max_output_tokens",
                    "/generationConfig/maxOutputTokens");
    private static final Pattern MODEL_IN_PATH = Pattern.compile("/models/([^/:]+):");

    /** Never fails: of what is no JSON, nothing is known. */
    @Override
    public Outline outline(Surface client) {
        JsonNode fields = fields(client.body());
        Matcher named = MODEL_IN_PATH.matcher(client.path());
        String model = fields == null ? null : fields.path("model").textValue();
        boolean stream = fields != null && fields.path("stream").asBoolean();
        return new Outline(
                model == null && named.find() ? named.group(1) : model,
                stream || client.path().contains(":stream"),
                Set.of(),
                Set.of(),
                client.body().length,
                -1,
                -1,
                fields == null ? null : limit(fields),
                true,
                Outline.Splice.NONE,
                null);
    }

    /** The answer's bound, by any of the names that the vendors have for it. */
    private static @Nullable Integer limit(JsonNode fields) {
        for (String name : LIMITS) {
            JsonNode value = fields.at(name);
            if (value.canConvertToInt() && value.intValue() > 0) {
                return value.intValue();
            }
        }
        return null;
    }

    private static @Nullable JsonNode fields(byte[] body) {
        if (body.length == 0 || (body[0] != '{' && body[0] > ' ')) {
            return null;
        }
        var skeleton = new JsonSkeleton(MAX_BONES_BYTES);
        skeleton.read(body, 0, body.length);
        return skeleton.value();
    }

    @Override
    public @Nullable Forwarding passthrough() {
        return null;
    }
}
