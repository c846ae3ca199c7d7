package dev.pillion.adapters.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pillion.protocol.chat.StopReason;
import dev.pillion.protocol.fault.FaultKind;
import dev.pillion.protocol.wire.ByteSink;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ChatTapTest {
    private static final String ROLE =
            "data:"
                + " {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\",\"refusal\":null},\"finish_reason\":null}],\"usage\":null}\n\n";
    private static final String TEXT = text("Hi");
    private static final String STOP =
            "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}],"
                    + "\"usage\":null}\n\n";
    private static final String USAGE =
            "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":1,"
                    + "\"total_tokens\":10}}\n\n";
    private static final String DONE = "data: [DONE]\n\n";
    private static final String BUSY =
            "data: {\"error\":{\"message\":\"busy\",\"code\":\"server_is_overloaded\"}}\n\n";

    private final ChatTap tap = new ChatTap(true, true);

    private static String text(String text) {
        return "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\""
                + text
                + "\"},\"logprobs\":null,\"finish_reason\":null}],\"usage\":null}\n\n";
    }

    private String feed(String piece) {
        var out = new ByteSink();
        tap.body(ByteBuffer.wrap(piece.getBytes(StandardCharsets.UTF_8)), out);
        return new String(out.toByteArray(), StandardCharsets.UTF_8);
    }

    private String end() {
        var out = new ByteSink();
        tap.end(out);
        return new String(out.toByteArray(), StandardCharsets.UTF_8);
    }

    @Test
    void nothingGoesOnBeforeContentAndAllOfItThen() {
        assertEquals("", feed(": ping\n\n" + ROLE));
        assertFalse(tap.content());
        assertEquals(ROLE + TEXT, feed(TEXT));
        assertTrue(tap.content());
        assertEquals(TEXT + STOP, feed(TEXT + STOP));
        assertTrue(tap.finishing());
        assertEquals("", feed(USAGE));
        assertEquals(DONE, feed(DONE));
        assertTrue(tap.finished());
        assertEquals("", end());
        assertNull(tap.fault());
        assertEquals(StopReason.END, tap.stop().reason());
        assertEquals(9, tap.usage().inputTokens());
    }

    @Test
    void theUsageChunkGoesToAClientThatAskedForIt() {
        var asked = new ChatTap(true, false);
        var out = new ByteSink();
        String all = ROLE + TEXT + STOP + USAGE + DONE;
        asked.body(ByteBuffer.wrap(all.getBytes(StandardCharsets.UTF_8)), out);
        assertEquals(all, new String(out.toByteArray(), StandardCharsets.UTF_8));
    }

    @Test
    @DisplayName("F13: an error inside a 200 before content is a fault, and nothing is handed on")
    void anErrorBeforeContentIsAFault() {
        assertEquals("", feed(ROLE + BUSY + TEXT));
        assertEquals(FaultKind.OVERLOADED, tap.fault().kind());
        assertFalse(tap.content());
        assertEquals("", end());
        assertNull(tap.stop());
    }

    @Test
    @DisplayName("F12: an error after content ends what is handed on")
    void anErrorAfterContentEndsWhatIsHandedOn() {
        assertEquals(ROLE + TEXT, feed(ROLE + TEXT + BUSY + TEXT + DONE));
        assertNotNull(tap.fault());
        assertEquals("", feed(DONE));
    }

    @Test
    @DisplayName("F12: a stream that is cut is a fault, never a clean end")
    void aStreamThatIsCutIsAFault() {
        assertEquals(ROLE + TEXT, feed(ROLE + TEXT));
        end();
        assertEquals(FaultKind.UPSTREAM_PROTOCOL, tap.fault().kind());
        assertNull(tap.stop());
    }

    @Test
    @DisplayName("F9: a stream without its closing marker is complete when its end was told")
    void aStreamWithoutItsClosingMarkerIsComplete() {
        assertEquals(ROLE + TEXT + STOP, feed(ROLE + TEXT + STOP));
        assertTrue(tap.finishing());
        end();
        assertNull(tap.fault());
        assertEquals(StopReason.END, tap.stop().reason());
    }

    @Test
    void anAnswerOfSeveralChoicesEndsWithTheLastOfThem() {
        feed(ROLE + ROLE.replace("\"index\":0", "\"index\":1") + TEXT);
        feed(STOP);
        assertFalse(tap.finishing());
        feed(TEXT.replace("\"index\":0", "\"index\":1"));
        feed(STOP.replace("\"index\":0", "\"index\":1"));
        assertTrue(tap.finishing());
    }

    @Test
    void textThatLooksLikeAKeyIsOnlyText() {
        String tricky = text("\\\"usage\\\":{},\\\"error\\\":{\\\"finish_reason\\\":\\\"stop\\\"}");
        assertEquals(ROLE + TEXT + tricky, feed(ROLE + TEXT + tricky));
        assertNull(tap.fault());
        assertNull(tap.usage());
        assertFalse(tap.finishing());
    }

    @Test
    void aWholeAnswerWhereAStreamWasAskedForIsAFault() {
        feed("{\"choices\":[{\"message\":{\"content\":\"x\"},\"finish_reason\":\"stop\"}]}");
        assertEquals("", end());
        assertEquals(FaultKind.UPSTREAM_PROTOCOL, tap.fault().kind());
    }

    @Test
    void eventsWhereAWholeAnswerWasAskedForAreAFault() {
        var whole = new ChatTap(false, false);
        whole.body(ByteBuffer.wrap(TEXT.getBytes(StandardCharsets.UTF_8)), new ByteSink());
        assertEquals(FaultKind.UPSTREAM_PROTOCOL, whole.fault().kind());
    }

    @Test
    void aWholeAnswerGoesOnAsItIs() {
        var tap = new ChatTap(false, false);
        String body =
                " {\"id\":\"c\",\"choices\":[{\"index\":0,\"finish_reason\":\"tool_calls\",\"message\":{\"content\":null,\"tool_calls\":[{\"id\":\"a\"}]}}],\"odd\":1.0,\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4}}\n";
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        var out = new ByteSink();
        tap.body(ByteBuffer.wrap(bytes, 0, 20), out);
        tap.body(ByteBuffer.wrap(bytes, 20, bytes.length - 20), out);
        assertTrue(out.isEmpty());
        tap.end(out);
        assertEquals(body, new String(out.toByteArray(), StandardCharsets.UTF_8));
        assertEquals(StopReason.TOOL_CALL, tap.stop().reason());
        assertEquals(4, tap.usage().outputTokens());
        assertTrue(tap.finished());
    }

    @Test
    @DisplayName("F13: a JSON error under 200 where a stream was asked for is a fault")
    void aJsonErrorUnder200IsAFault() {
        feed("{\"code\":\"x\",\"error\":\"The service is currently unavailable\"}");
        assertEquals("", end());
        assertEquals(FaultKind.UNAVAILABLE, tap.fault().kind());
    }

    @Test
    @DisplayName("F4: garbage is a fault")
    void garbageIsAFault() {
        assertEquals("", feed("data: {nonsense\n\n"));
        assertEquals(FaultKind.UPSTREAM_PROTOCOL, tap.fault().kind());
    }
}
