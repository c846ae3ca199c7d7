package dev.pillion.sidecar.simulate.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.sidecar.simulate.kit.Trees;
import org.jspecify.annotations.Nullable;

/** What requests to both APIs have in common. */
sealed interface OpenAiRequest permits ChatRequest, ResponsesRequest {
    JsonNode body();

    String modelId();

    OpenAiModel model();

    /** The effort that is asked for, or null. */
    @Nullable String effort();

    /** The ceiling of the answer, reasoning included. */
    long maxTokens();

    int promptTokens();

    /** Whether a field is there and says something. */
    default boolean has(String field) {
        return Trees.has(body(), field);
    }

    default boolean streams() {
        return body().path("stream").asBoolean();
    }

    /** Whether this answer is thought over first. */
    default boolean reasons() {
        var effort = effort();
        return model().reasons()
                && !(effort == null ? model().usualEffort() : effort).equals("none");
    }
}
