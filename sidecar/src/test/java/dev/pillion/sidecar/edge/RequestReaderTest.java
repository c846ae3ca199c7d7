package dev.pillion.sidecar.edge;

import static dev.pillion.sidecar.edge.RawClient.head;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pillion.sidecar.upstream.ByteBudget;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpRequestDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The reader against another one, Netty's, on requests broken at random. */
class RequestReaderTest {
    private static final String MARKS = "\r\n :;,\t0123459afxPOST/%.#?\u0000\u007f\u00e4chunked-";

    private static final List<String> SEEDS =
            List.of(
                    "POST /v1/a?b=c HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\n\r\nhello",
                    head("POST /v1/a HTTP/1.1", "host: x", "transfer-encoding: chunked")
                            + head("5", "hello", "3;x=y;z;a=\"b c\"", "you", "0", "some: trailer"),
                    "GET / HTTP/1.1\r\nhost: x\r\nx-a: b\r\nx-c:  d \r\n\r\n",
                    "POST / HTTP/1.0\r\ncontent-length: 3\r\nconnection: keep-alive\r\n\r\nabc");

    /** What a reader made of the bytes: method, target and body; empty when it refused them. */
    private static String ours(byte[] bytes, Random cuts) {
        ByteBudget budget = new ByteBudget(1 << 20);
        RequestReader reader =
                new RequestReader(
                        new HeadParser(100), 8192, 1 << 20, new BodyCollector(budget, 1 << 16));
        ByteBuf in = Unpooled.buffer();
        String result = "";
        for (int from = 0; from < bytes.length && result.isEmpty(); ) {
            int count = Math.min(bytes.length - from, 1 + cuts.nextInt(30));
            in.writeBytes(bytes, from, count);
            from += count;
            RequestReader.Step step = RequestReader.Step.HEAD;
            while (step == RequestReader.Step.HEAD) {
                step = reader.read(in);
            }
            if (step == RequestReader.Step.FAILED) {
                break;
            }
            if (step == RequestReader.Step.WHOLE) {
                result = described(reader);
            }
        }
        reader.reset();
        assertEquals(0, budget.heldBytes());
        in.release();
        return result;
    }

    private static String described(RequestReader reader) {
        RequestHead head = reader.head();
        if (head == null) {
            throw new AssertionError("whole without a head");
        }
        String target = head.query() == null ? head.path() : head.path() + "?" + head.query();
        String body = new String(reader.body().whole(), StandardCharsets.ISO_8859_1);
        return head.method() + " " + target + " " + body;
    }

    private static String nettys(byte[] bytes) {
        EmbeddedChannel channel =
                new EmbeddedChannel(new HttpRequestDecoder(), new HttpObjectAggregator(1 << 16));
        try {
            channel.writeInbound(Unpooled.wrappedBuffer(bytes));
            Object read = channel.readInbound();
            if (!(read instanceof FullHttpRequest request)) {
                return "";
            }
            try {
                return request.decoderResult().isSuccess()
                        ? request.method()
                                + " "
                                + request.uri()
                                + " "
                                + request.content().toString(StandardCharsets.ISO_8859_1)
                        : "";
            } finally {
                request.release();
            }
        } finally {
            channel.finishAndReleaseAll();
        }
    }

    private static byte[] broken(String seed, Random random) {
        StringBuilder text = new StringBuilder(seed);
        for (int edits = random.nextInt(4); edits > 0; edits--) {
            int at = random.nextInt(text.length());
            char mark = MARKS.charAt(random.nextInt(MARKS.length()));
            switch (random.nextInt(4)) {
                case 0 -> text.deleteCharAt(at);
                case 1 -> text.setCharAt(at, mark);
                case 2 -> text.insert(at, mark);
                default -> {
                    int to = Math.min(text.length(), at + 1 + random.nextInt(20));
                    text.insert(at, text.substring(at, to));
                }
            }
        }
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    @DisplayName("F54 what is taken at all, another reader understands in the same way")
    void theSameAsAnotherReader() {
        int taken = 0;
        int refused = 0;
        for (int seed = 0; seed < 20_000; seed++) {
            Random random = new Random(seed);
            byte[] bytes = broken(SEEDS.get(seed % SEEDS.size()), random);
            String ours = ours(bytes, random);
            if (ours.isEmpty()) {
                refused++;
                continue;
            }
            taken++;
            String sent = new String(bytes, StandardCharsets.ISO_8859_1);
            assertEquals(nettys(bytes), ours, () -> "of: " + sent);
        }
        assertTrue(taken > 3_000 && refused > 3_000, taken + " taken, " + refused + " refused");
    }
}
