package dev.pillion.sidecar.simulate.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pillion.sidecar.simulate.kit.Ask;
import dev.pillion.sidecar.simulate.kit.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each family of models takes and refuses on Chat Completions. */
class OpenAiRulesTest {
    private static final String TOOL =
            "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"t\"}}]";
    private final ChatValidator validator = new ChatValidator(false);

    private boolean good(String model, String fields) {
        var body =
                "{\"model\":\""
                        + model
                        + "\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}],"
                        + fields
                        + "}";
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        var ask = new Ask("POST", "/v1/chat/completions", "", Map.of(), bytes, 0);
        return validator.check(ask) instanceof Verdict.Good;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gpt-4o | \"temperature\":0.3 | true",
                "gpt-5 | \"temperature\":0.3 | false",
                "gpt-5 | \"temperature\":1 | true",
                "gpt-5.2 | \"temperature\":0.3 | true",
                "gpt-5.2 | \"temperature\":0.3,\"reasoning_effort\":\"low\" | false",
                "gpt-6-luna | \"temperature\":0.3 | false",
                "gpt-6-luna | \"temperature\":0.3,\"reasoning_effort\":\"none\" | true",
                "gpt-6-astra | \"top_p\":0.5 | false",
                "gpt-4o | \"reasoning_effort\":\"low\" | false",
                "gpt-5 | \"reasoning_effort\":\"minimal\" | true",
                "gpt-5.1 | \"reasoning_effort\":\"minimal\" | false",
                "gpt-5.1 | \"reasoning_effort\":\"none\" | true",
                "gpt-5.1 | \"reasoning_effort\":\"xhigh\" | false",
                "gpt-6-sol | \"reasoning_effort\":\"max\" | false",
                "o3 | \"stop\":\"x\" | false",
                "gpt-6-luna | \"stop\":\"x\" | false",
                "gpt-5.4 | \"stop\":\"x\" | true",
                "gpt-5 | \"max_tokens\":100 | false",
                "gpt-5 | \"max_completion_tokens\":100 | true",
                "gpt-4o | \"max_tokens\":10,\"max_completion_tokens\":10 | false",
                "gpt-4 | \"max_tokens\":100000 | false",
                "gpt-5 | \"frequency_penalty\":0.5 | false",
                "gpt-5 | \"logit_bias\":{\"1\":5} | false",
                "gpt-4o | \"logit_bias\":{\"1\":500} | false",
                "gpt-4o | \"verbosity\":\"low\" | false",
                "gpt-5.4 | \"verbosity\":\"low\" | true",
                "gpt-4o | \"web_search_options\":{} | false",
                "gpt-4o-search-preview | \"web_search_options\":{} | true",
                "gpt-4o-search-preview | \"temperature\":0.5 | false",
                "gpt-audio | \"n\":1 | false",
                "gpt-4 |"
                    + " \"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"a\"}}"
                    + " | false",
                "gpt-4o | \"prompt_cache_options\":{\"mode\":\"explicit\"} | false",
                "gpt-5.6-sol | \"prompt_cache_options\":{\"mode\":\"explicit\"} | true",
                "gpt-4o | \"metadata\":{\"a\":1} | false",
                "gpt-4o | \"metadata\":{\"a\":\"b\"} | true",
                "gpt-4o | \"temperature\":null,\"tools\":null,\"stop\":null | true"
            })
    void settingsAreTakenByModel(String model, String fields, boolean taken) {
        assertEquals(taken, good(model, fields));
    }

    @ParameterizedTest
    @CsvSource({
        "gpt-4o, '', true",
        "gpt-5, '', true",
        "gpt-5.4, '', true",
        "gpt-5.4, low, false",
        "gpt-5.4, none, true",
        "gpt-5.6-sol, '', false",
        "gpt-5.6-sol, none, true",
        "gpt-6.1-terra, low, false",
        "gpt-6-astra, low, false",
        "gpt-6.2-sol, low, true"
    })
    void toolsAreTakenByModelAndEffort(String model, String effort, boolean taken) {
        var fields = effort.isEmpty() ? "" : ",\"reasoning_effort\":\"" + effort + "\"";
        assertEquals(taken, good(model, TOOL + fields));
    }
}
