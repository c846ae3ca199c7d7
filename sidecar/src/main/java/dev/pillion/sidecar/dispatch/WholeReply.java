package dev.pillion.sidecar.dispatch;

import dev.pillion.protocol.chat.Usage;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.fault.FaultException;
import dev.pillion.protocol.wire.ByteSink;
import dev.pillion.sidecar.upstream.Loop;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * An answer that is worth something only when it is whole: kept until then, read, and only then
 * handed on, so that all that is wrong with it still lets another key serve.
 */
final class WholeReply implements Reply {
    /** Bodies over this are read off the loop, so that others on it need not wait. */
    private static final int MAX_ON_LOOP_BYTES = 1 << 20;

    private final Attempt attempt;
    private final Work.Whole work;
    private final Answer answer;
    private final Memory memory;
    private final Loop loop;
    private final Executor offLoop;
    private final ByteSink body = new ByteSink(4096);
    private @Nullable Usage usage;
    private @Nullable Fault fault;
    private boolean finished;

    WholeReply(
            Attempt attempt,
            Work.Whole work,
            Answer answer,
            Memory memory,
            Loop loop,
            Executor offLoop) {
        this.attempt = attempt;
        this.work = work;
        this.answer = answer;
        this.memory = memory;
        this.loop = loop;
        this.offLoop = offLoop;
    }

    @Override
    public void body(ByteBuffer piece) {
        if (memory.take(piece.remaining())) {
            body.write(piece);
        } else {
            fault = memory.fault();
        }
    }

    @Override
    public void end() {
        if (body.size() <= MAX_ON_LOOP_BYTES) {
            take(read());
        } else {
            offLoop.execute(this::readOffLoop);
        }
    }

    private void readOffLoop() {
        Runnable next;
        try {
            Work.Read read = read();
            next = () -> take(read);
        } catch (RuntimeException defect) {
            next =
                    () -> {
                        throw defect;
                    };
        }
        Runnable step = next;
        loop.execute(() -> attempt.goOn(step));
    }

    private Work.Read read() {
        try {
            return work.read(attempt.target(), attempt.passed(), body.view());
        } catch (FaultException e) {
            return new Work.Read(null, null, e.fault());
        }
    }

    private void take(Work.Read read) {
        usage = read.usage();
        fault = read.fault();
        ByteSink made = read.body();
        if (made != null) {
            memory.release();
            fault = memory.take(made.size()) ? fault : memory.fault();
        }
        if (fault == null) {
            attempt.begin(answer);
            answer.whole(made == null ? body : made);
            finished = true;
        }
    }

    @Override
    public void readComplete() {}

    @Override
    public boolean finished() {
        return finished;
    }

    @Override
    public @Nullable Fault fault() {
        return fault;
    }

    @Override
    public @Nullable Usage usage() {
        return usage;
    }

    @Override
    public boolean committed() {
        return finished;
    }

    @Override
    public void release() {
        memory.release();
    }
}
