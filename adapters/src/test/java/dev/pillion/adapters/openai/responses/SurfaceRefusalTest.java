package dev.pillion.adapters.openai.responses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.Capability;
import dev.pillion.adapters.EncodeContext;
import dev.pillion.adapters.ModelTraits;
import dev.pillion.adapters.anthropic.AnthropicProvider;
import dev.pillion.adapters.corpus.Corpus;
import dev.pillion.adapters.openai.OpenAiProvider;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.Effort;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.fault.FaultException;
import dev.pillion.protocol.fault.FaultKind;
import dev.pillion.protocol.wire.ByteSink;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What only OpenAI's Responses API can do, asked of anybody else. */
class SurfaceRefusalTest {
    private static ChatRequest decode(String body) {
        return SurfaceRoundTripTest.decode(body.replace('\'', '"'));
    }

    private static final EncodeContext ANTHROPIC =
            new EncodeContext(
                    new ModelTraits(
                            "claude",
                            Set.of(Capability.values()),
                            Set.of(),
                            0,
                            64_000,
                            List.of(Effort.HIGH),
                            ModelTraits.Thinking.ADAPTIVE),
                    "anthropic",
                    "main",
                    false);

    @ParameterizedTest
    @DisplayName("F21: state that only the vendor has is refused by name by every other")
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '|',
            value = {
                "previous_response_id;'resp_1'",
                "conversation;'conv_1'",
                "conversation;{'id':'conv_1'}",
                "store;true",
                "background;true",
                "prompt;{'id':'pmpt_1'}",
                "max_tool_calls;3",
                "context_management;[{'type':'compaction'}]",
                "truncation;'auto'",
                "top_logprobs;5",
                "include;['message.output_text.logprobs']",
                "service_tier;'flex'",
                "metadata;{'k':'v'}"
            })
    void stateThatOnlyTheVendorHasIsRefusedByName(String field, String value) {
        ChatRequest request = decode("{'input':'x','" + field + "':" + value + "}");
        assertEquals("/" + field, lost(request).pointer());
    }

    private static Fault lost(ChatRequest request) {
        Fault fault =
                assertThrows(
                                FaultException.class,
                                () -> new AnthropicProvider().encode(request, ANTHROPIC))
                        .fault();
        assertEquals(FaultKind.UNSUPPORTED, fault.kind());
        return fault;
    }

    @ParameterizedTest
    @DisplayName("F21: a conversation that only the vendor can read is refused by every other")
    @ValueSource(
            strings = {
                "{'type':'item_reference','id':'msg_1'}",
                "{'type':'compaction','id':'cmp_1','encrypted_content':'gAAA'}",
                "{'type':'additional_tools','role':'developer','tools':[]}",
                "{'type':'computer_call_output','call_id':'c','output':{}}",
                "{'type':'mcp_approval_response','approval_request_id':'a','approve':true}"
            })
    void aConversationThatOnlyTheVendorCanReadIsRefusedByEveryOther(String item) {
        ChatRequest request = decode("{'input':[" + item + ",{'role':'user','content':'x'}]}");
        assertTrue(lost(request).pointer().startsWith("/messages/0"));
    }

    private static ObjectNode askedByChat(ChatRequest request) {
        var context = new EncodeContext(ANTHROPIC.model(), "house-vllm", "main", false);
        var sent = new ByteSink();
        new OpenAiProvider()
                .encode(request, context)
                .body()
                .forEach(slice -> sent.write(slice.duplicate()));
        return (ObjectNode) Corpus.json(sent.toByteArray());
    }

    @ParameterizedTest
    @DisplayName("F21: a server of Chat Completions alone refuses what only this API can say")
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '|',
            value = {
                "'previous_response_id':'resp_1';/previous_response_id",
                "'conversation':'conv_1';/conversation",
                "'max_tool_calls':3;/max_tool_calls",
                "'truncation':'auto';/truncation",
                "'reasoning':{'mode':'pro'};/reasoning",
                "'tool_choice':{'type':'web_search'};/tool_choice"
            })
    void aServerOfChatCompletionsRefusesWhatOnlyThisApiCanSay(String field, String pointer) {
        ChatRequest request = decode("{'input':'x'," + field + "}");
        Fault fault = assertThrows(FaultException.class, () -> askedByChat(request)).fault();
        assertEquals(pointer, fault.pointer());
        assertEquals(FaultKind.UNSUPPORTED, fault.kind());
    }

    @Test
    void aServerOfChatCompletionsIsToldTheSameInItsOwnWords() {
        ObjectNode asked =
                askedByChat(
                        decode(
                                """
                                {'input':[{'role':'user','content':[
                                  {'type':'input_image','image_url':'https://e.org/a','detail':'low'}]}],
                                 'text':{'verbosity':'low'},'reasoning':{'summary':'auto'},
                                 'tools':[{'type':'function','name':'f'},
                                  {'type':'custom','name':'c','format':
                                   {'type':'grammar','syntax':'lark','definition':'start: "a"'}}]}\
                                """
                                        .replace("\"a\"", "x")));
        assertEquals("low", asked.path("verbosity").asText());
        assertEquals("low", asked.at("/messages/0/content/0/image_url/detail").asText());
        assertEquals("f", asked.at("/tools/0/function/name").asText());
        assertTrue(!asked.path("tools").path(0).has("strict"));
        assertEquals("c", asked.at("/tools/1/custom/name").asText());
        assertEquals("lark", asked.at("/tools/1/custom/format/grammar/syntax").asText());
        assertTrue(!asked.has("reasoning"), asked.toString());
    }
}
