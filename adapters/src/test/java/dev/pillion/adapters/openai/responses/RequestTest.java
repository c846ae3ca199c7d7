package dev.pillion.adapters.openai.responses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.adapters.EncodeContext;
import dev.pillion.adapters.Refusal;
import dev.pillion.adapters.Surface;
import dev.pillion.adapters.UpstreamCall;
import dev.pillion.adapters.anthropic.AnthropicDialect;
import dev.pillion.adapters.corpus.Corpus;
import dev.pillion.adapters.openai.OpenAiChatDialect;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.Effort;
import dev.pillion.protocol.chat.Seal;
import dev.pillion.protocol.chat.Seals;
import dev.pillion.protocol.fault.FaultException;
import dev.pillion.protocol.wire.Headers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What is said to OpenAI by the Responses API. */
class RequestTest {
    private static final EncodeContext ANY = Asked.context("m", false);

    private static Surface surface(String path, String body) {
        return new Surface(path, Headers.NONE, body.getBytes(StandardCharsets.UTF_8));
    }

    private static ChatRequest chat(String body) {
        return new OpenAiChatDialect().decode(surface("/v1/chat/completions", body));
    }

    private static ChatRequest responses(String body) {
        return new ResponsesDialect().decode(surface("/v1/responses", body));
    }

    private static JsonNode sent(ChatRequest request) {
        return Asked.body(request, ANY);
    }

    private static String refusal(ChatRequest request, Refusal... refuses) {
        EncodeContext context = Asked.context("m", false, refuses);
        return assertThrows(
                        FaultException.class,
                        () -> ResponsesCodec.encode(request, context, ResponsesQuirks.OPENAI))
                .getMessage();
    }

    private static String seal(String provider, String account, String data) {
        return Seals.write(new Seal(provider, account, "m", data));
    }

    @Test
    @DisplayName("F20 F21: nothing of another vendor is in what this one is sent")
    void nothingOfAnotherVendorIsInWhatThisOneIsSent() {
        String body =
                """
                {"model":"claude-x","max_tokens":100,"system":[{"type":"text","text":"S",
                  "cache_control":{"type":"ephemeral","ttl":"1h"}}],
                 "tools":[{"name":"f","input_schema":{"type":"object"},
                  "cache_control":{"type":"ephemeral"}}],
                 "messages":[{"role":"user","content":"go"},
                  {"role":"assistant","content":[
                   {"type":"thinking","thinking":"hm","signature":"c2lnbmF0dXJl"},
                   {"type":"redacted_thinking","data":"cmVkYWN0ZWQ="},
                   {"type":"tool_use","id":"toolu_1","name":"f","input":{"a":1}}]},
                  {"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_1",
                   "is_error":true,"content":"no","cache_control":{"type":"ephemeral"}}]}]}
                """;
        ChatRequest request = new AnthropicDialect().decode(surface("/v1/messages", body));
        String sent = sent(request).toString();
        for (String foreign :
                List.of("cache_control", "signature", "c2ln", "redacted", "ephemeral", "hm")) {
            assertFalse(sent.contains(foreign), foreign + " in " + sent);
        }
        JsonNode input = sent(request).path("input");
        assertEquals("toolu_1", input.path(2).path("call_id").asText());
        assertEquals("{\"a\":1}", input.path(2).path("arguments").asText());
        assertEquals("Error: no", input.path(3).path("output").asText());
    }

    @Test
    void aConversationThatGrowsKeepsItsPrefixByteForByte() {
        var before = new ArrayList<String>();
        for (String more :
                List.of(
                        "",
                        ",{\"role\":\"user\",\"content\":\"more\"}",
                        ",{\"role\":\"user\",\"content\":\"more\"},"
                                + "{\"role\":\"assistant\",\"content\":\"so\"}")) {
            ChatRequest request =
                    Asked.uniform(
                            """
                            {"system":"S","tools":[{"name":"f"}],"output":{"json":true},"messages":[
                             {"role":"user","content":"go"},{"role":"assistant","content":[
                               {"type":"thinking","text":"hm","seal":"%s"},
                               {"type":"tool_call","id":"a","name":"f","arguments":"{ }"}]},
                             {"role":"tool","content":[
                               {"type":"tool_result","tool_call_id":"a","content":"1"}]}%s]}
                            """
                                    .formatted(
                                            seal(
                                                    "openai",
                                                    "main",
                                                    "{\"type\":\"reasoning\",\"id\":\"rs_1\",\"summary\":[],"
                                                        + "\"encrypted_content\":\"g\"}"),
                                            more));
            UpstreamCall call = ResponsesCodec.encode(request, ANY, ResponsesQuirks.OPENAI);
            String sent = StandardCharsets.UTF_8.decode(call.body().getFirst()).toString();
            for (String earlier : before) {
                assertTrue(sent.startsWith(earlier.substring(0, earlier.length() - 2)), sent);
            }
            before.add(sent);
        }
    }

    @Test
    @DisplayName("F27: allowed tools, custom tools and their choice have this format's own form")
    void toolsAndTheirChoiceHaveThisFormatsOwnForm() {
        String request =
                """
                {"model":"m","messages":[{"role":"user","content":"x"}],"tools":[
                  {"type":"function","function":{"name":"f"}},
                  {"type":"custom","custom":{"name":"sql","description":"d","format":{"type":"grammar",
                    "grammar":{"syntax":"lark","definition":"start: x"}}}}],
                 "parallel_tool_calls":false,"tool_choice":%s}
                """;
        JsonNode allowed =
                sent(
                        chat(
                                request.formatted(
                                        """
                                        {"type":"allowed_tools","allowed_tools":{"mode":"required",
                                         "tools":[{"type":"custom","custom":{"name":"sql"}}]}}
                                        """)));
        assertEquals(
                Corpus.json(
                        """
                        {"type":"allowed_tools","mode":"required",
                         "tools":[{"type":"custom","name":"sql"}]}
                        """),
                allowed.path("tool_choice"));
        assertEquals(
                Corpus.json(
                        """
                        {"type":"custom","name":"sql","description":"d","format":{"type":"grammar",
                         "syntax":"lark","definition":"start: x"}}
                        """),
                allowed.path("tools").path(1));
        assertFalse(allowed.path("parallel_tool_calls").asBoolean(true));
        JsonNode named =
                sent(
                        chat(
                                request.formatted(
                                        "{\"type\":\"function\",\"function\":{\"name\":\"f\"}}")));
        assertEquals(
                Corpus.json("{\"type\":\"function\",\"name\":\"f\"}"), named.path("tool_choice"));
    }

    @Test
    @DisplayName("F25 F31: a custom tool's call and its result keep their type")
    void aCustomToolsCallAndItsResultKeepTheirType() {
        JsonNode input =
                sent(chat(
                                """
                                {"model":"m","messages":[{"role":"user","content":"x"},
                                 {"role":"assistant","tool_calls":[{"id":"c","type":"custom",
                                   "custom":{"name":"sql","input":"select \\"1\\""}}]},
                                 {"role":"tool","tool_call_id":"c","content":""}]}
                                """))
                        .path("input");
        assertEquals(
                Corpus.json(
                        """
                        [{"role":"user","content":"x"},
                         {"type":"custom_tool_call","call_id":"c","name":"sql",
                          "input":"select \\"1\\""},
                         {"type":"custom_tool_call_output","call_id":"c","output":""}]
                        """),
                input);
    }

    @ParameterizedTest
    @CsvSource({"openai, main, true", "openai, other, false", "xai, main, false"})
    @DisplayName("F28 F29: thinking goes back in its place and unchanged, or not at all")
    void thinkingGoesBackInItsPlaceOrNotAtAll(String provider, String account, boolean back) {
        String item =
                "{\"type\":\"reasoning\",\"id\":\"rs_1\",\"summary\":[],\"encrypted_content\":\"gA\"}";
        JsonNode input =
                sent(Asked.uniform(
                                """
                                {"messages":[{"role":"user","content":"go"},
                                 {"role":"assistant","content":[
                                  {"type":"text","text":"First."},
                                  {"type":"thinking","text":"","seal":"%s"},
                                  {"type":"tool_call","id":"a","name":"f","arguments":{}}]},
                                 {"role":"tool","content":[{"type":"tool_result",
                                  "tool_call_id":"a","content":"1"}]}]}
                                """
                                        .formatted(seal(provider, account, item))))
                        .path("input");
        assertEquals(back ? 5 : 4, input.size(), input.toString());
        assertEquals(back, Corpus.json(item).equals(input.path(2)), input.toString());
        assertEquals("a", input.path(back ? 3 : 2).path("call_id").asText());
    }

    @Test
    @DisplayName("F29: thinking whose message lost its id goes without its own; a cut one stays")
    void thinkingWhoseMessageLostItsIdGoesWithoutItsOwn() {
        String item =
                "{\"type\":\"reasoning\",\"id\":\"rs_1\",\"summary\":[],\"encrypted_content\":\"gA\"}";
        String turn =
                """
                {"messages":[{"role":"user","content":"go"},{"role":"assistant","content":[
                  {"type":"thinking","text":"","seal":"%s"}%s]},{"role":"user","content":"on"}]}
                """;
        String thought = seal("openai", "main", item);
        String paired = seal("openai", "main", "{\"id\":\"msg_1\"}");
        String text = ",{\"type\":\"text\",\"text\":\"So.\"";
        JsonNode lost = sent(Asked.uniform(turn.formatted(thought, text + "}"))).path("input");
        assertFalse(lost.path(1).has("id"), lost.toString());
        assertEquals("gA", lost.path(1).path("encrypted_content").asText());
        JsonNode kept =
                sent(Asked.uniform(turn.formatted(thought, text + ",\"seal\":\"" + paired + "\"}")))
                        .path("input");
        assertEquals("rs_1", kept.path(1).path("id").asText());
        assertEquals("msg_1", kept.path(2).path("id").asText());
        JsonNode cut = sent(Asked.uniform(turn.formatted(thought, ""))).path("input");
        assertEquals(2, cut.size(), cut.toString());
    }

    @ParameterizedTest
    @EnumSource(Effort.class)
    @DisplayName("F30: each level of effort is said in its own word")
    void eachLevelOfEffortIsSaidInItsOwnWord(Effort effort) {
        ChatRequest request =
                Asked.uniform(
                        """
                        {"messages":[{"role":"user","content":"x"}],"thinking":{"effort":"%s"}}
                        """
                                .formatted(effort.wire()));
        UpstreamCall call = ResponsesCodec.encode(request, ANY, ResponsesQuirks.OPENAI);
        assertEquals(effort, call.effortUsed());
        assertEquals(
                effort == Effort.OFF ? "none" : effort.wire(),
                Asked.body(call).path("reasoning").path("effort").asText());
    }

    @Test
    @DisplayName("F32: instructions keep their number, order and place")
    void instructionsKeepTheirNumberOrderAndPlace() {
        JsonNode input =
                sent(chat(
                                """
                                {"model":"m","messages":[{"role":"system","content":"A"},
                                 {"role":"developer","content":"B"},
                                 {"role":"user","content":"one"},{"role":"user","content":"two"},
                                 {"role":"system","content":"C"},
                                 {"role":"user","content":"three"}]}
                                """))
                        .path("input");
        var said = new ArrayList<String>();
        input.forEach(i -> said.add(i.path("role").asText() + " " + i.path("content").asText()));
        assertEquals(
                List.of(
                        "developer A",
                        "developer B",
                        "user one",
                        "user two",
                        "developer C",
                        "user three"),
                said);
    }

    @Test
    @DisplayName(
            "F33: a schema outside the strict subset is tried, and insisted on refused by keyword")
    void aSchemaOutsideTheStrictSubsetIsRefusedByKeyword() {
        String request =
                """
                {"model":"m","messages":[{"role":"user","content":"x"}],"response_format":{
                 "type":"json_schema","json_schema":{"name":"n","strict":%s,"schema":{"type":"object",
                  "properties":{"a":{"not":{}}},"required":["a"],"additionalProperties":false}}}}
                """;
        JsonNode tried = sent(chat(request.formatted("false"))).path("text").path("format");
        assertFalse(tried.path("strict").asBoolean(true));
        assertEquals("n", tried.path("name").asText());
        String refused = refusal(chat(request.formatted("true")));
        assertTrue(refused.startsWith("/output/schema/properties/a/not: not is outside"), refused);
    }

    @Test
    @DisplayName("F34: JSON mode is asked for alike, streamed and not")
    void jsonModeIsAskedForAlikeStreamedAndNot() {
        String request =
                """
                {"messages":[{"role":"user","content":"x"}],"output":{"json":true},"stream":%s}
                """;
        JsonNode whole = sent(Asked.uniform(request.formatted("false")));
        var streamed =
                (com.fasterxml.jackson.databind.node.ObjectNode)
                        sent(Asked.uniform(request.formatted("true")));
        assertTrue(streamed.remove("stream").asBoolean());
        streamed.remove("stream_options");
        assertEquals(whole, streamed);
        assertTrue(whole.path("input").toString().contains("JSON"), whole.toString());
    }

    @Test
    @DisplayName(
            "F44: web search and functions go together; a bound on searches only where it is one")
    void webSearchAndFunctionsGoTogether() {
        JsonNode both =
                sent(
                        Asked.uniform(
                                """
                                {"messages":[{"role":"user","content":"x"}],"tools":[{"name":"f"}],
                                 "websearch":{"max_uses":2}}
                                """));
        assertEquals("function", both.path("tools").path(0).path("type").asText());
        assertEquals("web_search", both.path("tools").path(1).path("type").asText());
        assertEquals(2, both.path("max_tool_calls").asInt());
        ChatRequest others =
                responses(
                        """
                        {"model":"m","input":"x","tools":[{"type":"code_interpreter",
                         "container":{"type":"auto"}},{"type":"web_search"}]}
                        """);
        assertEquals(2, sent(others).path("tools").size());
    }

    @Test
    @DisplayName("F48: breakpoints of either of OpenAI's surfaces are kept where they stood")
    void breakpointsAreKeptWhereTheyStood() {
        String mark = "\"prompt_cache_breakpoint\":{\"mode\":\"explicit\"}";
        JsonNode fromChat =
                sent(
                        chat(
                                """
                                {"model":"m","prompt_cache_key":"k","messages":[
                                 {"role":"system","content":[{"type":"text","text":"S",%s}]},
                                 {"role":"user","content":"plain"},
                                 {"role":"user","content":[{"type":"text","text":"a",%s},
                                  {"type":"text","text":"b"}]}]}
                                """
                                        .formatted(mark, mark)));
        assertEquals("k", fromChat.path("prompt_cache_key").asText());
        JsonNode input = fromChat.path("input");
        assertTrue(input.path(0).path("content").path(0).has("prompt_cache_breakpoint"));
        assertEquals("plain", input.path(1).path("content").asText());
        assertTrue(input.path(2).path("content").path(0).has("prompt_cache_breakpoint"));
        assertFalse(input.path(2).path("content").path(1).has("prompt_cache_breakpoint"));
        JsonNode fromResponses =
                sent(
                        responses(
                                """
                                {"model":"m","input":[{"role":"user","content":[
                                 {"type":"input_text","text":"a",%s}]}]}
                                """
                                        .formatted(mark)));
        assertTrue(fromResponses.toString().contains(mark), fromResponses.toString());
    }

    @Test
    void whatChatCompletionsSaysInOtherWordsIsTranslated() {
        JsonNode sent =
                sent(
                        chat(
                                """
                                {"model":"m","verbosity":"low","n":1,"logit_bias":{},"user":"u",
                                 "presence_penalty":0,"modalities":["text"],"metadata":{"a":"b"},
                                 "logprobs":true,"top_logprobs":2,
                                 "web_search_options":{"search_context_size":"low",
                                  "user_location":{"type":"approximate","approximate":{"city":"Oslo"}}},
                                 "messages":[{"role":"user","content":[{"type":"image_url",
                                  "image_url":{"url":"https://a.example/b.png","detail":"low"}}]}]}
                                """));
        assertEquals("low", sent.path("text").path("verbosity").asText());
        assertEquals(2, sent.path("top_logprobs").asInt());
        assertTrue(sent.path("include").toString().contains("message.output_text.logprobs"));
        assertEquals("u", sent.path("user").asText());
        assertEquals("b", sent.path("metadata").path("a").asText());
        for (String gone : List.of("n", "logit_bias", "presence_penalty", "modalities")) {
            assertFalse(sent.has(gone), gone);
        }
        assertEquals(
                Corpus.json(
                        """
                        {"type":"web_search","search_context_size":"low",
                         "user_location":{"type":"approximate","city":"Oslo"}}
                        """),
                sent.path("tools").path(0));
        JsonNode image = sent.path("input").path(0).path("content").path(0);
        assertEquals("low", image.path("detail").asText());
        assertEquals("https://a.example/b.png", image.path("image_url").asText());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            textBlock =
                    """
                    "n":2                   | /n: only Chat Completions
                    "logit_bias":{"1":2}    | /logit_bias: only Chat Completions
                    "presence_penalty":1    | /presence_penalty: only Chat Completions
                    "prediction":{"x":1}    | /prediction: only Chat Completions
                    "stop":"x"              | /output/stop: the Responses API
                    "seed":1                | /sampling/seed: the Responses API
                    """)
    void whatOnlyChatCompletionsHasIsRefusedByName(String field, String begins) {
        String body =
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],"
                        + field
                        + "}";
        String refused = refusal(chat(body));
        assertTrue(refused.startsWith(begins), refused);
    }

    @Test
    void aResultThatAnswersNoCallIsRefusedUnlessTheVendorKnowsTheCall() {
        String body =
                """
                {"model":"m"%s,"input":[{"type":"function_call_output","call_id":"a","output":"1"}]}
                """;
        String refused = refusal(responses(body.formatted("")));
        assertTrue(refused.endsWith("no call before it has this id"), refused);
        String stored = ",\"previous_response_id\":\"resp_1\"";
        assertEquals(1, sent(responses(body.formatted(stored))).path("input").size());
    }

    @Test
    void logProbabilitiesAreNotAskedOfAModelThatThinks() {
        String body =
                "{\"model\":\"m\",\"include\":[\"message.output_text.logprobs\"],\"input\":\"x\"}";
        String refused = refusal(responses(body), Refusal.SAMPLING);
        assertTrue(refused.startsWith("/include: "), refused);
    }
}
