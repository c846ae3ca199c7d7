package dev.pillion.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.protocol.wire.Json;
import dev.pillion.sidecar.cli.PillionCommand;
import dev.pillion.sidecar.simulate.Misbehaviour;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Why requests are planned as they are: in answers, and by dry runs that leave no trace. */
class ExplainTest {
    private static final String SONNET = "anthropic/claude-sonnet-5-5";
    private static final String TERRA = "openai/gpt-6.1-terra";
    private static final String ROUTES =
            TestSidecar.CONFIG
                    + """
                    aliases:
                      house: [anthropic/claude-sonnet-5-5, openai/gpt-6.1-terra]
                    callers:
                      narrow: {allow: {providers: [openai]}}
                    routing:
                      breaker: {open: 100ms, open_max: 100ms}
                      classes:
                        balanced: {weights: {cost: 1, latency: 1, reliability: 1}}
                        fast: {order: [anthropic/claude-haiku-4-5, xai/grok-4.5]}
                    """;
    private static final String CANARY = "canary-prompt";
    private static final String HI =
            "{'messages':[{'role':'user','content':'" + CANARY + "'}],'stream':false}";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private PrintStream usualOut;
    private PrintStream usualErr;
    private TestSidecar bed;

    @BeforeEach
    void start() throws Exception {
        usualOut = System.out;
        usualErr = System.err;
        bed = TestSidecar.start(ROUTES);
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void stop() throws Exception {
        System.setOut(usualOut);
        System.setErr(usualErr);
        bed.close();
    }

    private static String json(String quoted) {
        return quoted.replace('\'', '"');
    }

    private static String explained(String body) {
        return json(body).replaceFirst("}$", ",\"route\":{\"explain\":true}}");
    }

    private int pillion(String... arguments) {
        out.reset();
        err.reset();
        return PillionCommand.execute(arguments);
    }

    private int explain(String body, String... more) throws Exception {
        Path file = Files.writeString(bed.directory.resolve("request.json"), json(body));
        List<String> line = new ArrayList<>(List.of("admin", "explain", file.toString()));
        line.addAll(List.of("--admin-socket", bed.directory.resolve("admin.sock").toString()));
        line.addAll(List.of(more));
        return pillion(line.toArray(String[]::new));
    }

    private JsonNode told(String body, String... more) throws Exception {
        String[] all = new String[more.length + 2];
        System.arraycopy(more, 0, all, 0, more.length);
        all[more.length] = "--output";
        all[more.length + 1] = "json";
        assertEquals(0, explain(body, all), errors());
        return Json.read(out.toByteArray());
    }

    private String errors() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private String output() {
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void theLineNamesTheWinnerItsTermsTheNextAndWhoWasRemoved() throws Exception {
        JsonNode answer = TestSidecar.json(bed.post("/v1/generate", json(HI)));
        String why = answer.at("/route/why").asText();
        String won =
                answer.at("/route/provider").asText() + "/" + answer.at("/route/model").asText();
        assertTrue(why.startsWith("class balanced, weighed: " + won + " "), why);
        assertTrue(why.contains(" (cost ") && why.contains(" USD, latency "), why);
        assertTrue(why.contains("; others "), why);
        assertFalse(answer.path("route").has("explanation"), answer.toString());

        String only = HI.replace("'stream':false", "'route':{'not':['openai']}");
        why = TestSidecar.json(bed.post("/v1/generate", json(only))).at("/route/why").asText();
        assertTrue(why.contains("; left out " + TERRA + ": excluded by route.not, "), why);
    }

    @Test
    void aNamedModelIsNamedAndAnAliasKeepsItsOrder() throws Exception {
        String named = HI.replace("'stream'", "'model':'" + TERRA + "','stream'");
        assertEquals(
                "named",
                TestSidecar.json(bed.post("/v1/generate", json(named))).at("/route/why").asText());
        String alias = HI.replace("'stream'", "'model':'house','stream'");
        bed.anthropic.faults().always(new Misbehaviour.Status(500));
        assertEquals(
                "alias house, in order: " + TERRA + ", after others of 2",
                TestSidecar.json(bed.post("/v1/generate", json(alias))).at("/route/why").asText());
    }

    @Test
    void whoAsksForItGetsTheVeryPlanThatWasCarriedOut() throws Exception {
        bed.anthropic.faults().always(new Misbehaviour.Status(500));
        bed.openai.faults().always(new Misbehaviour.Status(500));
        HttpResponse<String> failed = bed.post("/v1/generate", explained(HI));
        JsonNode error = TestSidecar.json(failed).path("error");
        assertEquals(
                error.at("/explanation/candidates/0/model").asText(),
                error.at("/attempts/0/provider").asText()
                        + "/"
                        + error.at("/attempts/0/model").asText(),
                failed.body());
        bed.anthropic.faults().clear();
        bed.openai.faults().clear();
        JsonNode route = TestSidecar.json(bed.post("/v1/generate", explained(HI))).path("route");
        JsonNode told = route.path("explanation");
        assertEquals("weights", told.path("by").asText());
        assertEquals(4, told.path("candidates").size());
        assertEquals(route.path("why"), told.path("why"));
        for (JsonNode each : told.path("candidates")) {
            double sum = 0;
            for (JsonNode term : each.path("terms")) {
                sum += term.asDouble();
            }
            assertEquals(each.path("score").asDouble(), sum, 0.002);
            assertTrue(each.path("failure_share").asDouble() > 0.01, each.toString());
        }
    }

    @Test
    void aStreamTellsItAtItsEnd() throws Exception {
        String stream = explained(HI).replace("\"stream\":false", "\"stream\":true");
        String body = bed.post("/v1/generate", stream).body();
        String done = body.substring(body.lastIndexOf("data: ") + 6).strip();
        JsonNode told = Json.read(done).at("/route/explanation");
        assertTrue(told.path("stream").asBoolean(), body);
        assertEquals(4, told.path("candidates").size());
    }

    @Test
    void aDryRunLeavesNoTrace() throws Exception {
        assertEquals(200, bed.post("/v1/generate", json(HI)).statusCode());
        long sent = bed.anthropic.log().requestCount() + bed.openai.log().requestCount();
        JsonNode health = bed.admin("/health");
        JsonNode limits = bed.admin("/limits");
        JsonNode usage = bed.admin("/usage");
        String metrics = requests();
        JsonNode once = told(HI);
        assertEquals(once, told(HI));
        told(HI, "--header", "x-pillion-max-cost-usd: 9", "--caller", "someone");
        assertEquals(sent, bed.anthropic.log().requestCount() + bed.openai.log().requestCount());
        assertEquals(health, bed.admin("/health"));
        assertEquals(limits, bed.admin("/limits"));
        assertEquals(usage, bed.admin("/usage"));
        assertEquals(metrics, requests());
        bed.sidecar.close();
        assertEquals(1, bed.log().lines().count(), bed.log());
    }

    private String requests() throws Exception {
        return String.join(
                "\n",
                bed.get(bed.probe("/metrics"))
                        .body()
                        .lines()
                        .filter(line -> line.startsWith("pillion_request"))
                        .toList());
    }

    @Test
    void aDryRunClaimsNoProbe() throws Exception {
        bed.anthropic.faults().always(new Misbehaviour.Status(500));
        String alias = HI.replace("'stream'", "'model':'house','stream'");
        for (int i = 0; i < 3; i++) {
            assertEquals(200, bed.post("/v1/generate", json(alias)).statusCode());
        }
        bed.anthropic.faults().clear();
        JsonNode told = told(alias);
        while (!told.at("/candidates/1/probe_due").asBoolean()) { // 100 ms and a fifth at most
            assertEquals(SONNET, told.at("/candidates/1/model").asText(), told.toString());
            Thread.onSpinWait();
            told = told(alias);
        }
        assertTrue(told(alias).at("/candidates/1/probe_due").asBoolean());
        JsonNode answer = TestSidecar.json(bed.post("/v1/generate", json(alias)));
        assertEquals("anthropic", answer.at("/route/provider").asText(), answer.toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "generate|{'messages':[{'role':'user','content':'canary-prompt'}]}",
                "chat|{'model':'class:balanced','messages':[{'role':'user','content':'canary-prompt'}]}",
                "responses|{'model':'class:balanced','input':'canary-prompt'}",
                "messages|{'model':'class:balanced','max_tokens':99,'messages':[{'role':'user','content':'canary-prompt'}]}",
                "gemini|{'contents':[{'role':'user','parts':[{'text':'canary-prompt'}]}]}"
            })
    void everySurfaceIsExplainedAndNoPromptOrKeyIsShown(String surface, String body)
            throws Exception {
        String[] model =
                surface.equals("gemini")
                        ? new String[] {"--surface", surface, "--model", "class:balanced"}
                        : new String[] {"--surface", surface};
        assertEquals(0, explain(body, model), errors());
        assertTrue(output().contains(SONNET) && output().contains(TERRA), output());
        assertFalse(output().contains("canary"), output());
        JsonNode told = told(body, model);
        assertEquals("balanced", told.path("class").asText());
        assertFalse(output().contains("canary"), output());
    }

    @Test
    void whatTheHeadersAndTheCallerSayCounts() throws Exception {
        JsonNode told = told(HI, "--caller", "narrow");
        assertEquals(TERRA, told.at("/candidates/0/model").asText());
        assertEquals(
                "the caller may not use provider anthropic", told.at("/removed/0/why").asText());
        told = told(HI, "--header", "x-pillion-prefer: cheapest");
        assertEquals(4, told.at("/weights/cost").asDouble());
        assertEquals(1, explain(HI, "--header", "x-pillion-max-cost-usd: 0"));
        assertTrue(output().contains("left out: " + SONNET + ": over the cost"), output());
        assertTrue(errors().contains("over the cost ceiling: up to "), errors());
    }

    @Test
    void aPromptThatIsTooLongIsToldWithItsNumbers() throws Exception {
        String words = "word ".repeat(1_500_000);
        assertEquals(1, explain(HI.replace(CANARY, words)), errors());
        assertTrue(
                output().contains("tokens can't hold the prompt of at least "),
                output() + errors());
    }

    @Test
    void whatIsWrongIsToldWithItsPlaceAndAnExitCode() throws Exception {
        assertEquals(2, explain("{'messages':[{'role':'nobody','content':'x'}]}"));
        assertTrue(errors().contains("request.json: ") && errors().contains("/messages/0/role"));
        assertEquals(1, errors().lines().count(), errors());
        assertEquals(2, explain("{'messages':"));
        assertTrue(errors().contains("request.json: (body): not JSON: "), errors());
        assertEquals(2, explain(HI, "--header", "authorization: secret"));
        assertTrue(errors().startsWith("pillion: --header: 'authorization' "), errors());
        assertEquals(2, explain(HI, "--header", "x-pillion-prefer: best"));
        assertTrue(errors().contains("x-pillion-prefer: unknown value"), errors());
        assertEquals(2, explain(HI, "--surface", "gemini"));
        assertEquals(2, explain(HI, "--surface", "soap"));
        assertEquals(1, explain(HI.replace("'stream'", "'model':'gpt-0','stream'")));
        assertTrue(errors().contains("model 'gpt-0' is not known"), errors());
        String nowhere = bed.directory.resolve("none").toString();
        assertEquals(2, pillion("admin", "explain", nowhere));
        String file = bed.configFile().toString();
        assertEquals(69, pillion("admin", "explain", file, "--admin-socket", nowhere));
    }

    @Test
    void routesListEveryClassAndAliasWithWhoIsOutAndWhy() throws Exception {
        JsonNode routes = bed.admin("/routes").path("routes");
        assertEquals(4, routes.size());
        assertEquals("class:balanced", routes.at("/1/name").asText());
        assertEquals("weights", routes.at("/1/by").asText());
        assertTrue(routes.at("/1/candidates/0/input_usd_per_million").isTextual());
        JsonNode fast = routes.path(0);
        assertEquals("order", fast.path("by").asText());
        assertEquals(1, fast.path("candidates").size());
        assertEquals("xai/grok-4.5", fast.at("/removed/0/model").asText());
        assertEquals("its provider has no key", fast.at("/removed/0/why").asText());
        JsonNode house = routes.path(3);
        assertEquals("house", house.path("name").asText());
        assertEquals("order", house.path("by").asText());
        assertEquals(SONNET, house.at("/candidates/0/model").asText());
        String socket = bed.directory.resolve("admin.sock").toString();
        assertEquals(0, pillion("admin", "routes", "--admin-socket", socket), errors());
        assertTrue(output().contains("house, in order"), output());
        assertTrue(output().contains("left out: xai/grok-4.5: its provider"), output());
        assertEquals(0, pillion("admin", "health", "--admin-socket", socket), errors());
        assertTrue(output().contains("anthropic  not asked yet"), output());
    }

    @Test
    void askSaysHowItWasPlannedAndWhatCameOfIt() throws Exception {
        String socket = bed.directory.resolve("p.sock").toString();
        bed.anthropic.faults().always(new Misbehaviour.Status(500));
        String[] line = {"ask", "hi", "--model", "house", "--socket", socket, "--explain"};
        assertEquals(0, pillion(line), errors());
        List<String> lines = output().lines().toList();
        assertEquals("alias house, in the order of its list", lines.getFirst());
        assertTrue(lines.getLast().startsWith("  " + TERRA + ": ok after "), output());
        assertTrue(lines.get(lines.size() - 2).startsWith("  " + SONNET + ": "), output());
    }
}
