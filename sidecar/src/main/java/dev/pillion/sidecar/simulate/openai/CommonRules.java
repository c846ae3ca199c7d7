package dev.pillion.sidecar.simulate.openai;

import static dev.pillion.sidecar.simulate.openai.OpenAiErrors.invalid;
import static dev.pillion.sidecar.simulate.openai.OpenAiErrors.unsupportedParameter;
import static dev.pillion.sidecar.simulate.openai.OpenAiErrors.unsupportedValue;

import dev.pillion.sidecar.simulate.kit.VendorError;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Settings that both APIs have, and judge alike. */
final class CommonRules {
    private static final int MAX_METADATA = 16;

    private CommonRules() {}

    static @Nullable VendorError streamOptions(OpenAiRequest request) {
        return request.has("stream_options") && !request.streams()
                ? invalid(
                        "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
                        "stream_options",
                        null)
                : null;
    }

    /** Whether temperature, top_p and logprobs may be set. */
    static boolean samplesFreely(OpenAiRequest request) {
        return switch (request.model().sampling()) {
            case ALWAYS -> true;
            case WITHOUT_REASONING -> !request.reasons();
            case NEVER -> false;
        };
    }

    static @Nullable VendorError sampling(OpenAiRequest request) {
        if (samplesFreely(request)) {
            return null;
        }
        for (var field : List.of("temperature", "top_p")) {
            var value = request.body().path(field);
            if (value.isNumber() && value.asDouble() != 1) {
                return unsupportedValue(field, value.asText());
            }
        }
        return request.has("top_logprobs") ? unsupportedParameter("top_logprobs") : null;
    }

    static @Nullable VendorError metadata(OpenAiRequest request) {
        var metadata = request.body().path("metadata");
        if (metadata.size() > MAX_METADATA) {
            return invalid(
                    "Invalid 'metadata': too many properties. Expected at most 16.",
                    "metadata",
                    "object_above_max_properties");
        }
        for (var entry : metadata.properties()) {
            var value = entry.getValue();
            boolean fine = value.isTextual() && value.textValue().length() <= 512;
            if (!fine || entry.getKey().length() > 64) {
                return invalid(
                        "Invalid type for 'metadata." + entry.getKey() + "': expected a string.",
                        "metadata." + entry.getKey(),
                        "invalid_type");
            }
        }
        return null;
    }
}
