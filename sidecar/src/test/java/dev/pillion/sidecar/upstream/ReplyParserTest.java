package dev.pillion.sidecar.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@SuppressWarnings("StringConcatToTextBlock") // text blocks would hide the CR LF of the wire
class ReplyParserTest {
    private final ReplyParser parser = new ReplyParser();

    /** What the parser makes of the pieces: head, bodies joined, end. */
    private String read(String method, List<ByteBuf> pieces) throws BadReply {
        var heard = new StringBuilder();
        parser.expect(method);
        for (ByteBuf in : pieces) {
            ReplyParser.Step step = parser.next(in);
            while (step != ReplyParser.Step.MORE) {
                switch (step) {
                    case HEAD -> heard.append(parser.status()).append(fields()).append(' ');
                    case BODY ->
                            heard.append(
                                    in.toString(
                                            parser.pieceStart(),
                                            parser.pieceLength(),
                                            StandardCharsets.ISO_8859_1));
                    case END -> heard.append(" end+").append(in.readableBytes());
                    case MORE -> {}
                }
                step = parser.next(in);
            }
        }
        return heard.toString();
    }

    private String fields() {
        return parser.headers().fields().stream().map(f -> f.name() + "=" + f.value()).toList()
                + "";
    }

    private String read(String answer) throws BadReply {
        return read("POST", List.of(bytes(answer)));
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.wrappedBuffer(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    static List<String> answers() {
        return List.of(
                "HTTP/1.1 200 OK\r\nContent-Length: 11\r\nX-A: b\r\n\r\nhello there",
                "HTTP/1.1 200 OK\r\n"
                        + "transfer-encoding: Chunked\r\n\r\n"
                        + "5;x=\"y\"\r\n"
                        + "hello\r\n"
                        + "B\r\n"
                        + ", you there\r\n"
                        + "0\r\n"
                        + "x-trailer: t\r\n\r\n",
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n"
                        + "HTTP/1.1 429 \r\nretry-after: 7\r\ncontent-length:0\r\n\r\n",
                "HTTP/1.1 200 OK\ncontent-length: 4\nx: a\n  b\n\nline",
                "HTTP/1.0 200 OK\r\n\r\nuntil the end",
                "HTTP/1.1 204\r\n\r\n");
    }

    @ParameterizedTest
    @MethodSource("answers")
    void howeverTheBytesAreCutTheAnswerIsTheSame(String answer) throws BadReply {
        String whole = read(answer);
        var random = new Random(7);
        for (int i = 0; i < 500; i++) {
            List<ByteBuf> pieces = new ArrayList<>();
            ByteBuf left = bytes(answer);
            while (left.isReadable()) {
                int room = i == 0 ? 1 : 1 + random.nextInt(12);
                pieces.add(left.readSlice(Math.min(left.readableBytes(), room)));
            }
            assertEquals(whole, read("POST", pieces));
        }
    }

    @Test
    void aChunkedAnswerIsReadToItsEndAndNotBeyond() throws BadReply {
        assertEquals(
                "200[x=y] hello end+4",
                read(
                        "HTTP/1.1 200 OK\r\nx: y\r\ntransfer-encoding: chunked\r\n\r\n"
                                + "5\r\nhello\r\n0\r\n\r\nHTTP"));
        assertTrue(parser.head().keepAlive());
    }

    @Test
    void headersOfTheConnectionAreDroppedAndThoseItNamesToo() throws BadReply {
        assertEquals(
                "200[keep=1]  end+0",
                read(
                        "HTTP/1.1 200 OK\r\n"
                                + "connection: x-hop, keep-alive\r\n"
                                + "x-hop: 1\r\n"
                                + "keep: 1\r\n"
                                + "keep-alive: timeout=5\r\n"
                                + "upgrade: h2\r\n"
                                + "content-length: 0\r\n\r\n"));
        assertEquals(5, parser.head().keepAliveSeconds());
    }

    @Test
    void anAnswerFramedTwiceIsReadByItsChunksAndEndsItsConnection() throws BadReply {
        assertEquals(
                "200[] a end+0",
                read(
                        "HTTP/1.1 200 OK\r\ncontent-length: 9\r\ntransfer-encoding: chunked\r\n\r\n"
                                + "1\r\na\r\n0\r\n\r\n"));
        assertFalse(parser.head().keepAlive());
    }

    @Test
    void anAnswerToHeadHasNoBody() throws BadReply {
        String answer = "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n";
        assertEquals("200[]  end+0", read("HEAD", List.of(bytes(answer))));
    }

    @Test
    void theSameLengthStatedTwiceIsOneLength() throws BadReply {
        assertEquals(
                "200[] ab end+0",
                read("HTTP/1.1 200 OK\r\ncontent-length: 2, 2\r\ncontent-length: 2\r\n\r\nab"));
    }

    @Test
    void aBodyUntilTheEndOfTheConnectionEndsWithIt() throws BadReply {
        read("HTTP/1.1 200 OK\r\n\r\nsome");
        assertTrue(parser.untilClosed());
        assertEquals(ReplyParser.Step.END, parser.closed());
        assertFalse(parser.head().keepAlive());
        assertNull(parser.headers().get("content-length"));
    }

    @Test
    void answersOnOneConnectionTellTheirOwnFieldsOnly() throws BadReply {
        String zero = "content-length: 0\r\n\r\n";
        String begin = "HTTP/1.1 200 OK\r\n";
        List<List<String>> answers =
                List.of(
                        List.of("a: 1", "b: same", "c: \u00e9t\u00e9"),
                        List.of("a: 2", "b: same", "c: \u00e9t\u00e9"),
                        List.of("a: 12", "b:  same \t", "c: \u00e9t\u00e8"),
                        List.of("b: same"),
                        List.of("b: same", "A: 12", "c:"),
                        List.of("b: same", "a: 12", "c: sam"));
        List<String> fields =
                List.of(
                        "[a=1, b=same, c=\u00e9t\u00e9]",
                        "[a=2, b=same, c=\u00e9t\u00e9]",
                        "[a=12, b=same, c=\u00e9t\u00e8]",
                        "[b=same]",
                        "[b=same, a=12, c=]",
                        "[b=same, a=12, c=sam]");
        for (int i = 0; i < answers.size(); i++) {
            String head = begin + String.join("\r\n", answers.get(i)) + "\r\n" + zero;
            String heard = read(head);
            assertEquals("200" + fields.get(i) + "  end+0", heard);
        }
    }
}
