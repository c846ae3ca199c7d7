package dev.pillion.sidecar.dispatch;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.adapters.UsageWatch;
import dev.pillion.protocol.chat.Usage;
import dev.pillion.protocol.wire.Headers;
import dev.pillion.protocol.wire.JsonSkeleton;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Finds what an answer used while it goes by, however long it is, in JSON and in events of JSON.
 * Whatever is wrong with the answer, it goes on all the same: then nobody knows what it used.
 */
final class UsageTap {
    private static final int MAX_BONES_BYTES = 1 << 20;
    private static final byte[] DATA = "data:".getBytes(StandardCharsets.US_ASCII);

    /** Both {@code usage} and {@code usageMetadata} begin so. */
    private static final byte[] USAGE = "\"usage".getBytes(StandardCharsets.US_ASCII);

    private enum Form {
        NONE,
        JSON,
        EVENTS
    }

    private final Form form;
    private final UsageWatch watch;
    private final Memory memory;
    private final JsonSkeleton skeleton = new JsonSkeleton(MAX_BONES_BYTES);
    private int takenBytes;

    /** How much of {@code data:} the line has so far, all of it at most; -1: it is another line. */
    private int inLine;

    private boolean afterReturn;
    private boolean lost;

    private UsageTap(Form form, UsageWatch watch, Memory memory) {
        this.form = form;
        this.watch = watch;
        this.memory = memory;
    }

    /** What is read is no news: only what a POST has done is billed, and taking back is not. */
    static UsageTap of(Attempt attempt, Memory memory) {
        Headers reply = attempt.headers();
        var watch = attempt.target().format().usageWatch(attempt.target().provider(), reply);
        String path = attempt.call().path();
        boolean bills = attempt.call().method().equals("POST") && !path.endsWith("cancel");
        return new UsageTap(bills ? form(reply.get("content-type")) : Form.NONE, watch, memory);
    }

    private static Form form(@Nullable String contentType) {
        String type = contentType == null ? "" : contentType.toLowerCase(Locale.ROOT);
        if (type.startsWith("text/event-stream")) {
            return Form.EVENTS;
        }
        return type.startsWith("application/json") ? Form.JSON : Form.NONE;
    }

    void body(ByteBuffer piece) {
        if (form == Form.NONE || lost) {
            return;
        }
        while (piece.hasRemaining()) {
            if (form == Form.JSON) {
                skeleton.next(piece.get());
            } else {
                line(piece.get());
            }
        }
        int more = skeleton.size() - takenBytes;
        if (more > 0) {
            takenBytes += more;
            lost = !memory.take(more);
        }
    }

    /** Of an event's lines those of data are read; an empty line is its end. */
    private void line(byte b) {
        boolean secondOfTwo = b == '\n' && afterReturn;
        afterReturn = b == '\r';
        if (secondOfTwo) {
            return;
        }
        if (b == '\n' || b == '\r') {
            if (inLine == 0) {
                look();
            }
            inLine = 0;
        } else if (inLine >= DATA.length) {
            skeleton.next(b);
        } else if (inLine >= 0) {
            inLine = b == DATA[inLine] ? inLine + 1 : -1;
        }
    }

    private void look() {
        if (skeleton.has(USAGE)) {
            JsonNode value = skeleton.value();
            if (value != null) {
                watch.saw(value);
            }
        }
        skeleton.reset();
    }

    void end() {
        look();
        release();
    }

    @Nullable Usage usage() {
        return watch.usage();
    }

    void release() {
        memory.release();
        takenBytes = 0;
    }
}
