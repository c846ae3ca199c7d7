package dev.pillion.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.wire.Json;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A search of the vendor's own: cited alike streamed and not, and the conversation goes on. */
class SearchGoesOnTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "anthropic/claude-sonnet-5-5",
                "openai/gpt-6.1-terra",
                "gemini/gemini-4-hydrogen",
                "xai/grok-4.6"
            })
    @DisplayName("F43 a native search is cited alike streamed and not, and can be gone on from")
    void aSearchIsCitedAlikeAndGoneOnFrom(String model) throws Exception {
        try (var bed = TestSidecar.start(TestSidecar.FOUR)) {
            var whole = send(bed, question(model, false));
            var streamed = send(bed, question(model, true));
            var citations = citations(whole);
            assertFalse(citations.isEmpty(), whole.toString());
            assertEquals(citations, citations(streamed));
            for (var answer : List.of(whole, streamed)) {
                var next = question(model, false);
                var messages = (ArrayNode) next.get("messages");
                messages.addObject().put("role", "assistant").set("content", answer.get("content"));
                messages.addObject().put("role", "user").put("content", "And in winter?");
                assertEquals("end", send(bed, next).path("stop").asText());
            }
        }
    }

    private static ObjectNode question(String model, boolean stream) {
        ObjectNode request = Json.object().put("model", model).put("stream", stream);
        request.putObject("websearch").put("via", "native");
        request.putObject("thinking").put("effort", "medium");
        request.putArray("messages")
                .addObject()
                .put("role", "user")
                .put("content", "What is the weather in “Zürich” 🏔?");
        return request;
    }

    /** Each citation as its words and its address. */
    private static List<String> citations(JsonNode answer) {
        var all = new ArrayList<String>();
        for (var part : answer.path("content")) {
            var text = part.path("text").asText();
            for (var citation : part.path("citations")) {
                int start = text.offsetByCodePoints(0, citation.path("start").asInt());
                int end = text.offsetByCodePoints(0, citation.path("end").asInt());
                assertTrue(end > start, citation.toString());
                all.add(text.substring(start, end) + " " + citation.path("url").asText());
            }
        }
        return all;
    }

    private static JsonNode send(TestSidecar bed, ObjectNode request) throws Exception {
        var answer = bed.post("/v1/generate", request.toString());
        assertEquals(200, answer.statusCode(), answer.body());
        if (!request.path("stream").asBoolean()) {
            return TestSidecar.json(answer);
        }
        var folded = Folded.of(answer.body());
        ObjectNode whole = folded.last().deepCopy();
        whole.set("content", folded.asWhole());
        return whole;
    }
}
