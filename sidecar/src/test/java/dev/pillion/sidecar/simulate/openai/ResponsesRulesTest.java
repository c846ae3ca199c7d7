package dev.pillion.sidecar.simulate.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pillion.sidecar.simulate.kit.Ask;
import dev.pillion.sidecar.simulate.kit.Verdict;
import dev.pillion.sidecar.simulate.responses.ResponsesMemory;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Responses takes, by model and by item. */
class ResponsesRulesTest {
    private final ResponsesValidator validator =
            new ResponsesValidator(new ResponsesMemory(false), OpenAiResponses.seals());

    /** {@code good}, or the code, or the parameter, of what was wrong. */
    private String verdict(String json) {
        var bytes = json.getBytes(StandardCharsets.UTF_8);
        var ask = new Ask("POST", "/v1/responses", "", Map.of(), bytes, 0);
        return switch (validator.check(ask, "me")) {
            case Verdict.Good(_) -> "good";
            case Verdict.Bad(var error) -> error.code() == null ? error.param() : error.code();
        };
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "gpt-6.2-sol | \"reasoning\":{\"effort\":\"max\"} | good",
                "gpt-6.2-sol | \"reasoning\":{\"effort\":\"none\"} | unsupported_value",
                "gpt-6-luna | \"reasoning\":{\"effort\":\"none\"},\"temperature\":0.2 | good",
                "gpt-6-luna | \"temperature\":0.2 | unsupported_value",
                "gpt-6-luna | \"top_logprobs\":2 | unsupported_parameter",
                "gpt-6-luna | \"include\":[\"message.output_text.logprobs\"] | include",
                "gpt-5.5 | \"reasoning\":{\"effort\":\"max\"} | unsupported_value",
                "gpt-5 | \"reasoning\":{\"effort\":\"minimal\"} | good",
                "gpt-5.1 | \"reasoning\":{\"effort\":\"minimal\"} | unsupported_value",
                "gpt-5-pro | \"reasoning\":{\"effort\":\"high\"} | good",
                "gpt-5-pro | \"reasoning\":{\"effort\":\"low\"} | unsupported_value",
                "gpt-4o | \"reasoning\":{\"effort\":\"low\"} | unsupported_parameter",
                "gpt-4o | \"reasoning\":{\"summary\":\"auto\"} | unsupported_parameter",
                "gpt-4o | \"reasoning\":null | good",
                "gpt-4o | \"include\":[\"reasoning.encrypted_content\"] | include",
                "gpt-5.5 | \"reasoning\":{\"mode\":\"pro\"} | unsupported_parameter",
                "gpt-5.6-sol | \"reasoning\":{\"mode\":\"pro\"} | good",
                "gpt-4o | \"max_output_tokens\":15 | integer_below_min_value",
                "gpt-4o | \"max_output_tokens\":16 | good",
                "gpt-4o | \"max_output_tokens\":20000 | integer_above_max_value",
                "gpt-4o | \"text\":{\"verbosity\":\"low\"} | unsupported_value",
                "gpt-5.4 | \"text\":{\"verbosity\":\"low\"} | good",
                "gpt-4o | \"prompt_cache_options\":{\"ttl\":\"12h\"} | unsupported_parameter",
                "gpt-5.6-sol | \"prompt_cache_options\":{\"ttl\":\"12h\"} | good",
                "gpt-4o | \"service_tier\":\"ultrafast\" | service_tier",
                "gpt-4o | \"background\":true,\"store\":false | background",
                "gpt-4o | \"stream_options\":{\"include_obfuscation\":false} | stream_options",
                "gpt-4o | \"previous_response_id\":\"resp_1\" | previous_response_not_found",
                "gpt-4o | \"conversation\":\"conv_1\" | conversation",
                "gpt-audio | \"store\":false | model",
                "gpt-5 | \"reasoning\":{\"effort\":\"minimal\"},"
                        + "\"tools\":[{\"type\":\"web_search\"}] | tools",
                "gpt-4o | \"tools\":[{\"type\":\"web_search\",\"filters\":"
                        + "{\"blocked_domains\":[\"https://a.b\"]}}] | invalid_value",
                "gpt-4o | \"tools\":[{\"type\":\"web_search_preview\",\"filters\":{}}]"
                        + " | unknown_parameter",
                "gpt-4o | \"tools\":[{\"type\":\"mcp\",\"server_label\":\"a\"}]"
                        + " | missing_required_parameter"
            })
    void settingsAreTakenByModel(String model, String fields, String verdict) {
        assertEquals(
                verdict, verdict("{\"model\":\"" + model + "\",\"input\":\"x\"," + fields + "}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "\"Hello\" | good",
                "[] | missing_required_parameter",
                "[{\"role\":\"developer\",\"content\":\"Be brief.\"}] | good",
                "[{\"type\":\"item_reference\",\"id\":\"msg_1\"}] | input",
                "[{\"type\":\"reasoning\",\"summary\":[]}] | missing_required_parameter",
                "[{\"type\":\"reasoning\",\"summary\":[],\"encrypted_content\":\"CiQB\"}]"
                        + " | invalid_encrypted_content",
                "[{\"role\":\"user\",\"content\":[{\"type\":\"input_image\"}]}]"
                        + " | missing_mutually_exclusive_parameters",
                "[{\"role\":\"user\",\"content\":[{\"type\":\"input_image\","
                        + "\"image_url\":\"data:image/tiff;base64,AAAA\"}]}]"
                        + " | invalid_image_format",
                "[{\"role\":\"user\",\"content\":[{\"type\":\"input_file\","
                        + "\"file_data\":\"data:application/pdf;base64,AAAA\"}]}]"
                        + " | missing_required_parameter",
                "[{\"role\":\"user\",\"content\":[{\"type\":\"input_file\",\"filename\":\"a.pdf\","
                        + "\"file_data\":\"JVBERi0x\"}]}] | invalid_value",
                "[{\"role\":\"user\",\"content\":[{\"type\":\"input_file\","
                        + "\"file_url\":\"https://a.example/b.mp3\"}]}] | unsupported_file",
                "[{\"type\":\"function_call\",\"call_id\":\"c\",\"name\":\"f\","
                        + "\"arguments\":\"{}\"}] | input",
                "[{\"type\":\"function_call_output\",\"call_id\":\"c\",\"output\":\"x\"}] | input",
                "[{\"type\":\"function_call\",\"call_id\":\"c\",\"name\":\"f\",\"arguments\":\"\"},"
                        + "{\"type\":\"function_call_output\",\"call_id\":\"c\",\"output\":\"\"}]"
                        + " | good",
                "[{\"type\":\"function_call\",\"id\":\"call_1\",\"call_id\":\"c\",\"name\":\"f\","
                        + "\"arguments\":\"{}\"}] | invalid_value"
            })
    void itemsAreTakenByTheirKind(String input, String verdict) {
        assertEquals(verdict, verdict("{\"model\":\"gpt-5.4\",\"input\":" + input + "}"));
    }
}
