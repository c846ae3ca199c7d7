package dev.pillion.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each surface's own way of asking for a search, in all its versions, whoever searches. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SearchOnEverySurfaceTest {
    private static final List<String> MODELS =
            List.of(
                    "anthropic/claude-sonnet-5-5",
                    "openai/gpt-6.1-terra",
                    "gemini/gemini-4-hydrogen",
                    "xai/grok-4.6");

    private static final String QUESTION = "What is the weather in “Zürich” 🏔?";

    /** How an answer on that surface tells where its words are from. */
    private static final Map<String, String> CITED =
            Map.of(
                    "chat/completions", "\"url_citation\"",
                    "responses", "\"url_citation\"",
                    "messages", "\"web_search_result_location\"",
                    "gemini", "\"groundingSupports\"",
                    "generate", "\"citation");

    private TestSidecar bed;

    @BeforeAll
    void start() throws Exception {
        bed = TestSidecar.start(TestSidecar.FOUR);
    }

    @AfterAll
    void stop() throws Exception {
        bed.close();
        assertEquals(List.of(), bed.diagnostics);
    }

    static Stream<Arguments> searches() {
        List<Arguments> all = new ArrayList<>();
        for (String model : MODELS) {
            for (boolean stream : new boolean[] {false, true}) {
                add(all, "chat/completions", "'web_search_options':{}", model, stream);
                add(
                        all,
                        "chat/completions",
                        "'web_search_options':{'search_context_size':'low'}",
                        model,
                        stream);
                for (String tool : List.of("web_search", "web_search_preview")) {
                    add(all, "responses", "'tools':[{'type':'" + tool + "'}]", model, stream);
                }
                for (String date : List.of("20250305", "20260209", "20260318")) {
                    String tool = "'type':'web_search_" + date + "','name':'web_search'";
                    add(
                            all,
                            "messages",
                            "'max_tokens':900,'tools':[{" + tool + "}]",
                            model,
                            stream);
                }
                add(all, "gemini", "'tools':[{'googleSearch':{}}]", model, stream);
                add(all, "gemini", "'tools':[{'google_search':{}}]", model, stream);
                add(all, "generate", "'websearch':{}", model, stream);
            }
        }
        return all.stream();
    }

    private static void add(
            List<Arguments> all, String surface, String tool, String model, boolean stream) {
        all.add(Arguments.of(surface, tool, model, stream));
    }

    private HttpResponse<String> ask(String surface, String tool, String model, boolean stream)
            throws Exception {
        if (surface.equals("gemini")) {
            String method = stream ? ":streamGenerateContent?alt=sse" : ":generateContent";
            return bed.post(
                    "/v1beta/models/" + model.replace("/", "%2F") + method,
                    json("{'contents':[{'role':'user','parts':[{'text':'Q'}]}]," + tool + "}"));
        }
        String question =
                surface.equals("responses")
                        ? "'input':'Q'"
                        : "'messages':[{'role':'user','content':'Q'}]";
        String head = "{'model':'" + model + "','stream':" + stream + ",";
        return bed.post("/v1/" + surface, json(head + question + "," + tool + "}"));
    }

    private static String json(String text) {
        return text.replace('\'', '"').replace("\"Q\"", '"' + QUESTION + '"');
    }

    @ParameterizedTest(name = "{0} {1} by {2}, streamed {3}")
    @MethodSource("searches")
    @DisplayName("F43 F45: a search asked for on any surface is cited there, whoever searches")
    void aSearchAskedForOnAnySurfaceIsCitedThere(
            String surface, String tool, String model, boolean stream) throws Exception {
        HttpResponse<String> answer = ask(surface, tool, model, stream);
        assertEquals(200, answer.statusCode(), answer.body());
        String mark = CITED.get(surface);
        assertTrue(answer.body().replace(" ", "").contains(mark), answer.body());
        boolean hint = tool.contains("search_context_size") && !model.startsWith("openai");
        assertEquals(
                hint,
                answer.headers().firstValue("x-pillion-dropped").isPresent(),
                answer.headers().map().toString());
    }

    static Stream<Arguments> bounded() {
        String chat = "'web_search_options':{'user_location':{'type':'approximate','approximate':";
        String place = "'user_location':{'type':'approximate','city':'Oslo','country':'NO'}";
        String claude =
                "'max_tokens':900,'tools':[{'type':'web_search_20250305','name':'web_search',";
        return Stream.of(
                        List.of(
                                "chat/completions",
                                chat + "{'city':'Oslo','country':'NO'}}}",
                                "location"),
                        List.of(
                                "responses",
                                "'tools':[{'type':'web_search'," + place + "}]",
                                "location"),
                        List.of("messages", claude + place + "}]", "location"),
                        List.of("generate", "'websearch':{'location':{'city':'Oslo'}}", "location"),
                        List.of(
                                "responses",
                                "'tools':[{'type':'web_search','filters':"
                                        + "{'allowed_domains':['a.example']}}]",
                                "allowed_domains"),
                        List.of(
                                "messages",
                                claude + "'allowed_domains':['a.example']}]",
                                "allowed_domains"),
                        List.of(
                                "messages",
                                claude + "'blocked_domains':['a.example']}]",
                                "blocked_domains"))
                .flatMap(each ->
                        MODELS.stream()
                                .map(model ->
                                        Arguments.of(
                                                each.get(0), each.get(1), model, each.get(2))));
    }

    @ParameterizedTest(name = "{0} {1} by {2}")
    @MethodSource("bounded")
    @DisplayName("F44: where to search is told to who can heed it, and refused by name else")
    void whereToSearchIsToldOrRefusedByName(String surface, String tool, String model, String field)
            throws Exception {
        HttpResponse<String> answer = ask(surface, tool, model, false);
        if (model.startsWith("gemini/")) {
            assertEquals(400, answer.statusCode(), answer.body());
            assertTrue(answer.body().contains("/websearch/" + field), answer.body());
            return;
        }
        assertEquals(200, answer.statusCode(), answer.body());
        var vendor =
                model.startsWith("anthropic")
                        ? bed.anthropic
                        : model.startsWith("openai") ? bed.openai : bed.xai;
        String sent = vendor.log().last().body();
        assertTrue(sent.contains("Oslo") || sent.contains("a.example"), sent);
    }
}
