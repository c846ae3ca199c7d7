package dev.pillion.adapters.xai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.adapters.Refusal;
import dev.pillion.adapters.Surface;
import dev.pillion.adapters.openai.OpenAiChatDialect;
import dev.pillion.protocol.chat.ChatEvent;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.chat.ReplyFold;
import dev.pillion.protocol.chat.StopReason;
import dev.pillion.protocol.fault.FaultException;
import dev.pillion.protocol.fault.FaultKind;
import dev.pillion.protocol.fault.Retry;
import dev.pillion.protocol.wire.Headers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** xAI's legacy Chat Completions: where it differs from OpenAI's. */
final class XaiChatTest {
    private static final String HI = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";
    private static final String DONE =
            "data: {\"id\":\"1\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{},"
                    + "\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";

    private static ChatRequest chat(String fields) {
        byte[] body = ("{\"model\":\"m\"," + fields + "}").getBytes(StandardCharsets.UTF_8);
        return new OpenAiChatDialect()
                .decode(new Surface("/v1/chat/completions", Headers.NONE, body));
    }

    private static JsonNode sent(ChatRequest request) {
        return Xai.body(Xai.PROVIDER.encode(request, Xai.anyModel("m"), Endpoint.CHAT));
    }

    private static String refusal(ChatRequest request) {
        return assertThrows(
                        FaultException.class,
                        () -> Xai.PROVIDER.encode(request, Xai.anyModel("m"), Endpoint.CHAT))
                .fault()
                .message();
    }

    private static List<ChatEvent> events(ChatRequest request, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return Xai.decode(
                Xai.PROVIDER.decoder(request, Xai.anyModel("m"), Endpoint.CHAT),
                bytes,
                new Random(7));
    }

    private static ReplyFold answer(String fields, String body) {
        return Xai.fold(events(chat(fields), body));
    }

    private static String delta(String delta) {
        return "data: {\"id\":\"1\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":"
                + delta
                + "}]}\n\n";
    }

    @Test
    @DisplayName("F13: an error with status 200 to a streamed request fails before any content")
    void anErrorWithStatus200ToAStreamedRequestFailsBeforeAnyContent() {
        String error =
                "{\"code\":\"The service is currently unavailable\",\"error\":\"Try again.\"}";
        List<ChatEvent> events = events(chat(HI + ",\"stream\":true"), error);
        assertFalse(events.stream().anyMatch(ChatEvent::isContent));
        var failed = assertInstanceOf(ChatEvent.Failed.class, events.getLast());
        assertEquals(FaultKind.UNAVAILABLE, failed.fault().kind());
        assertEquals(Retry.ANYWHERE, failed.fault().retry());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rate_limit_exceeded|RATE_LIMITED|ANYWHERE",
                "rate_limit_error|RATE_LIMITED|ANYWHERE",
                "insufficient_quota|QUOTA_EXHAUSTED|ELSEWHERE",
                "api_error|UNAVAILABLE|ANYWHERE",
                "internal_server_error|UNAVAILABLE|ANYWHERE",
                "server_error|UNAVAILABLE|ANYWHERE",
                "overloaded_error|OVERLOADED|ANYWHERE",
                "service_unavailable|OVERLOADED|ANYWHERE",
                "timeout|TIMEOUT|ANYWHERE",
                "timeout_error|TIMEOUT|ANYWHERE",
                "authentication_error|UNAVAILABLE|ELSEWHERE",
                "invalid_api_key|UNAVAILABLE|ELSEWHERE",
                "permission_error|PERMISSION|ELSEWHERE",
                "not_found_error|NOT_FOUND|ELSEWHERE",
                "model_not_found|NOT_FOUND|ELSEWHERE",
                "bad_request|INVALID_REQUEST|NEVER",
                "invalid_request_error|INVALID_REQUEST|NEVER",
                "context_length_exceeded|CONTEXT_TOO_LONG|LARGER_CONTEXT",
                "429|RATE_LIMITED|ANYWHERE",
                "503|OVERLOADED|ANYWHERE",
                "500|UNAVAILABLE|ANYWHERE",
                "401|UNAVAILABLE|ELSEWHERE",
                "404|NOT_FOUND|ELSEWHERE",
                "Some resource has been exhausted|RATE_LIMITED|ANYWHERE",
                "Client specified an invalid argument|INVALID_REQUEST|NEVER",
                "Deadline expired before operation could complete|TIMEOUT|ANYWHERE",
            })
    @DisplayName("F13: the code of an error inside a stream tells what it means")
    void theCodeOfAnErrorInsideAStreamTellsWhatItMeans(String code, FaultKind kind, Retry retry) {
        for (String error :
                List.of(
                        "{\"error\":{\"message\":\"no\",\"code\":\"" + code + "\"}}",
                        "{\"code\":\"" + code + "\",\"error\":\"no\"}")) {
            ReplyFold fold = answer(HI + ",\"stream\":true", "data: " + error + "\n\n");
            assertEquals(kind, fold.fault().kind(), error);
            assertEquals(retry, fold.fault().retry(), error);
        }
    }

    @Test
    void aNumericCodeOfAnErrorInsideAStreamIsAStatus() {
        String error = "data: {\"error\":{\"message\":\"no\",\"code\":503}}\n\n";
        assertEquals(FaultKind.OVERLOADED, answer(HI + ",\"stream\":true", error).fault().kind());
    }

    @Test
    @DisplayName("F14: the conversation's end sent over again is not part of the answer")
    void theConversationsEndSentOverAgainIsNotPartOfTheAnswer() {
        String prefill =
                "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"},"
                        + "{\"role\":\"assistant\",\"content\":\"Once upon\"}]";
        String body =
                delta("{\"role\":\"assistant\",\"content\":\"Once upon\"}")
                        + delta("{\"content\":\" a time\"}")
                        + DONE;
        assertEquals(List.of(new Part.Text(" a time")), answer(prefill, body).content());
        assertEquals(List.of(new Part.Text("Once upon a time")), answer(HI, body).content());
    }

    @Test
    @DisplayName("F29: a piece of thinking sent twice counts once, short pieces may repeat")
    void aPieceOfThinkingSentTwiceCountsOnceShortPiecesMayRepeat() {
        String piece = delta("{\"reasoning_content\":\"The user greets me, so \"}");
        String very = delta("{\"reasoning_content\":\" very\"}");
        ReplyFold fold = answer(HI, piece + piece + very + very + DONE);
        var thinking = assertInstanceOf(Part.Thinking.class, fold.content().getFirst());
        assertEquals("The user greets me, so  very very", thinking.text());
    }

    @Test
    @DisplayName("F25 F31: calls that come whole beside empty content are calls and nothing else")
    void callsThatComeWholeBesideEmptyContentAreCallsAndNothingElse() {
        String calls =
                delta(
                                "{\"role\":\"assistant\",\"content\":\"\",\"tool_calls\":[{\"index\":0,"
                                    + "\"id\":\"c1\",\"type\":\"function\",\"function\":{\"name\":"
                                    + "\"f\",\"arguments\":\"{\\\"a\\\":1}\"}}]}")
                        + delta(
                                "{\"tool_calls\":[{\"index\":1,\"id\":\"c2\",\"type\":"
                                        + "\"function\",\"function\":{\"name\":\"g\","
                                        + "\"arguments\":\"{}\"}}]}")
                        + DONE.replace("\"stop\"", "\"tool_calls\"");
        ReplyFold fold = answer(HI, calls);
        assertEquals(2, fold.content().size());
        var first = assertInstanceOf(Part.ToolCall.class, fold.content().get(0));
        var second = assertInstanceOf(Part.ToolCall.class, fold.content().get(1));
        assertEquals("c1 f {\"a\":1}", first.id() + " " + first.name() + " " + first.arguments());
        assertEquals("c2 g {}", second.id() + " " + second.name() + " " + second.arguments());
        assertEquals(StopReason.TOOL_CALL, fold.stop().reason());
    }

    @ParameterizedTest
    @CsvSource({
        "stop, END",
        "length, MAX_TOKENS",
        "content_filter, REFUSAL",
        "REASON_MAX_CONTEXT, MAX_TOKENS",
        "time_limit, MAX_TOKENS"
    })
    @DisplayName("F11: finish reasons keep their meaning, an unknown one is never a clean end")
    void finishReasonsKeepTheirMeaning(String word, StopReason reason) {
        String body = delta("{\"content\":\"x\"}") + DONE.replace("\"stop\"", '"' + word + '"');
        assertEquals(reason, answer(HI, body).stop().reason());
    }

    @Test
    void citationsOfTheAnswerAreItsSourcesAndHaveNoTitles() {
        String body =
                delta("{\"content\":\"x\"}")
                        + DONE.replace(
                                "\"choices\"", "\"citations\":[\"https://a.b/c\"],\"choices\"");
        ReplyFold fold = answer(HI, body);
        assertEquals("https://a.b/c", fold.sources().getFirst().url());
        assertNull(fold.sources().getFirst().title());
    }

    @Test
    @DisplayName("F35 F39: thinking beside the completion is in the output, and priced once")
    void thinkingBesideTheCompletionIsInTheOutput() {
        String usage =
                "data: {\"id\":\"1\",\"model\":\"m\",\"choices\":[],\"usage\":{"
                        + "\"prompt_tokens\":165,\"completion_tokens\":2,\"total_tokens\":296,"
                        + "\"prompt_tokens_details\":{\"text_tokens\":165,\"cached_tokens\":151},"
                        + "\"completion_tokens_details\":{\"reasoning_tokens\":129}}}\n\n";
        ReplyFold fold = answer(HI, delta("{\"content\":\"x\"}") + usage + DONE);
        assertEquals(165, fold.usage().inputTokens());
        assertEquals(151, fold.usage().cachedInputTokens());
        assertEquals(131, fold.usage().outputTokens());
        assertEquals(129, fold.usage().thinkingTokens());
    }

    @Test
    @DisplayName("F35: where more is cached than the prompt has, all its text was cached")
    void whereMoreIsCachedThanThePromptHasAllItsTextWasCached() {
        String usage =
                "data: {\"id\":\"1\",\"model\":\"m\",\"choices\":[],\"usage\":{"
                        + "\"prompt_tokens\":678,\"completion_tokens\":4,\"total_tokens\":682,"
                        + "\"prompt_tokens_details\":{\"text_tokens\":422,\"image_tokens\":256,"
                        + "\"cached_tokens\":1056}}}\n\n";
        ReplyFold fold = answer(HI, delta("{\"content\":\"x\"}") + usage + DONE);
        assertEquals(1056 + 256, fold.usage().inputTokens());
        assertEquals(1056, fold.usage().cachedInputTokens());
        assertEquals(4, fold.usage().outputTokens());
    }

    @Test
    void rawFieldsWithTheSameMeaningGoAlong() {
        JsonNode body = sent(chat(HI + ",\"user\":\"u1\",\"service_tier\":\"fast\",\"seed\":7"));
        assertEquals("u1", body.path("user").asText());
        assertEquals("priority", body.path("service_tier").asText());
        assertEquals(7, body.path("seed").asInt());
        assertEquals("u2", sent(chat(HI + ",\"safety_identifier\":\"u2\"")).path("user").asText());
    }

    @Test
    void theCacheKeyOfAConversationIsAHeaderWithAUuid() {
        var call =
                Xai.PROVIDER.encode(
                        chat(HI + ",\"prompt_cache_key\":\"conv-1\""),
                        Xai.anyModel("m"),
                        Endpoint.CHAT);
        String id = call.headers().get("x-grok-conv-id");
        assertNotNull(id);
        assertTrue(id.matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"), id);
        assertFalse(Xai.body(call).has("prompt_cache_key"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"logit_bias\":{\"1\":2}",
                "\"logprobs\":true",
                "\"top_logprobs\":3",
                "\"metadata\":{\"a\":\"b\"}",
                "\"verbosity\":\"low\"",
                "\"store\":true",
                "\"modalities\":[\"text\",\"audio\"]",
                "\"prediction\":{\"type\":\"content\",\"content\":\"x\"}",
                "\"search_parameters\":{\"mode\":\"on\"}",
                "\"deferred\":true",
                "\"service_tier\":\"flex\"",
                "\"n\":2",
                "\"top_k\":3"
            })
    void rawFieldsThatXaiHasNotAreRefusedByName(String field) {
        String name = field.substring(1, field.indexOf('"', 1));
        assertTrue(refusal(chat(HI + "," + field)).startsWith("/" + name + ":"), field);
    }

    @Test
    void aSearchIsRefusedByNameWhereOnlyChatCompletionsCanServe() {
        String body = HI + ",\"web_search_options\":{}";
        assertTrue(refusal(chat(body)).startsWith("/websearch:"), body);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"type\":\"input_audio\",\"input_audio\":{\"data\":\"AA==\",\"format\":\"wav\"}}"
                        + "|xAI takes no sound",
                "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/gif;base64,AA==\"}}"
                        + "|xAI takes jpeg and png pictures only",
                "{\"type\":\"file\",\"file\":{\"file_data\":\"data:application/pdf;base64,AA==\"}}"
                        + "|xAI takes no file's bytes",
                "{\"type\":\"file\",\"file\":{\"file_id\":\"file-1\"}}|a file stored at openai"
            })
    void mediaThatXaiDoesNotTakeAreRefusedByName(String part, String why) {
        String message = "\"messages\":[{\"role\":\"user\",\"content\":[" + part + "]}]";
        String said = refusal(chat(message));
        assertTrue(said.startsWith("/messages/0/content/0: " + why), said);
    }

    @Test
    void aPictureInAToolsResultStaysInIt() {
        String loop =
                "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"},{\"role\":\"assistant\","
                        + "\"tool_calls\":[{\"id\":\"c1\",\"type\":\"function\",\"function\":"
                        + "{\"name\":\"f\",\"arguments\":\"{}\"}}]},{\"role\":\"tool\","
                        + "\"tool_call_id\":\"c1\",\"content\":[{\"type\":\"text\",\"text\":"
                        + "\"see\"},{\"type\":\"image_url\",\"image_url\":{\"url\":"
                        + "\"https://a.b/c.png\"}}]}]";
        JsonNode result = sent(chat(loop)).path("messages").path(2);
        assertEquals("image_url", result.path("content").path(1).path("type").asText());
    }

    @Test
    @DisplayName("F25: a custom tool is a function with one text argument, and comes back custom")
    void aCustomToolIsAFunctionWithOneTextArgumentAndComesBackCustom() {
        String custom = HI + ",\"tools\":[{\"type\":\"custom\",\"custom\":{\"name\":\"sql\"}}]";
        JsonNode tool = sent(chat(custom)).path("tools").path(0);
        assertEquals("function", tool.path("type").asText());
        assertEquals("sql", tool.path("function").path("name").asText());
        assertTrue(tool.path("function").path("parameters").path("properties").has("input"));
        String call =
                delta(
                                "{\"tool_calls\":[{\"index\":0,\"id\":\"c1\",\"type\":\"function\","
                                        + "\"function\":{\"name\":\"sql\",\"arguments\":"
                                        + "\"{\\\"input\\\":\\\"select 1\\\"}\"}}]}")
                        + DONE.replace("\"stop\"", "\"tool_calls\"");
        var part = (Part.ToolCall) answer(custom, call).content().getFirst();
        assertEquals("{\"input\":\"select 1\"}", part.arguments());
        assertEquals("custom", part.seal().data());
    }

    @Test
    void aCustomToolHeldToAGrammarIsRefusedByName() {
        String custom =
                HI
                        + ",\"tools\":[{\"type\":\"custom\",\"custom\":{\"name\":\"sql\",\"format\":"
                        + "{\"type\":\"grammar\",\"grammar\":{\"syntax\":\"lark\",\"definition\":\"start:"
                        + " x\"}}}}]";
        assertTrue(refusal(chat(custom)).startsWith("/tools/0/format:"));
    }

    @Test
    @DisplayName("F33: an answer that breaks a keyword which xAI may ignore is no answer")
    void anAnswerThatBreaksAKeywordWhichXaiMayIgnoreIsNoAnswer() {
        ChatRequest request =
                Xai.uniform(
                        "{"
                                + HI
                                + ",\"output\":{\"schema\":{\"type\":\"object\",\"properties\":{"
                                + "\"a\":{\"type\":\"string\",\"minLength\":3}}}}}");
        String body = delta("{\"content\":\"{\\\"a\\\":\\\"x\\\"}\"}") + DONE;
        assertEquals(FaultKind.UPSTREAM_PROTOCOL, Xai.fold(events(request, body)).fault().kind());
    }

    @Test
    void stopAndPenaltiesAreRefusedByNameForModelsThatRefuseThem() {
        var refuses = Set.of(Refusal.STOP, Refusal.PENALTIES);
        for (String field : List.of("\"stop\":\"x\"", "\"presence_penalty\":1")) {
            var context = Xai.context("m", refuses, false);
            var fault =
                    assertThrows(
                            FaultException.class,
                            () ->
                                    Xai.PROVIDER.encode(
                                            chat(HI + "," + field), context, Endpoint.CHAT));
            assertEquals(FaultKind.UNSUPPORTED, fault.fault().kind());
        }
    }
}
