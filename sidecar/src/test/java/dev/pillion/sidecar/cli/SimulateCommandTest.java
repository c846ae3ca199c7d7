package dev.pillion.sidecar.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.protocol.wire.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** {@code pillion config simulate}, as an operator has it before him. */
class SimulateCommandTest {
    /** No key of it can be found, and none need be. */
    private static final String HOUSE =
            """
            version: 3
            providers:
              anthropic: {keys: [{id: a, value: env:NO_SUCH_VARIABLE}]}
              openai: {keys: [{id: o, value: file:/no/such/file}]}
              house: {speaks: openai, base_url: "http://127.0.0.1:9/v1"}
            models:
              - {id: anthropic/first, class: balanced, can: [stream], context: 200000,
                 max_output: 8192, price: {input: 3, output: 15}}
              - {id: openai/second, class: balanced, can: [stream], context: 200000,
                 max_output: 8192, price: {input: 1, output: 4}}
              - {id: house/third, class: balanced, can: [stream], context: 200000,
                 max_output: 8192, price: {input: 0.5, output: 2}}
              - {id: gemini/keyless, class: balanced, can: [stream], context: 200000,
                 max_output: 8192, price: {input: 1, output: 4}}
            routing:
              classes:
                balanced: {order: [anthropic/first, openai/second, house/third, gemini/keyless]}
            prices_as_of: 2026-11-20
            """;

    @TempDir private Path directory;
    private Path house;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private PrintStream usualOut;
    private PrintStream usualErr;

    @BeforeEach
    void writeAndCapture() throws Exception {
        house = Files.writeString(directory.resolve("house.yaml"), HOUSE);
        usualOut = System.out;
        usualErr = System.err;
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void release() {
        System.setOut(usualOut);
        System.setErr(usualErr);
    }

    private int simulate(Object... more) {
        return PillionCommand.execute(
                Map.of(),
                Stream.concat(Stream.of("config", "simulate"), Stream.of(more))
                        .map(String::valueOf)
                        .toArray(String[]::new));
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private JsonNode json(Object... more) throws Exception {
        out.reset();
        assertEquals(0, simulate(more), err());
        return Json.read(out.toByteArray());
    }

    @Test
    void theTableTellsWhoPlaysWhatHappensAndWhatItCameTo() {
        assertEquals(0, simulate(house, "--scenario", "outage", "--minutes", "10"), err());
        List<String> lines = out().lines().toList();
        assertEquals("Class balanced of " + house + ", routed by the class's order", lines.get(0));
        assertTrue(lines.get(1).endsWith(", seed 1, prices as of 2026-11-20"), out());
        assertTrue(lines.get(2).startsWith("Speeds are assumed, not measured"), out());
        assertTrue(out().contains("have no key: gemini/keyless"), out());
        assertTrue(out().contains("\n  1:30 to 3:00: A down\n"), out());
        int head =
                lines.indexOf(
                        lines.stream()
                                .filter(line -> line.contains("requests  "))
                                .findFirst()
                                .orElseThrow());
        assertTrue(lines.get(head + 1).startsWith("   0:00"), out());
        assertTrue(lines.get(head + 12).startsWith("   9:10"), out());
        assertTrue(lines.get(head + 13).startsWith("  total"), out());
        assertTrue(out().contains("  Regret "), out());
        assertFalse(out().contains("round robin"), out());
        assertTrue(lines.stream().allMatch(line -> line.length() <= 120), out());
    }

    @Test
    void anOutageMovesTheTrafficAndItComesBack() throws Exception {
        JsonNode scene =
                json(house, "--scenario", "outage", "--minutes", "10", "--output", "json")
                        .at("/scenarios/0");
        JsonNode down = scene.at("/weather/0");
        assertEquals("anthropic/first", down.path("model").asText());
        assertEquals("down", down.path("what").asText());
        JsonNode own = scene.at("/ways/0");
        assertEquals(0, own.at("/total/failed").asInt());
        for (JsonNode slice : own.path("timeline")) {
            double first = slice.at("/shares/anthropic~1first").asDouble();
            double at = slice.path("from_s").asDouble();
            if (at < 90) {
                assertEquals(1, first, slice.toString());
            } else if (at < 180) {
                assertTrue(first < 0.05, slice.toString());
                assertTrue(slice.at("/shares/openai~1second").asDouble() > 0.9, slice.toString());
            } else if (at > 240) {
                assertEquals(1, first, slice.toString());
            }
        }
    }

    @Test
    void jsonHasEveryWayOfRoutingAndItsSumsAgree() throws Exception {
        JsonNode all =
                json(
                        house,
                        "--scenario",
                        "two-down,steady",
                        "--minutes",
                        "2",
                        "--compare",
                        "--output",
                        "json");
        assertEquals("balanced", all.path("class").asText());
        assertEquals("gemini/keyless", all.at("/without_key/0").asText());
        assertEquals(3, all.path("models").size());
        assertEquals(2, all.path("scenarios").size());
        for (JsonNode scene : all.path("scenarios")) {
            assertEquals(9, scene.path("ways").size());
            assertEquals("configured", scene.at("/ways/0/way").asText());
            int requests = scene.at("/ways/0/total/requests").asInt();
            assertTrue(requests > 150, scene.toString());
            for (JsonNode way : scene.path("ways")) {
                assertEquals(requests, way.at("/total/requests").asInt());
                assertEquals(requests, sum(way.path("models")));
                assertEquals(requests, sum(way.path("timeline")));
                assertTrue(way.at("/total/cost_usd").isTextual());
                assertTrue(way.at("/regret/balanced").isNumber());
            }
        }
        assertEquals("steady", all.at("/scenarios/1/scenario").asText());
        assertEquals(0, all.at("/scenarios/1/weather").size());
    }

    private static int sum(JsonNode rows) {
        int sum = 0;
        for (JsonNode row : rows) {
            sum += row.path("requests").asInt();
        }
        return sum;
    }

    @Test
    void theComparisonHasALineForEachWayAndNamesOnesOwn() {
        assertEquals(
                0,
                simulate(
                        "--scenario",
                        "flapping",
                        "--minutes",
                        "5",
                        "--compare",
                        "--prefer",
                        "cheapest"),
                err());
        assertTrue(out().contains("of the built-in catalog, routed by prefer cheapest"), out());
        List<String> ways =
                out().lines()
                        .dropWhile(line -> !line.contains("way of routing"))
                        .map(line -> line.strip().replaceFirst(" {2,}.*", ""))
                        .toList();
        assertEquals(
                List.of(
                        "way of routing",
                        "yours: prefer cheapest",
                        "Pillion, weights all 1",
                        "Pillion, prefer fastest",
                        "fixed order",
                        "round robin",
                        "least latency",
                        "cheapest by price list",
                        "two choices, peak EWMA"),
                ways);
    }

    @Test
    void theSameFileScenarioAndSeedGiveTheSameBytesAndAnotherSeedDoesNot() throws Exception {
        Path one = directory.resolve("one.svg");
        Path other = directory.resolve("other.svg");
        Object[] usual = {
            house,
            "--scenario",
            "brown-out,price-change",
            "--minutes",
            "4",
            "--compare",
            "--output",
            "json",
            "--svg"
        };
        json(Stream.concat(Stream.of(usual), Stream.of(one)).toArray());
        byte[] first = out.toByteArray();
        json(Stream.concat(Stream.of(usual), Stream.of(other)).toArray());
        assertArrayEquals(first, out.toByteArray());
        assertArrayEquals(Files.readAllBytes(one), Files.readAllBytes(other));
        json(Stream.concat(Stream.of(usual), Stream.of(other, "--seed", "2")).toArray());
        assertFalse(Files.readString(one).equals(Files.readString(other)));
    }

    @Test
    void aGivenTempoIsUsedAndMarkedAndTheOthersAreAssumed() throws Exception {
        Object[] usual = {house, "--scenario", "steady", "--minutes", "3", "--output", "json"};
        JsonNode assumed = json(usual);
        JsonNode given =
                json(
                        Stream.concat(
                                        Stream.of(usual),
                                        Stream.of("--tempo", "anthropic/first=2000,30"))
                                .toArray());
        assertEquals("given", given.at("/models/0/tempo").asText());
        assertEquals(2000, given.at("/models/0/first_ms").asInt());
        assertEquals("assumed", given.at("/models/1/tempo").asText());
        String median = "/scenarios/0/ways/0/total/first_token_p50_ms";
        assertTrue(assumed.at(median).asDouble() < 1000, assumed.at(median).toString());
        assertTrue(given.at(median).asDouble() > 1500, given.at(median).toString());
    }

    @Test
    void theChartIsWellFormedAndSelfContainedWhateverTheFileIsCalled() throws Exception {
        Path odd = Files.writeString(directory.resolve("a<b>&\"c'.yaml"), HOUSE);
        Path chart = directory.resolve("chart.svg");
        Files.writeString(chart, "what was there before");
        assertEquals(
                0, simulate(odd, "--scenario", "all", "--minutes", "2", "--svg", chart), err());
        String text = Files.readString(chart);
        Document document = parsed(text);
        assertEquals("svg", document.getDocumentElement().getLocalName());
        assertTrue(texts(document).anyMatch(odd.toString()::equals), text);
        assertTrue(texts(document).anyMatch("anthropic/first: down"::equals), text);
        assertTrue(texts(document).anyMatch(each -> each.startsWith("two-down: ")), text);
        for (String foreign :
                List.of("<script", "href", "url(", "@import", "@font-face", "onload")) {
            assertFalse(text.contains(foreign), foreign);
        }
        assertTrue(text.contains("prefers-color-scheme: dark"), text);
        assertFalse(text.contains("NaN") || text.contains("Infinity"), text);
        try (Stream<Path> files = Files.list(directory)) {
            assertEquals(3, files.count(), "a part of a file is left");
        }
    }

    private static Document parsed(String text) throws Exception {
        var factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        return factory.newDocumentBuilder()
                .parse(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static Stream<String> texts(Document document) {
        var nodes = document.getElementsByTagName("text");
        return Stream.iterate(0, i -> i < nodes.getLength(), i -> i + 1)
                .map(i -> ((Element) nodes.item(i)).getTextContent());
    }

    @Test
    void anUnknownScenarioIsExit2WithTheNearestNames() {
        assertEquals(2, simulate(house, "--scenario", "outtage"));
        assertTrue(
                err().startsWith("pillion: --scenario: 'outtage' (expected: near: outage, "),
                err());
        assertEquals(1, err().lines().count(), err());
        assertEquals(2, simulate(house));
        assertTrue(err().contains("--scenario"), err());
    }

    @Test
    void aBadConfigurationIsExit78WithEachProblem() throws Exception {
        Path bad = directory.resolve("bad.yaml");
        Files.writeString(bad, "providers: {house: {base_url: 7}}\nroutng: {}\n");
        assertEquals(78, simulate(bad, "--scenario", "steady"));
        assertTrue(err().contains("did you mean 'routing'"), err());
        assertTrue(err().contains("base_url"), err());
        assertTrue(err().contains(bad + ":"), err());
        assertEquals("", out());
        assertEquals(78, simulate(directory.resolve("none.yaml"), "--scenario", "steady"));
    }

    @Test
    void aChartThatCannotBeWrittenIsExit1AndLeavesWhatIsThere() throws Exception {
        Path nowhere = directory.resolve("none/chart.svg");
        assertEquals(
                1, simulate(house, "--scenario", "steady", "--minutes", "1", "--svg", nowhere));
        assertTrue(
                err().startsWith(
                                "pillion: --svg: "
                                        + nowhere
                                        + " can't be written: there is no such"),
                err());
        Path taken = Files.createDirectory(directory.resolve("chart.svg"));
        assertEquals(1, simulate(house, "--scenario", "steady", "--minutes", "1", "--svg", taken));
        assertTrue(Files.isDirectory(taken));
    }

    @Test
    void aChartReplacesWhatALinkPointsToAndLeavesTheLink() throws Exception {
        Path chart = Files.writeString(directory.resolve("chart.svg"), "old");
        Path link = Files.createSymbolicLink(directory.resolve("link.svg"), chart);
        assertEquals(
                0, simulate("-", "--scenario", "steady", "--minutes", "1", "--svg", link), err());
        assertTrue(Files.isSymbolicLink(link));
        assertTrue(Files.readString(chart).startsWith("<svg "));
        assertTrue(out().startsWith("Class balanced of the built-in catalog, "), out());
    }

    @Test
    void theHelpTellsEveryScenario() {
        assertEquals(0, simulate("--help"));
        for (String name : List.of("steady", "brown-out", "two-down", "rate-squeeze")) {
            assertTrue(out().contains("\n  " + name + " "), out());
        }
        assertTrue(out().lines().allMatch(line -> line.length() <= 80), out());
    }

    @Test
    void sizesAndTemposThatAreNoneAreExit2AndNamed() {
        for (List<String> wrong :
                List.of(
                        List.of("--rate", "0"),
                        List.of("--rate", "NaN"),
                        List.of("--minutes", "-1"),
                        List.of("--minutes", "1e9"),
                        List.of("--rate", "1000", "--minutes", "60"),
                        List.of("--class", "grand"),
                        List.of("--tempo", "anthropic/frist=1,2"),
                        List.of("--tempo", "anthropic/first=1"),
                        List.of("--tempo", "anthropic/first=x,2"),
                        List.of("--tempo", "anthropic/first=0,2"))) {
            err.reset();
            Object[] all =
                    Stream.concat(Stream.of(house, "--scenario", "steady"), wrong.stream())
                            .toArray();
            assertEquals(2, simulate(all), wrong.toString());
            assertTrue(err().contains(wrong.getFirst()), wrong + ": " + err());
        }
        assertTrue(err().contains("MODEL=FIRST_MS,PER_TOKEN_MS"), err());
    }

    @Test
    void whatNoModelHasRoomForFails() throws Exception {
        Files.writeString(house, HOUSE.replace("context: 200000", "context: 9000"));
        JsonNode total =
                json(house, "--scenario", "long-prompts", "--minutes", "2", "--output", "json")
                        .at("/scenarios/0/ways/0/total");
        int requests = total.path("requests").asInt();
        int failed = total.path("failed").asInt();
        assertTrue(failed > 0.9 * requests && failed < requests, total.toString());
        assertTrue(total.path("refused").asInt() <= failed, total.toString());
    }

    @Test
    void aClassThatNobodyServesIsExit2() throws Exception {
        String alone =
                """
                providers: {house: {speaks: openai, base_url: "http://127.0.0.1:9/v1"}}
                models:
                  - {id: house/m, class: fast, can: [stream], context: 1000, max_output: 100, price: free}
                """;
        Files.writeString(house, alone);
        assertEquals(2, simulate(house, "--scenario", "steady"));
        assertTrue(err().contains("--class: class balanced has no model"), err());
        assertEquals(
                0, simulate(house, "--scenario", "steady", "--class", "fast", "--minutes", "1"));
    }
}
