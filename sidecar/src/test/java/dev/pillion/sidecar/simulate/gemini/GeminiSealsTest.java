package dev.pillion.sidecar.simulate.gemini;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.sidecar.simulate.kit.Reply;
import dev.pillion.sidecar.simulate.kit.Trees;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Thought signatures: given, wanted back, and verified. */
class GeminiSealsTest {
    private static final String MODEL = "gemini-3.5-flash";
    private static final String ASK =
            """
            {"contents":[{"role":"user","parts":[{"text":"get_weather in both Oslo and Rome"}]}],
             "tools":[{"functionDeclarations":[{"name":"get_weather","parametersJsonSchema":
             {"type":"object","required":["city"],"properties":{"city":{"type":"string"}}}}]}]}\
            """;

    private static Reply reply(String model, JsonNode body) {
        return GeminiClient.reply("/v1beta/models/" + model + ":generateContent", "", body);
    }

    private static JsonNode content(String model, JsonNode body) {
        var reply = reply(model, body);
        assertEquals(200, reply.status(), GeminiClient.message(reply));
        return Trees.own(((Reply.Whole) reply).body()).at("/candidates/0/content");
    }

    /** A conversation in which the model has called twice, and the results are there. */
    private static ObjectNode loop(String model) {
        var body = (ObjectNode) Trees.own(ASK);
        var said = content(model, body);
        var contents = (ArrayNode) body.get("contents");
        contents.add(said);
        contents.add(results(said));
        return body;
    }

    private static ObjectNode results(JsonNode said) {
        var results = Trees.object().put("role", "user");
        var parts = results.putArray("parts");
        for (var part : said.path("parts")) {
            var call = part.path("functionCall");
            var response = parts.addObject().putObject("functionResponse");
            response.put("name", call.path("name").asText());
            if (call.has("id")) {
                response.put("id", call.path("id").asText());
            }
            response.putObject("response").put("output", "sunny");
        }
        return results;
    }

    private static ObjectNode call(ObjectNode body, int index) {
        return (ObjectNode) body.path("contents").get(1).path("parts").get(index);
    }

    private static void refused(String model, ObjectNode body, String... words) {
        var reply = reply(model, body);
        assertEquals(400, reply.status());
        for (var word : words) {
            assertTrue(GeminiClient.message(reply).contains(word), GeminiClient.message(reply));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gemini-4-argon", "gemini-4-hydrogen", MODEL, "gemini-3-flash-preview"})
    void onlyTheFirstOfParallelCallsIsSignedAndComesBack(String model) {
        var body = loop(model);
        assertTrue(call(body, 0).has("thoughtSignature"));
        assertTrue(call(body, 0).path("functionCall").has("id"));
        assertFalse(call(body, 1).has("thoughtSignature"));
        assertEquals(200, reply(model, body).status());
    }

    @Test
    void aMissingSignatureIsNamedByFunctionAndPosition() {
        var body = loop(MODEL);
        call(body, 0).remove("thoughtSignature");
        refused(MODEL, body, "missing a thought_signature", "get_weather", "position 2");
    }

    @Test
    void aMissingSignatureOfAnEarlierTurnIsNotMissed() {
        var body = loop(MODEL);
        call(body, 0).remove("thoughtSignature");
        var contents = (ArrayNode) body.get("contents");
        contents.addObject().put("role", "model").putArray("parts").addObject().put("text", "So.");
        contents.addObject().put("role", "user").putArray("parts").addObject().put("text", "Hm?");
        assertEquals(200, reply(MODEL, body).status());
    }

    @Test
    void everyStepOfALoopNeedsItsOwnSignature() {
        var body = loop(MODEL);
        var config = body.putObject("toolConfig").putObject("functionCallingConfig");
        config.put("mode", "ANY");
        var said = content(MODEL, body);
        var contents = (ArrayNode) body.get("contents");
        contents.add(said).add(results(said));
        assertEquals(200, reply(MODEL, body).status());
        ((ObjectNode) said.path("parts").get(0)).remove("thoughtSignature");
        refused(MODEL, body, "missing a thought_signature", "position 4");
    }

    @Test
    void aMovedSignatureIsRefused() {
        var body = loop(MODEL);
        var signature = call(body, 0).remove("thoughtSignature");
        call(body, 1).set("thoughtSignature", signature);
        refused(MODEL, body, "Thought signature is not valid", "get_weather", "parts[1]");
    }

    @Test
    void aSignatureOfAnotherModelOrVendorIsRefused() {
        refused("gemini-4-argon", loop(MODEL), "Thought signature is not valid", "position 2");
        for (var foreign : new String[] {"ErUBCkYIBBgCIkAOLwDXty2U", "gAAAAABo", "AAAA"}) {
            var body = loop(MODEL);
            call(body, 0).put("thoughtSignature", foreign);
            refused(MODEL, body, "Thought signature is not valid");
        }
    }

    @Test
    void aChangedCallIsRefusedAndAReorderedOneIsNot() {
        var body = loop(MODEL);
        ((ObjectNode) call(body, 0).at("/functionCall/args")).put("city", "Bergen");
        refused(MODEL, body, "Thought signature is not valid");
        var other = loop(MODEL);
        var call = (ObjectNode) call(other, 0).get("functionCall");
        var args = call.remove("args");
        call.set("args", args);
        assertEquals(200, reply(MODEL, other).status());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "skip_thought_signature_validator",
                "c2tpcF90aG91Z2h0X3NpZ25hdHVyZV92YWxpZGF0b3I="
            })
    void theSentinelStandsForASignatureThatNeverWas(String sentinel) {
        var body = loop("gemini-2.0-flash");
        refused(MODEL, body, "missing a thought_signature");
        call(body, 0).put("thoughtSignature", sentinel);
        assertEquals(200, reply(MODEL, body).status());
    }

    @Test
    void olderGenerationsWantNoneAndVerifyTheirOwn() {
        var body = loop("gemini-2.5-flash");
        assertTrue(call(body, 0).has("thoughtSignature"));
        assertFalse(call(body, 0).path("functionCall").has("id"));
        assertEquals(200, reply("gemini-2.5-flash", body).status());
        call(body, 0).put("thoughtSignature", "AAAA");
        refused("gemini-2.5-flash", body, "Thought signature is not valid");
        call(body, 0).remove("thoughtSignature");
        assertEquals(200, reply("gemini-2.5-flash", body).status());
        assertFalse(call(loop("gemini-2.0-flash"), 0).has("thoughtSignature"));
    }

    @Test
    void aSignedTextMustNotBeMergedWithAnother() {
        var body = (ObjectNode) Trees.own("{\"contents\":[{\"parts\":[{\"text\":\"Hello\"}]}]}");
        var said = content(MODEL, body);
        assertTrue(said.at("/parts/0").has("thoughtSignature"));
        var contents = (ArrayNode) body.get("contents");
        contents.add(said);
        contents.addObject().putArray("parts").addObject().put("text", "And?");
        assertEquals(200, reply(MODEL, body).status());
        var part = (ObjectNode) said.at("/parts/0");
        part.put("text", part.path("text").asText() + " More.");
        refused(MODEL, body, "Thought signature is not valid");
    }

    @Test
    void aTokenContinuesTheAnswerThatItWasGivenFor() {
        var body =
                (ObjectNode)
                        Trees.own(
                                "{\"contents\":[{\"parts\":[{\"text\":\"SIMULATE_CONTINUATION"
                                        + " Ångström\"}]}]}");
        var path = "/v1beta/models/gemini-4-argon:generateContent";
        var first = Trees.own(((Reply.Whole) GeminiClient.reply(path, "", body)).body());
        assertEquals("CONTINUATION", first.at("/candidates/0/finishReason").asText());
        body.put("continuationToken", first.at("/candidates/0/continuationToken").asText());
        var rest = Trees.own(((Reply.Whole) GeminiClient.reply(path, "", body)).body());
        assertEquals("STOP", rest.at("/candidates/0/finishReason").asText());
        var text = "/candidates/0/content/parts/0/text";
        assertTrue((first.at(text).asText() + rest.at(text).asText()).startsWith("You asked: “S"));
        body.put("continuationToken", "AAAA");
        refused("gemini-4-argon", body, "continuation token");
    }
}
