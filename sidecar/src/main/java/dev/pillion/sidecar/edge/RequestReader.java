package dev.pillion.sidecar.edge;

import dev.pillion.protocol.wire.Headers;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads one request after the other out of a connection's bytes, however they are cut. */
final class RequestReader {

    /** What the bytes so far led to. */
    enum Step {
        /** Nothing yet; more bytes are needed. */
        MORE,
        /** The head is there, see {@link #head}; call again for the body. */
        HEAD,
        /** The request is whole, its body in {@link #body}. */
        WHOLE,
        /** What came is no request, or too much; see {@link #failure}. */
        FAILED
    }

    /** Method and path are empty where they could not be read. */
    record Known(String method, String path, Headers headers) {}

    private static final int MAX_GLANCE_BYTES = 4 << 10;
    private static final Known NOTHING = new Known("", "", Headers.NONE);

    private final HeadParser parser;
    private final int maxHeadBytes;
    private final long maxDiscardBytes;
    private final BodyCollector body;
    private final HeadScan scan = new HeadScan();
    private final ChunkReader chunks = new ChunkReader();

    private @Nullable RequestHead head;
    private long remaining;
    private HeadParser.@Nullable Failed failure;

    RequestReader(HeadParser parser, int maxHeadBytes, long maxDiscardBytes, BodyCollector body) {
        this.parser = parser;
        this.maxHeadBytes = maxHeadBytes;
        this.maxDiscardBytes = maxDiscardBytes;
        this.body = body;
    }

    Step read(ByteBuf in) {
        RequestHead known = head;
        return known == null ? readHead(in) : readBody(in, known);
    }

    private Step readHead(ByteBuf in) {
        if (in.isReadable() && !HeaderNames.isTokenByte(in.getByte(in.readerIndex()))) {
            return fail(EdgeFault.malformed("expected an HTTP/1.1 request"));
        }
        int length = scan.find(in);
        if (length == HeadScan.BAD_LINE) {
            return fail(EdgeFault.malformed("a line of the request head does not end in CR LF"));
        }
        if (Math.max(length, scan.scanned()) > maxHeadBytes) {
            return fail(
                    EdgeFault.headTooLarge(
                            "the request line and headers are larger than "
                                    + maxHeadBytes
                                    + " bytes"));
        }
        if (length == HeadScan.MORE) {
            return Step.MORE;
        }
        return switch (parser.parse(in, length)) {
            case HeadParser.Failed failed -> fail(failed);
            case HeadParser.Parsed parsed -> begin(parsed.head());
        };
    }

    private Step begin(RequestHead parsed) {
        head = parsed;
        remaining = Math.max(0, parsed.contentLength());
        if (parsed.hasBody()) {
            body.begin(parsed.contentLength());
        }
        EdgeFault refused = parsed.refusal();
        if (refused != null && body.refusal() == null) {
            body.refuse(refused);
        }
        return Step.HEAD;
    }

    private Step readBody(ByteBuf in, RequestHead known) {
        Step step = known.chunked() ? readChunks(in) : readStated(in);
        EdgeFault refusal = body.refusal();
        if (step == Step.MORE && refusal != null && body.discardedBytes() > maxDiscardBytes) {
            return fail(refusal);
        }
        return step;
    }

    private Step readStated(ByteBuf in) {
        int count = (int) Math.min(remaining, in.readableBytes());
        if (count > 0) {
            body.append(in, count);
            remaining -= count;
        }
        return remaining == 0 ? Step.WHOLE : Step.MORE;
    }

    private Step readChunks(ByteBuf in) {
        return switch (chunks.read(in, body)) {
            case MORE -> Step.MORE;
            case DONE -> Step.WHOLE;
            case BAD -> fail(EdgeFault.malformed("the chunked body is malformed"));
        };
    }

    private Step fail(EdgeFault fault) {
        return fail(new HeadParser.Failed(fault, "", ""));
    }

    private Step fail(HeadParser.Failed failed) {
        failure = failed;
        return Step.FAILED;
    }

    /**
     * What is known so far of the request being read.
     *
     * @param in the bytes not yet used
     */
    Known known(ByteBuf in) {
        RequestHead read = head;
        if (read != null) {
            return new Known(read.method(), read.path(), read.headers());
        }
        HeadParser.Failed failed = failure;
        return failed != null && !failed.path().isEmpty()
                ? new Known(failed.method(), failed.path(), Headers.NONE)
                : glance(in);
    }

    /** At the request line of a head that is not complete. */
    private static Known glance(ByteBuf in) {
        int from = in.readerIndex();
        int end = Math.min(in.writerIndex(), from + MAX_GLANCE_BYTES);
        int methodEnd = in.indexOf(from, end, (byte) ' ');
        int targetEnd = methodEnd < 0 ? -1 : in.indexOf(methodEnd + 1, end, (byte) ' ');
        if (targetEnd < 0) {
            return NOTHING;
        }
        String method = in.toString(from, methodEnd - from, StandardCharsets.ISO_8859_1);
        byte[] target = new byte[targetEnd - methodEnd - 1];
        in.getBytes(methodEnd + 1, target);
        return HeaderNames.isToken(method)
                        && RequestTarget.problem(target, 0, target.length) == null
                ? new Known(
                        method, RequestTarget.read(target, 0, target.length).path(), Headers.NONE)
                : NOTHING;
    }

    /** The head of the request being read; null before it is complete. */
    @Nullable RequestHead head() {
        return head;
    }

    HeadParser.@Nullable Failed failure() {
        return failure;
    }

    BodyCollector body() {
        return body;
    }

    /** Makes ready for the next request; gives back what the body took. */
    void reset() {
        scan.reset();
        chunks.reset();
        head = null;
        failure = null;
        remaining = 0;
        body.reset();
    }
}
