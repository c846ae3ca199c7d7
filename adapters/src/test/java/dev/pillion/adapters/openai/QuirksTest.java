package dev.pillion.adapters.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.adapters.Capability;
import dev.pillion.adapters.EncodeContext;
import dev.pillion.adapters.ModelTraits;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.Effort;
import dev.pillion.protocol.wire.ByteSink;
import dev.pillion.protocol.wire.Json;
import dev.pillion.protocol.wire.MalformedJson;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuirksTest {
    /** A server that takes an older and narrower form of Chat Completions. */
    private static final Quirks NARROW =
            new Quirks(
                    "max_tokens",
                    false,
                    false,
                    false,
                    false,
                    false,
                    false,
                    false,
                    false,
                    false,
                    CallIds.exactly(9),
                    Effort.MAX);

    private static JsonNode sent(String id) throws MalformedJson {
        String loop =
                """
                {"model":"m","stream":true,"max_completion_tokens":99,"messages":[
                  {"role":"user","content":"q"},
                  {"role":"assistant","content":null,"tool_calls":[
                    {"id":"%1$s","type":"function","function":{"name":"f","arguments":"{}"}}]},
                  {"role":"tool","tool_call_id":"%1$s","content":"1"}]}
                """
                        .formatted(id);
        ChatRequest request = new OpenAiChatDialect().decode(OutlineTest.surface(loop));
        var traits =
                new ModelTraits(
                        "m", EnumSet.allOf(Capability.class), Set.of(), 0, 0, List.of(), null);
        var context = new EncodeContext(traits, "narrow", "main", false);
        var body = new ByteSink();
        new ChatCodec(NARROW)
                .encode(request, context)
                .body()
                .forEach(slice -> body.write(slice.duplicate()));
        return Json.read(new String(body.toByteArray(), StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "toolu_01A09q90qw90lq917835lq9",
                "call_1",
                "abc_45678",
                "abcdefgh",
                "٣٤٥٦٧٨٩٠١"
            })
    void anIdOfAnotherFormIsReplacedInTheResultToo(String id) throws Exception {
        JsonNode messages = sent(id).path("messages");
        String call = messages.path(1).path("tool_calls").path(0).path("id").asText();
        assertTrue(call.matches("[A-Za-z0-9]{9}"), call);
        assertEquals(call, messages.path(2).path("tool_call_id").asText());
        assertNotEquals(call, CallIds.exactly(9).of(id + "x"));
    }

    @Test
    void anIdOfTheRightFormIsKept() throws Exception {
        assertEquals("D681PevKs", sent("D681PevKs").at("/messages/2/tool_call_id").asText());
    }

    @Test
    void whatTheServerRefusesIsNotSent() throws Exception {
        JsonNode body = sent("a");
        assertFalse(body.has("stream_options"), body.toString());
        assertFalse(body.has("max_completion_tokens"), body.toString());
        assertEquals(99, body.path("max_tokens").asInt());
    }

    @Test
    void onlyAServerThatTakesTheFormatAsItIsIsPassedABody() {
        assertTrue(Quirks.NONE.passable());
        assertTrue(Quirks.OPENAI.passable());
        assertFalse(NARROW.passable());
    }

    @Test
    void aReplacedIdIsNeverLongerThanWhatIsTaken() {
        assertEquals(37, CallIds.atMost(37).of("x".repeat(38)).length());
        assertThrows(IllegalArgumentException.class, () -> CallIds.atMost(36));
        assertThrows(IllegalArgumentException.class, () -> CallIds.exactly(7));
        assertThrows(IllegalArgumentException.class, () -> CallIds.exactly(25));
        assertEquals(24, CallIds.exactly(24).of("x").length());
    }
}
