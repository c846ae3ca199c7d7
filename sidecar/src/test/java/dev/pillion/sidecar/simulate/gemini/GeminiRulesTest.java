package dev.pillion.sidecar.simulate.gemini;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pillion.sidecar.simulate.kit.Reply;
import dev.pillion.sidecar.simulate.kit.Trees;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each family of models takes and refuses. */
class GeminiRulesTest {
    private static final String HELLO = "\"contents\":[{\"parts\":[{\"text\":\"Hello\"}]}]";

    private static Reply generate(String model, String fields) {
        var body = Trees.own("{" + HELLO + (fields.isEmpty() ? "" : "," + fields) + "}");
        return GeminiClient.reply("/v1beta/models/" + model + ":generateContent", "", body);
    }

    private static void taken(boolean wanted, String model, String fields) {
        var reply = generate(model, fields);
        assertEquals(wanted ? 200 : 400, reply.status(), GeminiClient.message(reply));
    }

    @ParameterizedTest
    @CsvSource({
        "gemini-4-argon, LOW, true",
        "gemini-4-argon, MINIMAL, false",
        "gemini-4-argon, XHIGH, false",
        "gemini-4-carbon, HIGH, true",
        "gemini-4-hydrogen, XHIGH, true",
        "gemini-4-hydrogen, MINIMAL, false",
        "gemini-3.8-flash, MINIMAL, false",
        "gemini-3.8-flash, MEDIUM, true",
        "gemini-3.6-flash, minimal, true",
        "gemini-3-flash-preview, minimal, true",
        "gemini-3.1-flash-lite, XHIGH, false",
        "gemini-3.1-pro-preview, MINIMAL, false",
        "gemini-3.1-pro-preview, low, true",
        "gemini-2.5-pro, LOW, false",
        "gemini-2.0-flash, LOW, false"
    })
    void levelsOfThinkingAreTakenByModel(String model, String level, boolean taken) {
        taken(
                taken,
                model,
                "\"generationConfig\":{\"thinkingConfig\":{\"thinkingLevel\":\"" + level + "\"}}");
    }

    @ParameterizedTest
    @CsvSource({
        "gemini-2.5-pro, 128, true",
        "gemini-2.5-pro, 127, false",
        "gemini-2.5-pro, 0, false",
        "gemini-2.5-pro, -1, true",
        "gemini-2.5-pro, 32769, false",
        "gemini-2.5-flash, 0, true",
        "gemini-2.5-flash, 24576, true",
        "gemini-2.5-flash, 24577, false",
        "gemini-2.5-flash-lite, 511, false",
        "gemini-2.5-flash-lite, 512, true",
        "gemini-2.5-flash-lite, 0, true",
        "gemini-3.5-flash, 512, true",
        "gemini-4-argon, 1024, false",
        "gemini-4-hydrogen, 1024, false",
        "gemini-2.0-flash, 0, false"
    })
    void budgetsOfThinkingAreTakenByModel(String model, int tokens, boolean taken) {
        var thinking = "{\"thinkingBudget\":" + tokens + "}";
        taken(taken, model, "\"generationConfig\":{\"thinkingConfig\":" + thinking + "}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gemini-2.5-flash | \"presencePenalty\":0.5 | false",
                "gemini-3.5-flash | \"presencePenalty\":0.5 | true",
                "gemini-2.5-flash | \"candidateCount\":2 | true",
                "gemini-3.5-flash | \"candidateCount\":2 | false",
                "gemini-3.5-flash | \"max_output_tokens\":\"500\" | true",
                "gemini-3.5-flash | \"maxOutputTokens\":65537 | false",
                "gemini-4-argon | \"maxOutputTokens\":200000 | true",
                "gemini-3.5-flash | \"temperature\":2 | true",
                "gemini-3.5-flash | \"topK\":0 | false",
                "gemini-3.5-flash | \"responseLogprobs\":true,\"logprobs\":3 | true",
                "gemini-3.5-flash | \"responseMimeType\":\"application/json\" | true",
                "gemini-3.5-flash | \"response_modalities\":\"text\" | true",
                "gemini-3.5-flash | \"seed\":null | true",
                "gemini-3.5-flash | \"mediaResolution\":\"MEDIA_RESOLUTION_LOW\" | true",
                "gemini-3.5-flash | \"topC\":1 | false"
            })
    void settingsAreTakenByModel(String model, String fields, boolean taken) {
        taken(taken, model, "\"generationConfig\":{" + fields + "}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gemini-2.5-flash | FUNCTION | | true",
                "gemini-2.5-flash | SEARCH | | true",
                "gemini-2.5-flash | SEARCH,FUNCTION | | false",
                "gemini-3.5-flash | SEARCH,FUNCTION | | false",
                "gemini-3.5-flash | SEARCH,FUNCTION | \"includeServerSideToolInvocations\":true |"
                        + " true",
                "gemini-2.5-flash | SEARCH,FUNCTION | \"includeServerSideToolInvocations\":true |"
                        + " false",
                "gemini-3.5-flash | FUNCTION | \"functionCallingConfig\":{\"mode\":\"VALIDATED\"} |"
                        + " true",
                "gemini-3.5-flash | SEARCH | \"functionCallingConfig\":{\"mode\":\"ANY\"} | false",
                "gemini-3.5-flash | SEARCH | \"functionCallingConfig\":{\"mode\":\"NONE\"} | true",
                "gemini-3.5-flash |"
                    + " {\"googleSearch\":{\"timeRangeFilter\":{\"startTime\":\"2026-01-01T00:00:00Z\"}}}"
                    + " | | false",
                "gemini-3.5-flash | {\"googleSearch\":{\"excludeDomains\":[\"a.example\"]}} | |"
                        + " false",
                "gemini-3.5-flash | {\"google_search\":{},\"url_context\":{}} | | true",
                "gemini-2.5-flash | {\"googleSearchRetrieval\":{}} | | false",
                "gemini-1.5-flash | {\"googleSearchRetrieval\":{}} | | true"
            })
    void toolsStandTogetherByModel(String model, String tools, String config, boolean taken) {
        var json =
                tools.replace("SEARCH", "{\"googleSearch\":{}}")
                        .replace("FUNCTION", "{\"functionDeclarations\":[{\"name\":\"f\"}]}");
        var chosen = config == null ? "" : ",\"toolConfig\":{" + config + "}";
        taken(taken, model, "\"tools\":[" + json + "]" + chosen);
    }

    @ParameterizedTest
    @CsvSource({
        "gemini-2.5-flash, AUTO, false",
        "gemini-3.5-flash, AUTO, true",
        "gemini-3.5-flash, ANY, false",
        "gemini-4-hydrogen, VALIDATED, true"
    })
    void jsonStandsWithFunctionsByModel(String model, String mode, boolean taken) {
        taken(
                taken,
                model,
                "\"generationConfig\":{\"responseMimeType\":\"application/json\"},"
                        + "\"tools\":[{\"functionDeclarations\":[{\"name\":\"f\"}]}],"
                        + "\"toolConfig\":{\"functionCallingConfig\":{\"mode\":\""
                        + mode
                        + "\"}}");
    }

    @ParameterizedTest
    @CsvSource({
        "v1beta, gemini-flash-latest, 200",
        "v1, gemini-flash-latest, 404",
        "v1, gemini-4-argon, 200",
        "v1alpha, gemini-2.5-flash, 200",
        "v1beta, gemini-embedding-001, 404",
        "v1beta, gemini-nonesuch, 404"
    })
    void modelsAreFoundByVersion(String version, String model, int status) {
        var path = "/" + version + "/models/" + model + "%3AgenerateContent";
        assertEquals(status, GeminiClient.reply(path, "", Trees.own("{" + HELLO + "}")).status());
    }

    @ParameterizedTest
    @CsvSource({
        "gemini-2.5-flash, '', 200",
        "gemini-4-argon, '', 400",
        "gemini-2.5-flash, '\"systemInstruction\":{\"parts\":[{\"text\":\"x\"}]}', 400",
        "gemini-2.5-flash, '\"tools\":[{\"googleSearch\":{}}]', 400"
    })
    void explicitCachesAreTakenByModelAndAlone(String model, String fields, int status) {
        var more = fields.isEmpty() ? "" : "," + fields;
        assertEquals(
                status, generate(model, "\"cachedContent\":\"cachedContents/a1\"" + more).status());
    }
}
