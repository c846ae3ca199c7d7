package dev.pillion.adapters.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pillion.adapters.Capability;
import dev.pillion.adapters.EncodeContext;
import dev.pillion.adapters.ModelTraits;
import dev.pillion.adapters.UpstreamCall;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.wire.ByteSink;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class EncodingTest {
    private static final String TURNS =
            """
            {"model":"m","tools":[{"type":"function","function":{"name":"f"}}],"messages":[
             {"role":"system","content":"s"},{"role":"user","content":"say json"},
             {"role":"assistant","content":null,"tool_calls":[
               {"id":"a","type":"function","function":{"name":"f","arguments":"{ }"}}]},
             {"role":"tool","tool_call_id":"a","content":"1"}%s],
             "response_format":{"type":"json_object"}}
            """;

    private static String encoded(String body, String provider) {
        ChatRequest request = new OpenAiChatDialect().decode(OutlineTest.surface(body));
        var traits =
                new ModelTraits(
                        "m", EnumSet.allOf(Capability.class), Set.of(), 0, 0, List.of(), null);
        UpstreamCall call =
                new OnChat().encode(request, new EncodeContext(traits, provider, "main", false));
        var sent = new ByteSink();
        call.body().forEach(slice -> sent.write(slice.duplicate()));
        return new String(sent.toByteArray(), StandardCharsets.UTF_8);
    }

    @Test
    void aConversationThatGrowsKeepsItsPrefixByteForByte() {
        String once = encoded(TURNS.formatted(""), "openai");
        String again =
                encoded(TURNS.formatted(",{\"role\":\"user\",\"content\":\"more\"}"), "openai");
        String prefix = once.substring(0, once.length() - 2);
        assertTrue(again.startsWith(prefix), again);
        assertEquals(once, encoded(TURNS.formatted(""), "openai"));
    }

    @Test
    void onlyOpenAisOwnServersAreToldNotToPad() {
        String body = "{\"model\":\"m\",\"stream\":true,\"messages\":[]}";
        assertTrue(encoded(body, "openai").contains("\"include_obfuscation\":false"));
        String house = encoded(body, "house-vllm");
        assertFalse(house.contains("obfuscation"), house);
        assertTrue(house.contains("\"include_usage\":true"), house);
    }

    @Test
    @DisplayName("F27: a server without allowed_tools is offered only those that are allowed")
    void aServerWithoutAllowedToolsIsOfferedOnlyThose() {
        String body =
                """
                {"model":"m","messages":[],"tools":[
                  {"type":"function","function":{"name":"f"}},
                  {"type":"function","function":{"name":"g"}}],
                 "tool_choice":{"type":"allowed_tools","allowed_tools":{"mode":"required",
                   "tools":[{"type":"function","function":{"name":"g"}}]}}}
                """;
        assertTrue(encoded(body, "openai").contains("\"allowed_tools\""));
        String house = encoded(body, "house-vllm");
        assertFalse(house.contains("\"f\""), house);
        assertTrue(house.contains("\"tool_choice\":\"required\""), house);
    }

    @Test
    @DisplayName("F31: empty and null content, empty results and empty arguments are kept as such")
    void emptyContentIsKeptAsSuch() {
        String body =
                """
                {"model":"m","messages":[{"role":"user","content":""},
                 {"role":"assistant","content":"","tool_calls":[
                  {"id":"a","type":"function","function":{"name":"f","arguments":""}}]},
                 {"role":"tool","tool_call_id":"a","content":""},
                 {"role":"assistant","content":""}]}
                """;
        String sent = encoded(body, "openai");
        assertTrue(
                sent.endsWith(
                        "\"messages\":[{\"role\":\"user\",\"content\":\"\"},"
                            + "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":"
                            + "\"a\",\"type\":\"function\",\"function\":{\"name\":\"f\","
                            + "\"arguments\":\"{}\"}}]},{\"role\":\"tool\",\"tool_call_id\":\"a\","
                            + "\"content\":\"\"},{\"role\":\"assistant\",\"content\":\"\"}]}"),
                sent);
    }
}
