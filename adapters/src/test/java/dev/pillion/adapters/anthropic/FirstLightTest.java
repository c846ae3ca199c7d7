package dev.pillion.adapters.anthropic;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.chat.StopReason;
import org.junit.jupiter.api.Test;

final class FirstLightTest {
    @Test
    void aPlainQuestionIsRendered() {
        var ask = Samples.ask(Samples.user("hi"));
        assertEquals(
                Samples.json(
                        """
                        {"model":"claude-test-1","max_tokens":64000,"messages":
                        [{"role":"user","content":[{"type":"text","text":"hi"}]}]}
                        """),
                Samples.body(ask));
    }

    @Test
    void aWholeAnswerIsRead() {
        var events =
                Samples.events(
                        Samples.JSON,
                        """
                        {"id":"msg_1","type":"message","role":"assistant","model":"m",
                        "content":[{"type":"text","text":"hello"}],"stop_reason":"end_turn",
                        "usage":{"input_tokens":3,"output_tokens":2}}
                        """);
        var fold = Samples.fold(events);
        assertEquals("hello", ((Part.Text) fold.content().getFirst()).text());
        assertEquals(StopReason.END, fold.stop().reason());
        assertEquals(3, fold.usage().inputTokens());
    }
}
