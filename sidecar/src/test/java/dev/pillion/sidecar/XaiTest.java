package dev.pillion.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.protocol.wire.Json;
import java.math.BigDecimal;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** xAI through real sockets, from each surface, on both of its interfaces. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class XaiTest {
    private static final String PLAIN = "'messages':[{'role':'user','content':'Grüße aus 東京 🏔'}]";
    private static final String CLOCK =
            "'tools':[{'name':'get_weather','parameters':{'type':'object','properties':"
                    + "{'city':{'type':'string'}},'required':['city']}}]";
    private static final String TOOL =
            "'messages':[{'role':'user','content':'call get_weather for the city of Oslo'}],"
                    + CLOCK;
    private static final String SCHEMA =
            "'messages':[{'role':'user','content':'a city'}],'output':{'schema':{'type':'object',"
                    + "'properties':{'city':{'type':'string'},'size':{'type':'integer'}},"
                    + "'required':['city','size'],'additionalProperties':false}}";
    private static final String SEARCH =
            "'messages':[{'role':'user','content':'news of Zürich'}],'websearch':{},"
                    + CLOCK
                    + ",'vendor':{'xai':{'tools':[{'type':'x_search'}]}}";

    private TestSidecar bed;

    @BeforeAll
    void start() throws Exception {
        bed =
                TestSidecar.start(
                        TestSidecar.FOUR
                                + "aliases:\n  house: [xai/grok-4.20-0309-non-reasoning,"
                                + " openai/gpt-4.1]\n");
    }

    @AfterAll
    void stop() throws Exception {
        bed.close();
        assertFalse(bed.log().contains("canary"), "a key stands in the log");
        assertEquals(List.of(), bed.diagnostics);
    }

    @BeforeEach
    void calm() {
        bed.xai.faults().clear();
    }

    private static String body(String model, boolean stream, String rest) {
        return ("{'model':'" + model + "','stream':" + stream + "," + rest + "}")
                .replace('\'', '"');
    }

    private JsonNode ask(String model, String rest) throws Exception {
        HttpResponse<String> answer = bed.post("/v1/generate", body(model, false, rest));
        assertEquals(200, answer.statusCode(), answer.body());
        return TestSidecar.json(answer);
    }

    private JsonNode sent() throws Exception {
        return Json.read(bed.xai.log().last().body());
    }

    @ParameterizedTest
    @CsvSource({"plain", "tool", "schema", "search"})
    @DisplayName("F25 F34 F43: the fold of a stream is the answer that comes unstreamed")
    void theFoldOfAStreamIsTheWholeAnswer(String kind) throws Exception {
        String rest =
                switch (kind) {
                    case "tool" -> TOOL;
                    case "schema" -> SCHEMA;
                    case "search" -> SEARCH;
                    default -> PLAIN;
                };
        JsonNode whole = ask("xai/grok-4.6", rest);
        assertEquals("/v1/responses", bed.xai.log().last().path());
        assertFalse(sent().path("store").asBoolean(true));
        HttpResponse<String> streamed = bed.post("/v1/generate", body("xai/grok-4.6", true, rest));
        Folded folded = Folded.of(streamed.body());
        assertEquals(plain(whole.path("content")), plain(folded.asWhole()), streamed.body());
        assertEquals(whole.path("stop"), folded.last().path("stop"));
        assertEquals(whole.path("sources"), folded.last().path("sources"));
    }

    /** Without state that is anew in each answer, and ids that are the answer's. */
    private static String plain(JsonNode content) {
        return content.toString()
                .replaceAll("\"seal\":\"[^\"]*\"", "\"seal\":\"\"")
                .replaceAll("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(_\\d+|-\\d+)*", "uuid")
                .replaceAll("call_[A-Za-z0-9]+", "call");
    }

    @Test
    @DisplayName("F35 F36 F39: the cost is that of the usage, searches and thinking included")
    void theCostIsThatOfTheUsage() throws Exception {
        for (String rest : List.of(PLAIN, TOOL, SEARCH)) {
            JsonNode answer = ask("xai/grok-4.6", rest);
            JsonNode usage = answer.path("usage");
            long cached = usage.path("cached_input_tokens").asLong();
            BigDecimal usd =
                    times("2", usage.path("input_tokens").asLong() - cached)
                            .add(times("0.5", cached))
                            .add(times("6", usage.path("output_tokens").asLong()))
                            .add(times("5000", usage.path("web_searches").asLong()));
            assertEquals(
                    0,
                    usd.movePointLeft(6)
                            .compareTo(new BigDecimal(answer.path("cost").path("usd").asText())),
                    answer.toString());
            assertFalse(answer.path("cost").path("estimated").asBoolean(true));
        }
        assertEquals(2, ask("xai/grok-4.6", SEARCH).path("usage").path("web_searches").asInt());
    }

    private static BigDecimal times(String rate, long count) {
        return new BigDecimal(rate).multiply(BigDecimal.valueOf(count));
    }

    @Test
    @DisplayName("F44 F45 F46: a search beside tools cites by code points and invents no title")
    void aSearchBesideToolsCitesByCodePointsAndInventsNoTitle() throws Exception {
        JsonNode answer = ask("xai/grok-4.6", SEARCH);
        JsonNode text = answer.path("content").path(answer.path("content").size() - 1);
        assertTrue(text.path("citations").size() > 0, answer.toString());
        for (JsonNode citation : text.path("citations")) {
            String words = text.path("text").asText();
            int from = words.offsetByCodePoints(0, citation.path("start").asInt());
            int to = words.offsetByCodePoints(0, citation.path("end").asInt());
            String url = citation.path("url").asText();
            assertTrue(words.substring(from, to).endsWith("](" + url + ")"), text.toString());
            assertFalse(citation.hasNonNull("title"), citation.toString());
        }
        assertTrue(answer.path("sources").size() >= text.path("citations").size());
        assertEquals(3, sent().path("tools").size());
        assertEquals("end", answer.path("stop").asText());
    }

    @Test
    @DisplayName("F28 F29: a tool loop goes on with the vendor's state unchanged and in place")
    void aToolLoopGoesOnWithTheVendorsStateUnchangedAndInPlace() throws Exception {
        JsonNode called = ask("xai/grok-4.7", TOOL);
        assertEquals("tool_call", called.path("stop").asText());
        String id = "";
        for (JsonNode part : called.path("content")) {
            id = part.path("type").asText().equals("tool_call") ? part.path("id").asText() : id;
        }
        String more =
                "'messages':[{'role':'user','content':'call get_weather for the city of Oslo'},"
                        + "{'role':'assistant','content':"
                        + called.path("content")
                        + "},{'role':'tool','content':[{'type':'tool_result','tool_call_id':'"
                        + id
                        + "','content':'4 degrees'}]}],"
                        + CLOCK;
        JsonNode answer = ask("xai/grok-4.7", more);
        assertEquals("end", answer.path("stop").asText());
        JsonNode input = sent().path("input");
        assertEquals("reasoning", input.path(1).path("type").asText());
        assertTrue(input.path(1).hasNonNull("encrypted_content"));
        for (String field : List.of("id", "call_id", "name", "arguments", "status")) {
            assertTrue(input.path(2).hasNonNull(field), field);
        }
    }

    @Test
    void whatOnlyChatCompletionsCanSayGoesThereWhereTheModelTakesIt() throws Exception {
        String stop = PLAIN + ",'output':{'stop':['###'],'max_tokens':200}";
        JsonNode answer = ask("xai/grok-4.20-0309-non-reasoning", stop);
        assertEquals("/v1/chat/completions", bed.xai.log().last().path());
        assertFalse(bed.xai.log().last().header("x-grok-conv-id").isEmpty());
        assertEquals("end", answer.path("stop").asText());
        HttpResponse<String> refused = bed.post("/v1/generate", body("xai/grok-4.6", false, stop));
        assertEquals(400, refused.statusCode(), refused.body());
        assertTrue(refused.body().contains("stop"), refused.body());
    }

    @ParameterizedTest
    @CsvSource({"false", "true"})
    @DisplayName("F13 F14: an error inside a 200 fails over, and nothing of it shows")
    void anErrorInsideA200FailsOver(boolean stream) throws Exception {
        String rest =
                "'messages':[{'role':'user','content':'SIMULATE_UNAVAILABLE'}],"
                        + "'output':{'stop':['###']}";
        HttpResponse<String> answer = bed.post("/v1/generate", body("house", stream, rest));
        assertEquals(200, answer.statusCode(), answer.body());
        JsonNode route =
                stream
                        ? Folded.of(answer.body()).last().path("route")
                        : TestSidecar.json(answer).path("route");
        assertEquals("openai", route.path("provider").asText(), answer.body());
        assertEquals("xai", route.path("attempts").path(0).path("provider").asText());
    }

    @ParameterizedTest
    @CsvSource({"/v1/chat/completions, choices", "/v1/responses, output", "/v1/messages, content"})
    @DisplayName("F26 F32: clients of every surface reach xAI")
    void clientsOfEverySurfaceReachXai(String path, String field) throws Exception {
        String messages = "'model':'xai/grok-4.6','max_tokens':400," + PLAIN;
        String input = "'model':'xai/grok-4.6','input':'Grüße aus 東京 🏔'";
        String asked = "{" + (path.equals("/v1/responses") ? input : messages) + "}";
        HttpResponse<String> answer =
                bed.post(path, asked.replace('\'', '"'), "anthropic-version", "2023-06-01");
        assertEquals(200, answer.statusCode(), answer.body());
        assertTrue(TestSidecar.json(answer).path(field).size() > 0, answer.body());
        assertEquals("xai", answer.headers().firstValue("x-pillion-provider").orElse(""));
        assertEquals("/v1/responses", bed.xai.log().last().path());
    }
}
