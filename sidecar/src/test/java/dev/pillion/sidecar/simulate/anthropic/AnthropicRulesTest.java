package dev.pillion.sidecar.simulate.anthropic;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pillion.sidecar.simulate.kit.Ask;
import dev.pillion.sidecar.simulate.kit.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Rules that follow the API version and the model, which recordings of old requests do not show.
 */
class AnthropicRulesTest {
    private static final String ASK = "\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]";
    private static final String TOOL =
            "\"tools\":[{\"name\":\"t\",\"input_schema\":{\"type\":\"object\"}}]";
    private final AnthropicValidator validator = new AnthropicValidator(new AnthropicSeals("test"));

    private String verdict(String model, String version, String fields) {
        var body =
                "{\"model\":\""
                        + model
                        + "\",\"max_tokens\":4000"
                        + (fields.isEmpty() ? "" : ",")
                        + fields
                        + (fields.contains("\"messages\"") ? "" : "," + ASK)
                        + "}";
        var headers =
                version.isEmpty() ? Map.<String, String>of() : Map.of("anthropic-version", version);
        var ask =
                new Ask(
                        "POST",
                        "/v1/messages",
                        "",
                        headers,
                        body.getBytes(StandardCharsets.UTF_8),
                        0);
        return switch (validator.check(ask)) {
            case Verdict.Good(_) -> "good";
            case Verdict.Bad(var error) -> error.status() + " " + error.message();
        };
    }

    private boolean good(String model, String version, String fields) {
        return verdict(model, version, fields).equals("good");
    }

    @ParameterizedTest
    @CsvSource({
        "claude-sonnet-4-5, '', 0.3, true",
        "claude-sonnet-4-5, 2023-06-01, 0.3, true",
        "claude-sonnet-4-5, 2026-10-21, 0.3, false",
        "claude-sonnet-4-5, 2026-10-21, 1.0, false",
        "claude-opus-4-7, 2023-06-01, 1.0, true",
        "claude-opus-4-7, 2023-06-01, 0.3, false",
        "claude-haiku-5-5, '', 0.9, false"
    })
    void temperatureIsTakenByVersionAndModel(
            String model, String version, String value, boolean taken) {
        assertEquals(taken, good(model, version, "\"temperature\":" + value));
    }

    @ParameterizedTest
    @CsvSource({
        "claude-fable-5-2, adaptive, true",
        "claude-fable-5-2, disabled, false",
        "claude-opus-5-5, disabled, false",
        "claude-sonnet-5-5, between_tools, true",
        "claude-haiku-5-5, between_tools, false",
        "claude-haiku-5-5, disabled, true",
        "claude-sonnet-5, disabled, true",
        "claude-opus-4-8, adaptive, true",
        "claude-sonnet-4-5, adaptive, false",
        "claude-3-haiku-20240307, adaptive, false"
    })
    void thinkingIsTakenByModel(String model, String type, boolean taken) {
        assertEquals(taken, good(model, "", "\"thinking\":{\"type\":\"" + type + "\"}"));
    }

    @ParameterizedTest
    @CsvSource({
        "claude-sonnet-4-6, true",
        "claude-opus-4-7, false",
        "claude-sonnet-5, false",
        "claude-3-5-haiku-latest, false"
    })
    void aThinkingBudgetIsTakenByModel(String model, boolean taken) {
        var budget = "\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":2000}";
        assertEquals(taken, good(model, "", budget));
    }

    @ParameterizedTest
    @CsvSource({
        "claude-opus-4-5, high, true",
        "claude-opus-4-5, max, false",
        "claude-opus-4-6, max, true",
        "claude-opus-4-6, xhigh, false",
        "claude-opus-4-7, xhigh, true",
        "claude-haiku-4-5, low, false"
    })
    void effortIsTakenByModel(String model, String effort, boolean taken) {
        assertEquals(taken, good(model, "", "\"output_config\":{\"effort\":\"" + effort + "\"}"));
    }

    @ParameterizedTest
    @CsvSource({
        "claude-opus-5-5, false",
        "claude-sonnet-5-5, false",
        "claude-fable-5-1, false",
        "claude-fable-5, true",
        "claude-haiku-5-5, true",
        "claude-sonnet-4-5, true"
    })
    void toolsAreForcedByModel(String model, boolean taken) {
        assertEquals(taken, good(model, "", TOOL + ",\"tool_choice\":{\"type\":\"any\"}"));
        assertEquals(true, good(model, "", TOOL + ",\"tool_choice\":{\"type\":\"auto\"}"));
    }

    @ParameterizedTest
    @CsvSource({
        "claude-haiku-4-5, true",
        "claude-sonnet-4-0, true",
        "claude-opus-5, false",
        "claude-sonnet-4-6, false"
    })
    void prefillIsTakenByModel(String model, boolean taken) {
        var messages =
                "\"messages\":[{\"role\":\"user\",\"content\":\"Count\"},"
                        + "{\"role\":\"assistant\",\"content\":\"One,\"}]";
        assertEquals(taken, good(model, "", messages));
    }

    @ParameterizedTest
    @CsvSource({
        "claude-opus-4-8, true",
        "claude-haiku-5-5, true",
        "claude-sonnet-5, false",
        "claude-sonnet-4-5, false"
    })
    void systemTurnsAreTakenByModelAndPlace(String model, boolean taken) {
        var after =
                "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"},"
                        + "{\"role\":\"system\",\"content\":\"Be brief\"}]";
        assertEquals(taken, good(model, "", after));
        var before =
                "\"messages\":[{\"role\":\"system\",\"content\":\"Be brief\"},"
                        + "{\"role\":\"user\",\"content\":\"Hi\"}]";
        assertEquals(false, good(model, "", before));
    }

    @Test
    void theNewVersionTakesNoDocumentsOfTheAssistantAndNoCitationsOfTheUser() {
        var document =
                "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"},{\"role\":\"assistant\","
                        + "\"content\":[{\"type\":\"document\",\"source\":{\"type\":\"text\","
                        + "\"media_type\":\"text/plain\",\"data\":\"x\"}}]},"
                        + "{\"role\":\"user\",\"content\":\"And?\"}]";
        assertEquals(true, good("claude-opus-4-8", "2023-06-01", document));
        assertEquals(false, good("claude-opus-4-8", "2026-10-21", document));
        var cited =
                "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"x\","
                        + "\"citations\":[{\"type\":\"char_location\",\"cited_text\":\"x\","
                        + "\"document_index\":0,\"document_title\":null,\"start_char_index\":0,"
                        + "\"end_char_index\":1}]}]}]";
        assertEquals(true, good("claude-opus-4-8", "2023-06-01", cited));
        assertEquals(false, good("claude-opus-4-8", "2026-10-21", cited));
    }

    @Test
    void aVersionThatDoesNotExistIsRefused() {
        assertEquals(false, good("claude-opus-4-8", "2024-01-01", ""));
        assertEquals(true, good("claude-opus-4-8", "2026-10-21", ""));
    }

    @Test
    void whatIsBetaNeedsItsHeader() {
        var servers =
                "\"mcp_servers\":[{\"type\":\"url\",\"name\":\"n\",\"url\":\"https://x.example\"}]";
        assertEquals(
                "400 mcp_servers: Extra inputs are not permitted",
                verdict("claude-opus-4-8", "", servers));
    }

    @Test
    void longerLivedCacheMarksComeFirst() {
        var wrong =
                "\"system\":[{\"type\":\"text\",\"text\":\"a\",\"cache_control\":{\"type\":\"ephemeral\"}},"
                    + "{\"type\":\"text\",\"text\":\"b\",\"cache_control\":{\"type\":\"ephemeral\",\"ttl\":\"1h\"}}]";
        assertEquals(false, good("claude-opus-4-8", "", wrong));
    }

    @Test
    void theVendorsOwnWordsAreKept() {
        assertEquals("404 model: claude-nonesuch", verdict("claude-nonesuch", "", ""));
        assertEquals(
                "400 This model does not support effort level 'xhigh'. Supported levels: high, low,"
                        + " max, medium.",
                verdict("claude-opus-4-6", "", "\"output_config\":{\"effort\":\"xhigh\"}"));
        assertEquals(
                "400 max_tokens: Field required",
                verdictOf("{\"model\":\"claude-opus-4-8\"," + ASK + "}"));
    }

    private String verdictOf(String body) {
        var ask =
                new Ask(
                        "POST",
                        "/v1/messages",
                        "",
                        Map.of(),
                        body.getBytes(StandardCharsets.UTF_8),
                        0);
        return switch (validator.check(ask)) {
            case Verdict.Good(_) -> "good";
            case Verdict.Bad(var error) -> error.status() + " " + error.message();
        };
    }
}
