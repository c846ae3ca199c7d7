package dev.pillion.protocol.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.fault.FaultException;
import dev.pillion.protocol.fault.FaultKind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChatRequestReaderTest {
    @Test
    void theContractsExampleIsUnderstoodWhole() {
        ChatRequest request =
                read(
                        """
                        {"class":"balanced","needs":["tools","thinking"],"system":"Be short.",
                         "messages":[{"role":"user","content":"hi"},
                          {"role":"assistant","content":[{"type":"tool_call","id":"c1","name":"f","arguments":{"a":1}}]},
                          {"role":"tool","content":[{"type":"tool_result","tool_call_id":"c1","content":"4"}]}],
                         "tools":[{"name":"f","description":"d","parameters":{"type":"object"}}],
                         "tool_choice":{"name":"f"},"parallel_tools":false,
                         "output":{"max_tokens":1024,"schema":{"type":"object"},"stop":["END"]},
                         "thinking":{"effort":"xhigh"},
                         "sampling":{"temperature":0.7,"top_p":0.9,"seed":7},
                         "websearch":{"via":"native","max_uses":3,"allowed_domains":["who.int"],"location":{"country":"FR"}},
                         "budget":{"max_usd":0.05,"deadline_ms":30000},
                         "route":{"prefer":"cheapest","only":["anthropic"],"not":[],"failover":false},
                         "cache":"off","vendor":{"anthropic":{"top_k":5}},"tags":{"team":"a"},"stream":true}
                        """);
        assertEquals("balanced", request.modelClass());
        assertEquals(3, request.messages().size());
        assertEquals(new ToolChoice.Named("f"), request.toolChoice());
        assertEquals(Effort.XHIGH, request.effort());
        assertEquals(List.of("END"), request.output().stop());
        assertInstanceOf(Output.Format.Schema.class, request.output().format());
        assertEquals("0.05", String.valueOf(request.budget().maxUsd()));
        assertTrue(request.cacheOff());
        assertTrue(request.stream());
        assertEquals(5, request.vendor().get("anthropic").get("top_k").asInt());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[]|(body): an array|''",
                "{}|/messages: missing|/messages",
                "{'messages':[],'x':1}|/messages: missing|/messages",
                "{'messages':[{'content':'x'}]}|/messages/0/role: missing|/messages/0/role",
                "{'messages':[{'role':'robot','content':'x'}]}|one of system,"
                        + " user|/messages/0/role",
                "{'mesages':1,'messages':[{'role':'user','content':'x'}]}|did you mean"
                        + " 'messages'|/mesages",
                "{'messages':[{'role':'user','content':[{'type':'txt'}]}]}|one of text,"
                        + " image|/messages/0/content/0/type",
                "{'messages':[{'role':'user','content':[{'type':'image'}]}]}|no"
                        + " source|/messages/0/content/0",
                "{'messages':[{'role':'user','content':[{'type':'image','url':'u','data':'d'}]}]}|more"
                    + " than one source|/messages/0/content/0",
                "{'messages':[{'role':'tool','content':'x'}]}|tool_result parts"
                        + " only|/messages/0/content/0",
                "{'messages':[{'role':'user','content':'x'}],'output':{'max_tokens':0}}|a whole"
                        + " number, 1 to|/output/max_tokens",
                "{'messages':[{'role':'user','content':'x'}],'sampling':{'temperature':3}}|a"
                        + " number, 0 to 2|/sampling/temperature",
                "{'messages':[{'role':'user','content':'x'}],'cache':'on'}|auto or off|/cache",
                "{'model':'m','class':'fast','messages':[{'role':'user','content':'x'}]}|either"
                        + " model or class|/class",
                "{'messages':[{'role':'user','content':'\\ud800'}]}|half of a surrogate"
                        + " pair|/messages/0/content",
                "{'messages':[{'role':'user','content':'x'}],'tools':[{'name':'a"
                        + " b'}]}|[A-Za-z0-9_-]|/tools/0/name"
            })
    @DisplayName("F54: bad input is told by what, where and what was expected")
    void badInputIsToldByPlace(String json, String message, String pointer) {
        Fault fault =
                assertThrows(FaultException.class, () -> read(json.replace('\'', '"'))).fault();
        assertEquals(FaultKind.INVALID_REQUEST, fault.kind());
        assertTrue(fault.message().contains(message), fault.message());
        assertEquals(pointer, fault.pointer());
    }

    @Test
    @DisplayName("F31: empty and absent contents and arguments are understood")
    void emptyContentsAreUnderstood() {
        ChatRequest request =
                read(
                        """
                        {"messages":[{"role":"user","content":""},
                         {"role":"assistant","content":[{"type":"tool_call","id":"c","name":"f"},
                           {"type":"tool_call","id":"d","name":"f","arguments":""},
                           {"type":"tool_call","id":"e","name":"f","arguments":"{\\"a\\": 1"}]},
                         {"role":"tool","content":[{"type":"tool_result","tool_call_id":"c"}]},
                         {"role":"assistant","content":null}]}
                        """);
        List<Part> calls = request.messages().get(1).content();
        assertEquals("{}", ((Part.ToolCall) calls.get(0)).arguments());
        assertEquals("{}", ((Part.ToolCall) calls.get(1)).arguments());
        assertEquals("{\"a\": 1", ((Part.ToolCall) calls.get(2)).arguments());
        assertEquals(List.of(), request.messages().get(3).content());
        assertNull(request.toolChoice());
    }

    @Test
    @DisplayName("F29: a seal goes out and comes back as it was")
    void aSealRoundTrips() {
        var seal = new Seal("anthropic", "main", "claude", "EqoB+/=ü");
        assertEquals(seal, Seals.read(Seals.write(seal), ""));
        assertThrows(FaultException.class, () -> Seals.read("pillion:%%%", "/x"));
        assertThrows(FaultException.class, () -> Seals.read("other", "/x"));
    }

    private static ChatRequest read(String json) {
        return ChatRequestReader.read(json.getBytes(StandardCharsets.UTF_8));
    }
}
