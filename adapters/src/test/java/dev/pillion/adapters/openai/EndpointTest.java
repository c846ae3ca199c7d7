package dev.pillion.adapters.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.pillion.adapters.Capability;
import dev.pillion.adapters.EncodeContext;
import dev.pillion.adapters.ModelTraits;
import dev.pillion.adapters.Refusal;
import dev.pillion.adapters.Surface;
import dev.pillion.adapters.uniform.UniformDialect;
import dev.pillion.protocol.chat.ChatEvent;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.Effort;
import dev.pillion.protocol.fault.FaultException;
import dev.pillion.protocol.wire.Headers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {
    private static final String RESPONSES = "/responses";
    private static final String CHAT = "/chat/completions";

    private static final OpenAiProvider PROVIDER = new OpenAiProvider();

    private static EncodeContext context(String provider, Set<Refusal> refuses) {
        var traits =
                new ModelTraits(
                        "m",
                        EnumSet.allOf(Capability.class),
                        refuses,
                        0,
                        0,
                        List.of(Effort.OFF, Effort.LOW),
                        ModelTraits.Thinking.ADAPTIVE);
        return new EncodeContext(traits, provider, "main", false);
    }

    private static ChatRequest ask(String more) {
        String body = "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]" + more + "}";
        byte[] utf8 = body.getBytes(StandardCharsets.UTF_8);
        return new UniformDialect().decode(new Surface("/v1/generate", Headers.NONE, utf8));
    }

    private static String path(String more, String provider, Refusal... refuses) {
        try {
            return PROVIDER.encode(ask(more), context(provider, Set.of(refuses))).path();
        } catch (FaultException e) {
            return e.fault().kind().wire();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            textBlock =
                    """
                    ~~                                                | /responses
                    , "thinking":{"effort":"low"}                     | /responses
                    , "websearch":{}                                  | /responses
                    , "vendor":{"openai":{"n":1,"logit_bias":{}}}     | /responses
                    , "vendor":{"openai":{"truncation":"auto"}}       | /responses
                    , "output":{"stop":["x"]}                         | /chat/completions
                    , "output":{"max_tokens":5}                       | /chat/completions
                    , "sampling":{"seed":1}                           | /chat/completions
                    , "vendor":{"openai":{"presence_penalty":1}}      | /chat/completions
                    , "vendor":{"openai":{"prediction":{}}}           | /chat/completions
                    , "output":{"stop":["x"]},"websearch":{}          | unsupported
                    """)
    void openAiIsAskedByResponsesUnlessOnlyChatCanExpressTheRequest(String more, String path) {
        assertEquals(path, path(more, "openai"));
    }

    @Test
    void whatAModelRefusesOnOneApiLeavesTheOther() {
        String tools = ", \"tools\":[{\"name\":\"f\"}]";
        String stop = ", \"output\":{\"stop\":[\"x\"]}";
        assertEquals(RESPONSES, path(tools, "openai", Refusal.TOOLS_ON_CHAT));
        String low = ", \"thinking\":{\"effort\":\"low\"}";
        Refusal told = Refusal.TOOLS_ON_CHAT_THINKING;
        assertEquals("unsupported", path(tools + stop + low, "openai", told));
        assertEquals(CHAT, path(tools + stop, "openai", told));
        assertEquals(CHAT, path(tools, "openai", Refusal.RESPONSES));
        assertEquals(RESPONSES, path("", "openai", Refusal.CHAT));
        assertEquals("unsupported", path(stop, "openai", Refusal.CHAT));
        assertEquals("unsupported", path(tools + stop, "openai", Refusal.TOOLS_ON_CHAT));
        assertEquals(
                CHAT,
                path(
                        tools + stop + ", \"thinking\":{\"effort\":\"off\"}",
                        "openai",
                        Refusal.TOOLS_ON_CHAT));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", ", \"thinking\":{\"effort\":\"low\"}", ", \"output\":{\"stop\":[]}"})
    void aCompatibleServerIsAskedByChatCompletionsAlways(String more) {
        assertEquals(CHAT, path(more, "house-vllm"));
        assertEquals(CHAT, path(more + ", \"websearch\":{}", "house-vllm"), "its model can search");
    }

    @Test
    void anAnswerIsReadAsWhatWasAskedFor() {
        String response =
                """
                {"id":"resp_1","model":"m","status":"completed","output":[{"type":"message",
                 "content":[{"type":"output_text","text":"hi"}]}]}
                """;
        String completion =
                """
                {"id":"c","model":"m","choices":[{"message":{"content":"hi"},"finish_reason":"stop"}]}
                """;
        assertNull(broken("", response));
        assertNull(broken(", \"output\":{\"stop\":[\"x\"]}", completion));
        assertInstanceOf(ChatEvent.Failed.class, broken("", completion));
        assertInstanceOf(
                ChatEvent.Failed.class, broken(", \"output\":{\"stop\":[\"x\"]}", response));
    }

    private static ChatEvent broken(String more, String answer) {
        var decoder = PROVIDER.decoder(ask(more), context("openai", Set.of()), Headers.NONE);
        List<ChatEvent> events = new ArrayList<>();
        decoder.body(ByteBuffer.wrap(answer.getBytes(StandardCharsets.UTF_8)), events::add);
        decoder.end(events::add);
        return events.getLast() instanceof ChatEvent.Failed failed ? failed : null;
    }
}
