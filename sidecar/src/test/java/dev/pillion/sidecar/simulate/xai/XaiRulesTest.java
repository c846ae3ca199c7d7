package dev.pillion.sidecar.simulate.xai;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pillion.sidecar.simulate.kit.Ask;
import dev.pillion.sidecar.simulate.kit.Verdict;
import dev.pillion.sidecar.simulate.responses.ResponsesMemory;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What xAI takes, by model and by API. */
class XaiRulesTest {
    private final XaiValidator validator =
            new XaiValidator(
                    new XaiModels(false), new ResponsesMemory(false), XaiValidator.seals());

    private static Ask ask(String json) {
        var headers = Map.of("content-type", "application/json");
        var bytes = json.getBytes(StandardCharsets.UTF_8);
        return new Ask("POST", "", "", headers, bytes, 0);
    }

    private static int status(Verdict<?> verdict) {
        return switch (verdict) {
            case Verdict.Good(_) -> 200;
            case Verdict.Bad(var error) -> error.status();
        };
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "grok-4.7 | \"reasoning_effort\":\"xhigh\" | 200",
                "grok-4.5 | \"reasoning_effort\":\"xhigh\" | 400",
                "grok-4.5 | \"reasoning_effort\":\"none\" | 400",
                "grok-4.3 | \"reasoning_effort\":\"none\" | 200",
                "grok-4.20-reasoning | \"reasoning_effort\":\"low\" | 400",
                "grok-build-0.1 | \"reasoning_effort\":\"low\" | 400",
                "grok-latest | \"reasoning_effort\":\"low\" | 200",
                "grok-4.7 | \"stop\":[\"x\"] | 400",
                "grok-4.20-non-reasoning | \"stop\":[\"x\"] | 200",
                "grok-4.7 | \"presence_penalty\":0.5 | 400",
                "grok-4.20-non-reasoning | \"frequency_penalty\":0.5 | 200",
                "grok-4.7 | \"temperature\":2.1 | 400",
                "grok-4.7 | \"temperature\":\"hot\" | 422",
                "grok-4.7 | \"search_parameters\":{} | 410",
                "grok-4.7 | \"metadata\":{} | 422",
                "grok-4.7 | \"max_completion_tokens\":1 | 200",
                "grok-4.7 | \"max_tokens\":1 | 200",
                "grok-4.7 | \"stream\":true,\"deferred\":true | 400",
                "grok-4.20-multi-agent | \"n\":1 | 400",
                "grok-3 | \"n\":1 | 404"
            })
    void chatIsTakenByModel(String model, String fields, int status) {
        var messages = "\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],";
        var json = "{\"model\":\"" + model + "\"," + messages + fields + "}";
        assertEquals(status, status(validator.chat(ask(json))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "grok-4.6 | \"reasoning\":{\"effort\":\"xhigh\",\"summary\":\"auto\"} | 200",
                "grok-4.20-multi-agent | \"reasoning\":{\"effort\":\"xhigh\"} | 200",
                "grok-4.20-multi-agent | \"tools\":[{\"type\":\"function\",\"name\":\"f\"}] | 400",
                "grok-4.5 | \"max_output_tokens\":1 | 200",
                "grok-4.5 | \"max_turns\":3,\"top_k\":4,\"min_p\":0.1,\"seed\":1 | 200",
                "grok-4.5 | \"instructions\":\"x\",\"previous_response_id\":\"y\" | 400",
                "grok-4.5 | \"previous_response_id\":\"y\" | 404",
                "grok-4.5 | \"background\":true | 400",
                "grok-4.5 | \"stop\":\"x\" | 422",
                "grok-4.5 | \"include\":[\"no_inline_citations\"] | 200",
                "grok-4.5 | \"tools\":[{\"type\":\"web_search\","
                        + "\"filters\":{\"allowed_domains\":[\"a.b\"]}}] | 200",
                "grok-4.5 | \"tools\":[{\"type\":\"mcp\",\"server_url\":\"https://a.b\","
                        + "\"require_approval\":\"never\"}] | 422",
                "grok-4.5 | \"tools\":[{\"type\":\"web_search\"}],"
                        + "\"tool_choice\":\"required\" | 200",
                "grok-4.5 | \"text\":{\"format\":{\"type\":\"json_schema\",\"name\":\"a\","
                        + "\"schema\":{\"type\":\"object\",\"properties\":{\"minLength\":"
                        + "{\"type\":\"string\"}}}}} | 200",
                "grok-4.5 | \"text\":{\"format\":{\"type\":\"json_schema\",\"name\":\"a\","
                        + "\"schema\":{\"type\":\"string\",\"minLength\":2}}} | 400"
            })
    void responsesAreTakenByModel(String model, String fields, int status) {
        var json = "{\"model\":\"" + model + "\",\"input\":\"x\"," + fields + "}";
        assertEquals(status, status(validator.responses(ask(json), "me")));
    }
}
