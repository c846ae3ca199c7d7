package dev.pillion.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.wire.Json;
import dev.pillion.protocol.wire.MalformedJson;
import dev.pillion.sidecar.simulate.Misbehaviour;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients of OpenAI's Responses API, through the daemon, to vendors of its format and others. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ResponsesSurfaceTest {
    private static final String PATH = "/v1/responses";
    private static final String ASK =
            "'input':[{'role':'user','content':'call get_weather for the city of Oslo'}],"
                    + "'tools':[{'type':'function','name':'get_weather','description':'weather',"
                    + "'strict':true,'parameters':{'type':'object','properties':"
                    + "{'city':{'type':'string'}},'required':['city'],"
                    + "'additionalProperties':false}}]";

    private TestSidecar bed;

    @BeforeAll
    void start() throws Exception {
        bed = TestSidecar.start();
    }

    @AfterAll
    void stop() throws Exception {
        bed.close();
        assertEquals(List.of(), bed.diagnostics);
    }

    private static String body(String model, boolean stream, String rest) {
        return ("{'model':'" + model + "','stream':" + stream + "," + rest + "}")
                .replace('\'', '"');
    }

    private static List<JsonNode> events(HttpResponse<String> answer) throws MalformedJson {
        assertEquals(200, answer.statusCode(), answer.body());
        List<JsonNode> events = new ArrayList<>();
        for (String line : answer.body().split("\n", -1)) {
            if (line.startsWith("data: ")) {
                JsonNode event = Json.read(line.substring(6));
                assertEquals(events.size(), event.path("sequence_number").asInt(-1), line);
                events.add(event);
            }
        }
        return events;
    }

    private static String type(JsonNode event) {
        return event.path("type").asText();
    }

    private static String text(JsonNode response) {
        var text = new StringBuilder();
        for (JsonNode item : response.path("output")) {
            item.path("content").forEach(part -> text.append(part.path("text").asText()));
        }
        return text.toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"openai/gpt-6-luna", "openai/gpt-4.1", "anthropic/claude-sonnet-5-5"})
    @DisplayName("F10 F25: the fold of a stream is the answer that comes whole, whoever answers")
    void theFoldOfAStreamIsTheAnswerThatComesWhole(String model) throws Exception {
        String ask = "'input':'Grüße aus 東京 🏔'";
        HttpResponse<String> answer = bed.post(PATH, body(model, false, ask));
        assertEquals(200, answer.statusCode(), answer.body());
        JsonNode whole = TestSidecar.json(answer);
        List<JsonNode> events = events(bed.post(PATH, body(model, true, ask)));
        JsonNode last = events.getLast();
        assertEquals("response.created", type(events.getFirst()));
        assertEquals("response.completed", type(last));
        assertEquals("completed", whole.path("status").asText());
        assertEquals(text(whole), text(last.path("response")));
        var deltas = new StringBuilder();
        for (JsonNode event : events) {
            if (type(event).equals("response.output_text.delta")) {
                deltas.append(event.path("delta").asText());
            }
        }
        assertFalse(deltas.isEmpty());
        assertEquals(text(whole), deltas.toString());
        assertTrue(whole.path("usage").path("total_tokens").asLong() > 0, answer.body());
    }

    @ParameterizedTest
    @CsvSource({
        "openai/gpt-6-luna, false",
        "openai/gpt-6-luna, true",
        "anthropic/claude-sonnet-5-5, false",
        "anthropic/claude-sonnet-5-5, true"
    })
    @DisplayName("F26 F29: a tool loop goes on from the output that the client sends back")
    void aToolLoopGoesOnFromTheOutputThatTheClientSendsBack(String model, boolean stream)
            throws Exception {
        String ask = body(model, stream, ASK);
        HttpResponse<String> answer = bed.post(PATH, ask);
        assertEquals(200, answer.statusCode(), answer.body());
        JsonNode response =
                stream ? events(answer).getLast().path("response") : TestSidecar.json(answer);
        ObjectNode next = (ObjectNode) Json.read(ask);
        ArrayNode input = (ArrayNode) next.path("input");
        int calls = 0;
        for (JsonNode item : response.path("output")) {
            input.add(item);
        }
        for (JsonNode item : response.path("output")) {
            if (type(item).equals("function_call")) {
                calls++;
                input.addObject()
                        .put("type", "function_call_output")
                        .put("call_id", item.path("call_id").asText())
                        .put("output", "4 degrees");
            }
        }
        assertTrue(calls > 0, response.toString());
        HttpResponse<String> second = bed.post(PATH, Json.text(next));
        assertEquals(200, second.statusCode(), second.body());
        if (stream) {
            assertEquals("response.completed", type(events(second).getLast()));
        }
        String sent =
                Objects.requireNonNull(
                                (model.startsWith("openai") ? bed.openai : bed.anthropic)
                                        .log()
                                        .last())
                        .body();
        assertTrue(sent.contains("4 degrees"), sent);
        assertFalse(sent.contains("pillion") || sent.contains("_pln_"), sent);
    }

    @Test
    @DisplayName("F29: thinking that is asked for is shown, whoever thinks")
    void thinkingThatIsAskedForIsShown() throws Exception {
        String ask = "'input':'Why?','reasoning':{'effort':'high','summary':'auto'}";
        for (String model : List.of("openai/gpt-6-luna", "anthropic/claude-sonnet-5-5")) {
            JsonNode response = TestSidecar.json(bed.post(PATH, body(model, false, ask)));
            JsonNode first = response.path("output").path(0);
            assertEquals("reasoning", type(first), response.toString());
            assertFalse(
                    first.path("summary").path(0).path("text").asText().isEmpty(),
                    response.toString());
        }
    }

    @Test
    @DisplayName("F20 F21: state that only one vendor has is refused by name for another")
    void stateThatOnlyOneVendorHasIsRefusedByName() throws Exception {
        HttpResponse<String> answer =
                bed.post(
                        PATH,
                        body(
                                "anthropic/claude-sonnet-5-5",
                                false,
                                "'input':'x','previous_response_id':'resp_1'"));
        assertEquals(400, answer.statusCode(), answer.body());
        JsonNode error = TestSidecar.json(answer).path("error");
        assertEquals("previous_response_id", error.path("param").asText());
        assertEquals("unsupported_parameter", error.path("code").asText());
    }

    @Test
    void errorsHaveTheShapeThatTheSdksRaise() throws Exception {
        HttpResponse<String> bad = bed.post(PATH, "{\"model\":\"openai/gpt-4.1\",\"input\":7}");
        assertEquals(400, bad.statusCode());
        assertEquals("input", TestSidecar.json(bad).path("error").path("param").asText());
        HttpResponse<String> none = bed.post(PATH, body("nobody-knows-this", false, "'input':'x'"));
        assertEquals(404, none.statusCode(), none.body());
        assertEquals("model_not_found", TestSidecar.json(none).path("error").path("code").asText());
    }

    @Test
    @DisplayName("F12: an answer that its vendor cuts ends in one error event")
    void anAnswerThatItsVendorCutsEndsInOneErrorEvent() throws Exception {
        bed.anthropic.faults().next(new Misbehaviour.Break(10, Misbehaviour.How.CLOSE));
        HttpResponse<String> answer =
                bed.post(
                        PATH,
                        body(
                                "anthropic/claude-sonnet-5-5",
                                true,
                                "'input':'" + "say it again ".repeat(20) + "'"));
        List<JsonNode> events = events(answer);
        assertEquals("error", type(events.getLast()));
        assertTrue(events.getLast().path("error").path("message").isTextual());
        assertTrue(events.stream().noneMatch(e -> type(e).equals("response.completed")));
    }
}
