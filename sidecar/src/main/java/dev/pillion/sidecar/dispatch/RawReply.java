package dev.pillion.sidecar.dispatch;

import dev.pillion.protocol.chat.Usage;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.ByteSink;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** An answer of whatever kind, handed on byte for byte from its head on. */
final class RawReply implements Reply {
    private static final int MANY_BYTES = 32 << 10;

    private final Attempt attempt;
    private final Answer answer;
    private final UsageTap tap;
    private final ByteSink pieces = new ByteSink(0);
    private boolean begun;
    private boolean finished;

    RawReply(Attempt attempt, Answer answer, Memory memory) {
        this.attempt = attempt;
        this.answer = answer;
        this.tap = UsageTap.of(attempt, memory);
    }

    @Override
    public void body(ByteBuffer piece) {
        tap.body(piece.duplicate());
        pieces.write(piece);
        if (pieces.size() >= MANY_BYTES) {
            readComplete(); // what came packed may be far more than was read
        }
    }

    @Override
    public void readComplete() {
        if (!begun) {
            begun = true;
            attempt.begin(answer);
        }
        if (!pieces.isEmpty()) {
            answer.frames(pieces);
        }
        answer.flush();
    }

    @Override
    public void end() {
        tap.end();
        readComplete();
        finished = true;
    }

    @Override
    public boolean finished() {
        return finished;
    }

    @Override
    public @Nullable Fault fault() {
        return null;
    }

    @Override
    public @Nullable Usage usage() {
        return tap.usage();
    }

    @Override
    public boolean committed() {
        return begun;
    }

    @Override
    public void release() {
        tap.release();
    }
}
