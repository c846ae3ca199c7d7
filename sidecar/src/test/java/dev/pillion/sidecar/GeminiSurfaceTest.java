package dev.pillion.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.wire.Json;
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

/** Clients of the Gemini API, served by other vendors, over real sockets. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GeminiSurfaceTest {
    private static final String PLAIN =
            "{'contents':[{'role':'user','parts':[{'text':'Grüße aus 東京 🏔'}]}]}";
    private static final String TOOL =
            "{'contents':[{'role':'user','parts':[{'text':'call get_weather for the city of"
                + " Oslo'}]}],"
                + "'tools':[{'functionDeclarations':[{'name':'get_weather','description':'weather',"
                + "'parameters':{'type':'OBJECT','properties':{'city':{'type':'STRING'}},"
                + "'required':['city']}}]}]}";
    private static final String SEARCH =
            "{'contents':[{'parts':[{'text':'news of Zürich'}]}],'tools':[{'google_search':{}}]}";

    private TestSidecar bed;

    @BeforeAll
    void start() throws Exception {
        bed =
                TestSidecar.start(
                        TestSidecar.CONFIG
                                + """
                                  gemini: {base_url: "%3$s", keys: [{id: g1, value: canary-key-g}]}
                                """);
    }

    @AfterAll
    void stop() throws Exception {
        bed.close();
        assertFalse(bed.log().contains("canary"), "a key stands in the log");
        assertTrue(bed.log().contains("\"surface\":\"generateContent\""), bed.log());
        assertEquals(List.of(), bed.diagnostics);
    }

    private HttpResponse<String> ask(String model, String method, String body, String... headers)
            throws Exception {
        return bed.post(
                "/v1beta/models/" + model + ":" + method,
                body.replace('\'', '"'),
                headers.length > 0 ? headers : new String[] {"x-goog-api-key", "anything"});
    }

    private static List<JsonNode> chunks(HttpResponse<String> answer, boolean sse)
            throws Exception {
        List<JsonNode> chunks = new ArrayList<>();
        if (!sse) {
            TestSidecar.json(answer).forEach(chunks::add);
            return chunks;
        }
        for (String line : answer.body().lines().toList()) {
            if (!line.isEmpty()) {
                assertTrue(line.startsWith("data: "), line);
                chunks.add(Json.read(line.substring(6)));
            }
        }
        return chunks;
    }

    private static String text(List<JsonNode> chunks) {
        var text = new StringBuilder();
        for (JsonNode chunk : chunks) {
            for (JsonNode part : chunk.at("/candidates/0/content/parts")) {
                text.append(part.path("text").asText());
            }
        }
        return text.toString();
    }

    @ParameterizedTest
    @CsvSource({
        "anthropic%2Fclaude-sonnet-5-5,alt=sse",
        "anthropic/claude-sonnet-5-5,alt=json",
        "openai%2Fgpt-4.1,alt=sse",
        "gpt-4.1,prettyPrint=false",
        "gemini-3.8-flash,alt=sse",
        "gemini-2.5-flash,alt=json",
        "class%3Afast,alt=sse",
        "class:balanced,alt=sse"
    })
    @DisplayName("F34: whole, as events and as an array, the answer is one, whoever gives it")
    void theAnswerIsOne(String model, String query) throws Exception {
        HttpResponse<String> whole = ask(model, "generateContent", PLAIN);
        assertEquals(200, whole.statusCode(), whole.body());
        HttpResponse<String> streamed = ask(model, "streamGenerateContent?" + query, PLAIN);
        assertEquals(200, streamed.statusCode(), streamed.body());
        boolean sse = query.equals("alt=sse");
        String type = streamed.headers().firstValue("content-type").orElse("");
        assertTrue(type.startsWith(sse ? "text/event-stream" : "application/json"), type);
        List<JsonNode> chunks = chunks(streamed, sse);
        JsonNode answer = TestSidecar.json(whole);
        assertEquals(text(List.of(answer)), text(chunks));
        assertFalse(text(chunks).isEmpty());
        assertEquals("STOP", answer.at("/candidates/0/finishReason").asText());
        assertEquals("STOP", chunks.getLast().at("/candidates/0/finishReason").asText());
        assertTrue(answer.at("/usageMetadata/promptTokenCount").asInt() > 0, whole.body());
        assertTrue(chunks.getLast().at("/usageMetadata/totalTokenCount").asInt() > 0);
    }

    @ParameterizedTest
    @CsvSource({
        "anthropic%2Fclaude-sonnet-5-5,true",
        "anthropic%2Fclaude-sonnet-5-5,false",
        "openai%2Fgpt-4.1,true",
        "openai%2Fgpt-4.1,false",
        "gemini-3.8-flash,true",
        "gemini-3.8-flash,false",
        "gemini-2.5-flash,true",
        "gemini-2.5-flash,false"
    })
    @DisplayName("F25 F28 F29: a tool loop goes round, with the vendor's state, streamed and not")
    void aToolLoopGoesRound(String model, boolean stream) throws Exception {
        String method = stream ? "streamGenerateContent?alt=sse" : "generateContent";
        HttpResponse<String> first = ask(model, method, TOOL);
        assertEquals(200, first.statusCode(), first.body());
        HttpResponse<String> second = ask(model, method, next(first, stream));
        assertEquals(200, second.statusCode(), second.body());
        if (model.startsWith("anthropic")) {
            String sent = Objects.requireNonNull(bed.anthropic.log().last()).body();
            assertTrue(sent.contains("4 degrees"), sent);
            assertEquals(first.body().contains("thoughtSignature"), sent.contains("signature"));
        }
        if (model.equals("gemini-3.8-flash")) {
            String sent = Objects.requireNonNull(bed.gemini.log().last()).body();
            assertTrue(sent.contains("thoughtSignature"), sent);
            assertFalse(sent.contains("skip_thought_signature_validator"), sent);
        }
    }

    /** The request of the next turn: what was answered, and what the functions gave back. */
    private static String next(HttpResponse<String> first, boolean stream) throws Exception {
        List<JsonNode> chunks = stream ? chunks(first, true) : List.of(TestSidecar.json(first));
        ObjectNode next = (ObjectNode) Json.read(TOOL.replace('\'', '"'));
        ArrayNode contents = (ArrayNode) next.path("contents");
        ObjectNode results = Json.object().put("role", "user");
        for (JsonNode chunk : chunks) {
            contents.add(chunk.at("/candidates/0/content"));
            for (JsonNode part : chunk.at("/candidates/0/content/parts")) {
                JsonNode call = part.path("functionCall");
                if (call.isObject()) {
                    assertEquals("Oslo", call.at("/args/city").asText());
                    ObjectNode response =
                            results.withArray("/parts").addObject().putObject("functionResponse");
                    response.set("id", call.path("id"));
                    response.put("name", call.path("name").asText());
                    response.putObject("response").put("output", "4 degrees");
                }
            }
        }
        assertTrue(results.has("parts"), first.body());
        contents.add(results);
        return Json.text(next);
    }

    @ParameterizedTest
    @CsvSource({
        "anthropic%2Fclaude-sonnet-5-5,gemini-3.8-flash",
        "anthropic%2Fclaude-sonnet-5-5,gpt-4.1",
        "gemini-3.8-flash,anthropic%2Fclaude-sonnet-5-5",
        "gemini-2.5-flash,gemini-3.8-flash",
        "gemini-3.8-flash,gpt-4.1",
        "gpt-4.1,gemini-3.8-flash"
    })
    @DisplayName(
            "F20 F21: a conversation goes on with another vendor, without the first one's state")
    void aConversationGoesOnWithAnotherVendor(String from, String to) throws Exception {
        for (boolean stream : new boolean[] {false, true}) {
            String method = stream ? "streamGenerateContent?alt=sse" : "generateContent";
            // What goes through as it is, is bound to its model as the vendor has it.
            String[] wrapped =
                    from.startsWith("gemini") && to.startsWith("gemini")
                            ? new String[] {"x-pillion-passthrough", "never"}
                            : new String[0];
            HttpResponse<String> first = ask(from, method, TOOL, wrapped);
            assertEquals(200, first.statusCode(), first.body());
            HttpResponse<String> second = ask(to, method, next(first, stream));
            assertEquals(200, second.statusCode(), second.body());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"anthropic%2Fclaude-sonnet-5-5", "gemini-3.8-flash"})
    void thinkingIsShownToWhoAsks(String model) throws Exception {
        String asked =
                PLAIN.replace(
                        "]}]}",
                        "]}],'generationConfig':{'thinkingConfig':{'includeThoughts':true}}}");
        for (String body : List.of(asked, PLAIN)) {
            JsonNode answer = TestSidecar.json(ask(model, "generateContent", body));
            JsonNode first = answer.at("/candidates/0/content/parts/0");
            assertEquals(body.equals(asked), first.path("thought").asBoolean(), answer.toString());
            assertFalse(first.path("text").asText().isEmpty(), answer.toString());
        }
    }

    @Test
    @DisplayName("F43 F46: a search's sources are grounding, streamed as unstreamed")
    void searchIsGrounding() throws Exception {
        String model = "anthropic%2Fclaude-sonnet-5-5";
        JsonNode whole = TestSidecar.json(ask(model, "generateContent", SEARCH));
        JsonNode grounding = whole.at("/candidates/0/groundingMetadata");
        assertTrue(grounding.path("groundingChunks").size() > 0, whole.toString());
        assertTrue(grounding.path("groundingSupports").size() > 0, whole.toString());
        List<JsonNode> chunks = chunks(ask(model, "streamGenerateContent?alt=sse", SEARCH), true);
        assertEquals(
                grounding.path("groundingSupports"),
                chunks.getLast().at("/candidates/0/groundingMetadata/groundingSupports"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gemini-99:generateContent",
                "no%20model:generateContent",
                "a%252fb:generateContent",
                "..%2f..%2fadmin:generateContent",
                "gpt-4.1:generateContent?alt=proto",
                "gpt-4.1:rawPredict",
                "gpt-4.1:streamGenerateContent?alt=sse"
            })
    @DisplayName("F54: errors are Google's, with a number, a word and details")
    void errorsAreGoogles(String rest) throws Exception {
        String body = rest.contains("alt=sse") ? "{'contents':'x'}" : PLAIN;
        HttpResponse<String> answer = bed.post("/v1beta/models/" + rest, body.replace('\'', '"'));
        assertTrue(answer.statusCode() / 100 == 4, answer.body());
        assertEquals("application/json", answer.headers().firstValue("content-type").orElse(""));
        JsonNode error = TestSidecar.json(answer).path("error");
        assertEquals(answer.statusCode(), error.path("code").asInt());
        assertTrue(error.path("status").asText().matches("[A-Z_]+"), answer.body());
        assertTrue(error.path("details").isArray());
        assertFalse(error.path("message").asText().isEmpty());
    }

    @Test
    void whatOnlyGeminiCanSayIsRefusedByName() throws Exception {
        HttpResponse<String> answer =
                ask(
                        "gpt-4.1",
                        "generateContent",
                        PLAIN.replace("]}]}", "]}],'safetySettings':[{'category':'c'}]}"));
        assertEquals(400, answer.statusCode(), answer.body());
        assertTrue(answer.body().contains("safetySettings"), answer.body());
        HttpResponse<String> allowed =
                bed.post(
                        "/v1/models/gpt-4.1:generateContent",
                        PLAIN.replace("]}]}", "]}],'safetySettings':[{'category':'c'}]}")
                                .replace('\'', '"'),
                        "x-pillion-lossy",
                        "allow");
        assertEquals(200, allowed.statusCode(), allowed.body());
        assertTrue(
                allowed.headers()
                        .firstValue("x-pillion-dropped")
                        .orElse("")
                        .contains("safetySettings"));
    }
}
