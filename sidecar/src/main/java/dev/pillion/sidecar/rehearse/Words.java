package dev.pillion.sidecar.rehearse;

import dev.pillion.adapters.Dialect;
import dev.pillion.adapters.Dialects;
import dev.pillion.adapters.ErrorContext;
import dev.pillion.adapters.ReplyContext;
import dev.pillion.adapters.ReplyEncoder;
import dev.pillion.adapters.Surface;
import dev.pillion.protocol.chat.ChatEvent;
import dev.pillion.protocol.chat.Cost;
import dev.pillion.protocol.chat.Ending;
import dev.pillion.protocol.chat.Stop;
import dev.pillion.protocol.chat.StopReason;
import dev.pillion.protocol.chat.Usage;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.fault.FaultKind;
import dev.pillion.protocol.wire.ByteSink;
import dev.pillion.protocol.wire.Headers;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * What a virtual vendor writes: real bytes of the format that it was asked in, by the same encoders
 * that write that format to clients.
 */
final class Words {
    private static final String CHAT = "chat.completions";

    private final Dialect dialect;
    private final ReplyEncoder encoder;

    private Words(Dialect dialect, String model) {
        this.dialect = dialect;
        var client = new Surface("/", Headers.NONE, new byte[0]);
        encoder = dialect.encoder(new ReplyContext("r", model, 0, true, client));
    }

    /** For a call of that path to a server of that format. */
    static Words of(String speaks, String path, String model) {
        String surface =
                switch (speaks) {
                    case "anthropic" -> "messages";
                    case "gemini" -> "generateContent";
                    default -> path.startsWith("/responses") ? "responses" : CHAT;
                };
        if (Dialects.of(surface) instanceof Dialect dialect) {
            return new Words(dialect, model);
        }
        throw new IllegalStateException("no surface " + surface);
    }

    /** The first content, and what stands before it. */
    ByteBuffer opening(String model) {
        var out = new ByteSink();
        encoder.event(new ChatEvent.Started("v-1", model), out);
        encoder.event(new ChatEvent.TextDelta(0, "Well"), out);
        return out.view();
    }

    /** The rest, usage with it. */
    ByteBuffer closing(Usage usage) {
        var out = new ByteSink();
        encoder.event(new ChatEvent.TextDelta(0, ", so it is."), out);
        encoder.event(new ChatEvent.UsageSeen(usage), out);
        var stop = new Stop(StopReason.END);
        encoder.finish(new Ending(stop, usage, Cost.UNKNOWN, null, List.of()), out);
        return out.view();
    }

    /** An error's body in the vendor's dress. */
    ByteBuffer error(FaultKind kind) {
        Fault fault = Fault.network(kind, "the virtual vendor says no");
        return ByteBuffer.wrap(
                dialect.errors().body(fault, new ErrorContext("r", null, List.of())));
    }
}
