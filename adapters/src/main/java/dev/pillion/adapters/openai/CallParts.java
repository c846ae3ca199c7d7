package dev.pillion.adapters.openai;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.protocol.chat.ChatEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The tool calls of one answer, keyed by their {@code index}. The call in turn is handed on as it
 * grows; one that begins before the call in turn is whole waits, so that interleaved fragments come
 * out one call after the other.
 */
final class CallParts {
    private final IntSupplier nextPart;
    private final List<Call> calls = new ArrayList<>();
    private @Nullable Call live;
    private boolean late;

    CallParts(IntSupplier nextPart) {
        this.nextPart = nextPart;
    }

    /** One call. */
    private static final class Call {
        final int key;
        String id = "";
        String name = "";
        boolean custom;
        boolean closed;
        int part = -1;
        final StringBuilder held = new StringBuilder();
        final JsonEnd end = new JsonEnd();

        Call(int key) {
            this.key = key;
        }

        boolean named() {
            return !name.isEmpty();
        }
    }

    boolean any() {
        return !calls.isEmpty();
    }

    void add(JsonNode delta, Consumer<ChatEvent> out) {
        boolean custom = delta.path("custom").isObject();
        JsonNode function = delta.path(custom ? "custom" : "function");
        Call call = call(delta);
        call.custom |= custom;
        take(
                call,
                Citations.text(delta, "id"),
                function,
                Citations.text(function, custom ? "input" : "arguments"),
                out);
    }

    void legacy(JsonNode function, Consumer<ChatEvent> out) {
        Call call = calls.isEmpty() ? open(0) : calls.getFirst();
        take(call, "call_legacy_0", function, Citations.text(function, "arguments"), out);
    }

    /** By index; a server that leaves it out sends each call whole, so that an id begins one. */
    private Call call(JsonNode delta) {
        JsonNode index = delta.get("index");
        if (index == null || !index.isInt()) {
            String id = Citations.text(delta, "id");
            boolean begins = calls.isEmpty() || (id != null && !id.isEmpty());
            return begins ? open(calls.size()) : calls.getLast();
        }
        for (Call call : calls.reversed()) {
            if (call.key == index.intValue()) {
                return anew(call, delta) ? open(index.intValue()) : call;
            }
        }
        return open(index.intValue());
    }

    /** Some servers number every call 0: another id after a whole call begins another one. */
    private static boolean anew(Call call, JsonNode delta) {
        String id = Citations.text(delta, "id");
        return id != null && !id.isEmpty() && !id.equals(call.id) && call.end.reached();
    }

    private Call open(int key) {
        var call = new Call(key);
        calls.add(call);
        return call;
    }

    private void take(
            Call call,
            @Nullable String id,
            JsonNode function,
            @Nullable String arguments,
            Consumer<ChatEvent> out) {
        String name = Citations.text(function, "name");
        if (id != null && call.id.isEmpty()) {
            call.id = id;
        }
        if (name != null && call.name.isEmpty()) {
            call.name = name;
        }
        if (arguments != null) {
            late |= call.closed && !arguments.isBlank();
            call.held.append(arguments);
            call.end.add(arguments);
        }
        turn(call, out);
    }

    /** Hands on what may be handed on now that this call has grown. */
    private void turn(Call call, Consumer<ChatEvent> out) {
        if (live != null && live != call && !live.closed && live.end.reached()) {
            close(live, out);
        }
        if ((live == null || live.closed) && !call.closed && next() == call) {
            live = call;
        }
        if (live == call) {
            flush(call, out);
        }
    }

    /** The first call that is not closed. */
    private @Nullable Call next() {
        for (Call call : calls) {
            if (!call.closed) {
                return call;
            }
        }
        return null;
    }

    private void flush(Call call, Consumer<ChatEvent> out) {
        if (call.closed || !call.named() || call.custom) {
            return;
        }
        start(call, out);
        if (!call.held.isEmpty()) {
            out.accept(new ChatEvent.ToolCallDelta(call.part, call.held.toString()));
            call.held.setLength(0);
        }
    }

    private void start(Call call, Consumer<ChatEvent> out) {
        if (call.part < 0) {
            call.part = nextPart.getAsInt();
            String id = call.id.isEmpty() ? "call_" + call.key : call.id;
            out.accept(new ChatEvent.ToolCallStarted(call.part, id, call.name));
        }
    }

    private void close(Call call, Consumer<ChatEvent> out) {
        if (call.custom) {
            start(call, out);
            out.accept(new ChatEvent.Sealed(call.part, Marks.custom()));
            out.accept(new ChatEvent.ToolCallDelta(call.part, customArguments(call.held)));
        } else {
            flush(call, out);
            start(call, out);
        }
        call.closed = true;
    }

    private static String customArguments(StringBuilder input) {
        return "{\"input\":\""
                + new String(JsonStringEncoder.getInstance().quoteAsString(input))
                + "\"}";
    }

    /** Text begins after a call: a call that is whole is closed, one that is not waits. */
    void pause() {
        if (live != null && live.part >= 0) {
            live.closed = true;
        }
    }

    /** Whether a call went on after it was over. */
    boolean late() {
        return late;
    }

    /** The answer is complete: all that waited comes out, in order. */
    void close(Consumer<ChatEvent> out) {
        for (Call call : calls) {
            if (!call.closed) {
                close(call, out);
            }
        }
    }
}
