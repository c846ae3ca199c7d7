package dev.pillion.sidecar.simulate.xai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.sidecar.simulate.kit.Trees;
import dev.pillion.sidecar.simulate.xai.XaiModel.Skill;
import org.jspecify.annotations.Nullable;

/** What requests to both APIs have in common. */
sealed interface XaiRequest permits XaiChatRequest, XaiResponsesRequest {
    JsonNode body();

    String modelId();

    XaiModel model();

    @Nullable String effort();

    int promptTokens();

    /**
     * The schema that the answer has to follow, its name beside it; missing where there is none.
     */
    JsonNode answerSchema();

    default boolean has(String field) {
        return Trees.has(body(), field);
    }

    default boolean streams() {
        return body().path("stream").asBoolean();
    }

    /** Whether this answer is thought over first. */
    default boolean reasons() {
        var effort = effort();
        boolean off = (effort == null ? model().usualEffort() : effort).equals("none");
        return model().can(Skill.REASONS) && !off;
    }
}
