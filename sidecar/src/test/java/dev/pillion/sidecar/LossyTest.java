package dev.pillion.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a model refuses is refused here by name, or left out and listed where the caller says so.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LossyTest {
    private TestSidecar bed;

    @BeforeAll
    void start() throws Exception {
        bed = TestSidecar.start(TestSidecar.FOUR);
    }

    @AfterAll
    void stop() throws Exception {
        bed.close();
    }

    private static String uniform(String model, String rest) {
        return ("{'model':'"
                        + model
                        + "','messages':[{'role':'user','content':'hi'}],"
                        + rest
                        + "}")
                .replace('\'', '"');
    }

    private static final String CHAT =
            """
            {"model":"gpt-6.2-sol","stop":["END"],"temperature":0.2,
             "messages":[{"role":"user","content":"hi"}]}
            """;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "openai/gpt-6.2-sol|'output':{'stop':['END']}|/output/stop",
                "openai/gpt-6.2-sol|'sampling':{'temperature':0.2}|/sampling",
                "anthropic/claude-sonnet-5-5|'sampling':{'temperature':0.2}|/sampling",
                "anthropic/claude-sonnet-5-5|'sampling':{'seed':1}|/sampling/seed",
                "xai/grok-4.6|'output':{'stop':['END']}|/output/stop",
                "gemini/gemini-4-hydrogen|'parallel_tools':false,'tools':[{'name':'f',"
                        + "'parameters':{'type':'object'}}]|/parallel_tools",
            })
    @DisplayName("what a model refuses is refused by name, and left out and listed under allow")
    void whatAModelRefusesIsNamed(String model, String rest, String field) throws Exception {
        String body = uniform(model, rest);
        HttpResponse<String> refused = bed.post("/v1/generate", body);
        JsonNode error = TestSidecar.json(refused).path("error");
        assertEquals(400, refused.statusCode(), refused.body());
        assertEquals("unsupported", error.path("kind").asText());
        assertEquals(field, error.path("pointer").asText(), refused.body());

        HttpResponse<String> served = bed.post("/v1/generate", body, "x-pillion-lossy", "allow");
        String dropped = served.headers().firstValue("x-pillion-dropped").orElse("");
        assertEquals(200, served.statusCode(), served.body());
        assertTrue(dropped.contains(field), dropped);
        assertEquals(
                model,
                served.headers().firstValue("x-pillion-provider").orElse("")
                        + "/"
                        + served.headers().firstValue("x-pillion-model").orElse(""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "anthropic/claude-sonnet-5-5",
                "openai/gpt-6-sol",
                "xai/grok-4.3",
                "gemini/gemini-3.8-flash"
            })
    @DisplayName("an answer's bound beyond the model's own is the model's own, at every vendor")
    void aBoundBeyondTheModelsIsTheModels(String model) throws Exception {
        String body = uniform(model, "'output':{'max_tokens':10000000}");
        HttpResponse<String> served = bed.post("/v1/generate", body);
        assertEquals(200, served.statusCode(), served.body());
    }

    @Test
    void onAVendorsOwnSurfaceLossesAreTranslatedAway() throws Exception {
        HttpResponse<String> refused = bed.post("/v1/chat/completions", CHAT);
        assertEquals(400, refused.statusCode(), refused.body());
        HttpResponse<String> served =
                bed.post("/v1/chat/completions", CHAT, "x-pillion-lossy", "allow");
        String dropped = served.headers().firstValue("x-pillion-dropped").orElse("");
        assertEquals(200, served.statusCode(), served.body());
        assertTrue(dropped.contains("/output/stop"), dropped);
        assertTrue(dropped.contains("/sampling/temperature"), dropped);
    }

    @ParameterizedTest
    @ValueSource(strings = {"xai/grok-4.6", "openai/gpt-6.1-terra", "anthropic/claude-sonnet-5-5"})
    @DisplayName("an empty list of another vendor's asks for nothing and is no loss")
    void anEmptyListIsNoLoss(String model) throws Exception {
        String body = "{\"contents\":[{\"parts\":[{\"text\":\"hi\"}]}],\"safetySettings\":[%s]}";
        String path = "/v1beta/models/" + model + ":generateContent";
        HttpResponse<String> served = bed.post(path, body.formatted(""));
        assertEquals(200, served.statusCode(), served.body());
        String setting = "{\"category\":\"HARM_CATEGORY_HARASSMENT\",\"threshold\":\"OFF\"}";
        HttpResponse<String> refused = bed.post(path, body.formatted(setting));
        assertEquals(400, refused.statusCode(), refused.body());
        assertTrue(refused.body().contains("safetySettings"), refused.body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"xai/grok-4.6", "claude-sonnet-5-5"})
    @DisplayName("a thread for whoever holds none is refused so that the SDK goes on without it")
    void aThreadIsRefusedByItsCode(String model) throws Exception {
        String body =
                """
                {"model":"%s","max_tokens":100,"thread":{"type":"create"},
                 "messages":[{"role":"user","content":"hi"}]}
                """
                        .formatted(model);
        String beta = "message-threads-2026-08-12";
        HttpResponse<String> refused = bed.post("/v1/messages", body, "anthropic-beta", beta);
        JsonNode error = TestSidecar.json(refused).path("error");
        assertEquals(400, refused.statusCode(), refused.body());
        assertEquals("invalid_request_error", error.path("type").asText());
        assertEquals(
                "thread_unsupported_request", error.path("details").path("error_code").asText());
    }
}
