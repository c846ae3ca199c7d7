package dev.pillion.adapters.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pillion.adapters.Outline;
import dev.pillion.adapters.Refusal;
import dev.pillion.adapters.Surface;
import dev.pillion.protocol.chat.Need;
import dev.pillion.protocol.fault.FaultException;
import dev.pillion.protocol.fault.FaultKind;
import dev.pillion.protocol.wire.Headers;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutlineTest {
    static Surface surface(String body) {
        return surface(body.getBytes(StandardCharsets.UTF_8));
    }

    static Surface surface(byte[] body) {
        return new Surface("/v1/chat/completions", Headers.NONE, body);
    }

    private static Outline outline(String body) {
        return new OpenAiChatDialect().outline(surface(body));
    }

    private static FaultException refused(byte[] body) {
        var e =
                assertThrows(
                        FaultException.class, () -> new OpenAiChatDialect().outline(surface(body)));
        assertEquals(FaultKind.INVALID_REQUEST, e.fault().kind());
        assertThrows(FaultException.class, () -> new OpenAiChatDialect().decode(surface(body)));
        return e;
    }

    @Test
    void theScanFindsWhatARequestNeedsAndWhatSomeModelsRefuse() {
        Outline outline =
                outline(
                        """
                        {"messages":[{"role":"system","content":"a"},
                          {"role":"user","content":[{"type":"image_url","image_url":{"url":"x"}},
                            {"type":"file","file":{"file_id":"f"}},
                            {"type":"input_audio","input_audio":{}}]},
                          {"role":"developer","content":"b"},{"role":"assistant","content":"c"}],
                         "tools":[{"type":"function","function":{"name":"f"}}],
                         "tool_choice":{"type":"function","function":{"name":"f"}},
                         "response_format":{"type":"json_schema","json_schema":{"type":"text"}},
                         "temperature":0.5,"stop":"x","presence_penalty":1,"stream":true,
                         "max_completion_tokens":7,"model":"gpt-ü"}
                        """);
        assertEquals("gpt-ü", outline.model());
        assertTrue(outline.stream());
        assertEquals(7, outline.maxOutputTokens());
        assertEquals(
                Set.of(
                        Need.TOOLS,
                        Need.VISION,
                        Need.DOCUMENTS,
                        Need.AUDIO,
                        Need.JSON_SCHEMA,
                        Need.STREAM),
                outline.needs());
        assertEquals(
                Set.of(
                        Refusal.CHAT,
                        Refusal.SAMPLING,
                        Refusal.STOP,
                        Refusal.PENALTIES,
                        Refusal.FORCED_TOOLS,
                        Refusal.TOOLS_ON_CHAT,
                        Refusal.PREFILL),
                outline.refusable());
    }

    @Test
    void aRequestNotToThinkMaySampleAndUseTools() {
        Outline outline =
                outline(
                        """
                        {"messages":[],"tools":[{"type":"function","function":{"name":"f"}}],
                         "reasoning_effort":"none","temperature":0.5,"top_p":0.5,"seed":1}
                        """);
        assertEquals(
                Set.of(Refusal.CHAT, Refusal.THINKING_OFF, Refusal.TEMPERATURE_WITH_TOP_P),
                outline.refusable());
    }

    @Test
    void nullsAndDefaultsAskForNothing() {
        Outline outline =
                outline(
                        """
                        {"messages":[{"role":"user","content":null}],"model":null,"stop":null,
                         "temperature":1,"frequency_penalty":0,"logit_bias":{},"tools":[],
                         "stream":false,"stream_options":null,"tool_choice":"auto","n":1}
                        """);
        assertNull(outline.model());
        assertEquals(-1, outline.modelStart());
        assertEquals(Set.of(), outline.needs());
        assertEquals(Set.of(Refusal.CHAT), outline.refusable());
        assertFalse(outline.usageAsked());
        assertTrue(outline.streamOptions().exists());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "\"x\"",
                "{",
                "{}",
                "{\"messages\":{}}",
                "{\"messages\":[1]}",
                "{\"messages\":[{\"content\":\"x\"}]}",
                "{\"messages\":[]} x",
                "{\"messages\":[],\"model\":\"a\",\"model\":\"b\"}",
                "{\"messages\":[{\"role\":\"user\",\"role\":\"user\",\"content\":\"x\"}]}",
                "{\"messages\":[],\"model\":7}",
                "{\"messages\":[],\"stream\":\"yes\"}",
                "{\"messages\":[],\"max_tokens\":-1}",
                "{\"messages\":[],\"max_tokens\":99999999999}",
                "{\"messages\":[],\"stream_options\":7}",
                "{\"messages\":[],'model':'x'}",
                "{\"messages\":[],\"temperature\":NaN}",
                "{\"messages\":[],\"x\":01}",
                "{\"messages\":[],\"x\":\"\u0001\"}",
                "{\"messages\":[],}"
            })
    @DisplayName("F54: bad JSON and fields of the wrong kind are refused")
    void badBodiesAreRefused(String body) {
        refused(body.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    @DisplayName("F54: deep nesting and huge numbers are refused")
    void deepNestingAndHugeNumbersAreRefused() {
        String open = "{\"messages\":[],\"x\":";
        refused(
                (open + "[".repeat(2000) + "]".repeat(2000) + "}")
                        .getBytes(StandardCharsets.UTF_8));
        refused((open + "1".repeat(5000) + "}").getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aRefusalNamesThePlace() {
        var e = refused("{\"messages\":[],\"max_tokens\":\"7\"}".getBytes(StandardCharsets.UTF_8));
        assertEquals("/max_tokens", e.fault().pointer());
    }
}
