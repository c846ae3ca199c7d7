package dev.pillion.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pillion.sidecar.simulate.SeenRequest;
import dev.pillion.sidecar.simulate.Simulator;
import java.net.http.HttpResponse;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is stored at a vendor goes to that vendor and that account, or is refused by name. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StoredStateTest {
    private static final int ENOUGH = 12;

    private static final String TIMES =
            "timeouts: {connect: 2s, first_byte: 2s, first_byte_unstreamed: 2s, idle: 2s}";

    /** Every vendor with two accounts, of one key and of two. */
    private static final String TWO_ACCOUNTS =
            """
            version: 1
            providers:
              anthropic: {base_url: "%%s", TIMES, keys: [
                {id: a1, value: canary-a1, account: a}, {id: b1, value: canary-b1, account: b},
                {id: b2, value: canary-b2, account: b}]}
              openai: {base_url: "%%s", TIMES, keys: [
                {id: a1, value: canary-a1, account: a}, {id: b1, value: canary-b1, account: b},
                {id: b2, value: canary-b1, account: b}]}
              gemini: {base_url: "%%s", TIMES, keys: [
                {id: a1, value: canary-a1, account: a}, {id: b1, value: canary-b1, account: b}]}
              xai: {base_url: "%%s", TIMES, keys: [
                {id: a1, value: canary-a1, account: a}, {id: b1, value: canary-b1, account: b}]}
            models:
              - {id: openai/gpt-6-luna, fallbacks: [anthropic/claude-sonnet-5-5]}
            aliases:
              mixed: [anthropic/claude-sonnet-5-5, openai/gpt-6-luna, xai/grok-4.7, gemini/gemini-3.6-flash]
              others: [anthropic/claude-sonnet-5-5, gemini/gemini-3.6-flash]
            """
                    .replace("TIMES", TIMES)
                    .replace("%%s", "%s");

    private TestSidecar bed;

    @BeforeAll
    void start() throws Exception {
        bed = TestSidecar.start(TWO_ACCOUNTS);
    }

    @AfterEach
    void calm() {
        for (Simulator each : List.of(bed.anthropic, bed.openai, bed.gemini, bed.xai)) {
            each.faults().clear();
            each.log().clear();
        }
    }

    @AfterAll
    void stop() throws Exception {
        bed.close();
        assertEquals(List.of(), bed.diagnostics);
    }

    private HttpResponse<String> post(String path, String json) throws Exception {
        return bed.post(path, json.replace('\'', '"'));
    }

    private static String key(SeenRequest seen) {
        return seen.header("authorization").replace("Bearer ", "")
                + seen.header("x-api-key")
                + seen.header("x-goog-api-key");
    }

    private static SeenRequest last(Simulator vendor) {
        return Objects.requireNonNull(vendor.log().last());
    }

    @ParameterizedTest
    @ValueSource(strings = {"false", "true"})
    void aStoredResponseIsGoneOnFromInTheAccountThatMadeIt(boolean stream) throws Exception {
        Set<String> accounts = new HashSet<>();
        for (int i = 0; i < ENOUGH; i++) {
            String rest = ",'stream':" + stream + ",'store':true}";
            HttpResponse<String> first =
                    post("/v1/responses", "{'model':'gpt-6-luna','input':'one'" + rest);
            assertEquals(200, first.statusCode(), first.body());
            String made = key(last(bed.openai));
            accounts.add(made);
            int at = first.body().indexOf("resp_");
            String id = first.body().substring(at, first.body().indexOf('"', at));
            String next = "'input':'two','previous_response_id':'" + id + "'";
            for (String model : List.of("gpt-6-luna", "mixed")) {
                HttpResponse<String> second =
                        post("/v1/responses", "{'model':'" + model + "'," + next + rest);
                assertEquals(200, second.statusCode(), second.body());
                assertEquals(made, key(last(bed.openai)));
            }
        }
        assertEquals(2, accounts.size(), "answers are spread over accounts");
    }

    @Test
    void whatNobodySawBeingMadeIsLookedForAtHome() throws Exception {
        for (int i = 0; i < ENOUGH; i++) {
            HttpResponse<String> answer =
                    post(
                            "/v1/responses",
                            "{'model':'gpt-6-luna','input':'x',"
                                    + "'previous_response_id':'resp_0000'}");
            assertEquals("canary-a1", key(last(bed.openai)));
            assertTrue(answer.statusCode() / 100 == 4, answer.body());
            assertTrue(answer.body().contains("resp_0000"), answer.body());
        }
        assertEquals(0, bed.anthropic.log().requestCount(), "no fallback has it");
    }

    /** Surface, body without its model, whose it is, the field's pointer. */
    static List<Arguments> named() {
        String turn = "'messages':[{'role':'user','content':[PART]}]";
        String chat = turn.replace("PART", "{'type':'text','text':'x'},PART");
        String claude = "'max_tokens':64," + chat;
        String gemini =
                "'contents':[{'role':'user','parts':[{'text':'x'}PART]}]"
                        + ",'generationConfig':{'temperature':0}";
        return List.of(
                of(
                        "responses",
                        "'input':'x','previous_response_id':'resp_1'",
                        "openai",
                        "/previous_response_id"),
                of(
                        "responses",
                        "'input':'x','previous_response_id':'" + UUID + "'",
                        "xai",
                        "/previous_response_id"),
                of("responses", "'input':'x','conversation':'conv_1'", "openai", "/conversation"),
                of(
                        "responses",
                        "'input':'x','conversation':{'id':'conv_1'}",
                        "openai",
                        "/conversation"),
                of("responses", "'input':'x','prompt':{'id':'pmpt_1'}", "openai", "/prompt"),
                of(
                        "responses",
                        "'input':[{'type':'item_reference','id':'msg_1'}]",
                        "openai",
                        "/input/0/id"),
                of(
                        "responses",
                        "'input':[{'role':'user','content':[{'type':'input_file','file_id':'file-1'}]}]",
                        "openai",
                        "/input/0/content/0/file_id"),
                of(
                        "responses",
                        "'input':[{'role':'user','content':[{'type':'input_file','file_id':'file_"
                                + UUID
                                + "'}]}]",
                        "xai",
                        "/input/0/content/0/file_id"),
                of(
                        "responses",
                        "'input':'x','tools':[{'type':'file_search','vector_store_ids':['vs_1']}]",
                        "openai",
                        "/tools/0/vector_store_ids"),
                of(
                        "responses",
                        "'input':'x','tools':[{'type':'code_interpreter','container':'cntr_1'}]",
                        "openai",
                        "/tools/0/container"),
                of(
                        "responses",
                        "'input':'x','tools':[{'type':'code_interpreter','container':"
                                + "{'type':'auto','file_ids':['file-1']}}]",
                        "openai",
                        "/tools/0/container/file_ids"),
                of(
                        "chat/completions",
                        chat.replace("PART", "{'type':'file','file':{'file_id':'file-1'}}"),
                        "openai",
                        "/messages/0/content/1/file/file_id"),
                of(
                        "messages",
                        claude.replace(
                                "PART",
                                "{'type':'document','source':{'type':'file','file_id':'file_1'}}"),
                        "anthropic",
                        "/messages/0/content/1/source/file_id"),
                of(
                        "messages",
                        claude.replace(",PART", "") + ",'container':'container_1'",
                        "anthropic",
                        "/container"),
                of(
                        "messages",
                        claude.replace(",PART", "") + ",'container':{'id':'container_1'}",
                        "anthropic",
                        "/container"),
                of(
                        "gemini",
                        gemini.replace("PART", "") + ",'cachedContent':'cachedContents/1'",
                        "gemini",
                        "/cachedContent"),
                of(
                        "gemini",
                        gemini.replace(
                                "PART",
                                ",{'fileData':{'fileUri':'https://generativelanguage.googleapis.com"
                                        + "/v1beta/files/1','mimeType':'application/pdf'}}"),
                        "gemini",
                        "/contents/0/parts/1/fileData/fileUri"),
                of(
                        "generate",
                        chat.replace(
                                "PART", "{'type':'document','provider':'anthropic','file_id':'f'}"),
                        "anthropic",
                        "/messages/0/content/1/file_id"),
                of(
                        "generate",
                        chat.replace(
                                "PART",
                                "{'type':'document','provider':'gemini','file_id':'files/1'}"),
                        "gemini",
                        "/messages/0/content/1/file_id"),
                of(
                        "generate",
                        chat.replace(",PART", "")
                                + ",'vendor':{'openai':{'previous_response_id':'resp_1'}}",
                        "openai",
                        "/vendor/openai/previous_response_id"));
    }

    private static final String UUID = "0b8a5d3e-1c2f-4a5b-8c6d-7e8f9a0b1c2d";

    private static Arguments of(String surface, String body, String vendor, String field) {
        return Arguments.of(surface, body, vendor, field);
    }

    private HttpResponse<String> ask(String surface, String model, String body, String... headers)
            throws Exception {
        return surface.equals("gemini")
                ? bed.post(
                        "/v1beta/models/" + model + ":generateContent",
                        ("{" + body + "}").replace('\'', '"'),
                        headers)
                : bed.post(
                        "/v1/" + surface,
                        ("{'model':'" + model + "'," + body + "}").replace('\'', '"'),
                        headers);
    }

    private List<Simulator> vendors() {
        return List.of(bed.anthropic, bed.openai, bed.gemini, bed.xai);
    }

    @ParameterizedTest
    @MethodSource("named")
    @DisplayName("F21: of several vendors only the one that holds what is named is asked")
    void ofSeveralVendorsOnlyTheOneThatHoldsWhatIsNamedIsAsked(
            String surface, String body, String vendor, String field) throws Exception {
        HttpResponse<String> answer = ask(surface, "mixed", body);
        List<String> asked =
                vendors().stream()
                        .filter(each -> each.log().requestCount() > 0)
                        .map(each ->
                                each == bed.anthropic
                                        ? "anthropic"
                                        : each == bed.openai
                                                ? "openai"
                                                : each == bed.gemini ? "gemini" : "xai")
                        .toList();
        assertEquals(List.of(vendor), asked, answer.statusCode() + answer.body());
        for (Simulator each : vendors()) {
            for (SeenRequest seen : each.log().requests()) {
                assertEquals("canary-a1", key(seen), "at home, since nobody saw it being made");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("named")
    void whereNoCandidateHoldsWhatIsNamedItIsRefusedByName(
            String surface, String body, String vendor, String field) throws Exception {
        String alias =
                vendor.equals("anthropic") || vendor.equals("gemini") ? "openai/gpt-4.1" : "others";
        HttpResponse<String> answer = ask(surface, alias, body);
        assertEquals(400, answer.statusCode(), answer.body());
        assertTrue(answer.body().contains(field), answer.body());
        for (Simulator each : vendors()) {
            assertEquals(0, each.log().requestCount());
        }
    }
}
