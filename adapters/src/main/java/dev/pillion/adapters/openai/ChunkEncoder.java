package dev.pillion.adapters.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.pillion.adapters.ErrorContext;
import dev.pillion.adapters.ReplyContext;
import dev.pillion.adapters.ReplyEncoder;
import dev.pillion.protocol.chat.ChatEvent;
import dev.pillion.protocol.chat.Citation;
import dev.pillion.protocol.chat.Ending;
import dev.pillion.protocol.chat.MediaSource;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.chat.Seal;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.ByteSink;
import dev.pillion.protocol.wire.SseWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes an answer as chunks, in the order that the official accumulators want: the role first,
 * then content, citations and seals in one chunk, the finish chunk, the usage chunk if asked for,
 * and {@code [DONE]}. An {@code error} key appears only in an error.
 */
final class ChunkEncoder implements ReplyEncoder {
    private static final String NO_ARGUMENTS = "{}";

    private final ChunkFrame frame;
    private final boolean usageAsked;
    private final LegacyFunctions legacy;
    private final Map<Integer, Integer> textStarts = new HashMap<>();
    private final List<CitedAt> citations = new ArrayList<>();
    private final NoteTaker notes = new NoteTaker();
    private boolean begun;
    private boolean refusal;
    private int refusalPart = -1;
    private int contentCodePoints;
    private int calls;
    private ChatEvent.@Nullable ToolCallStarted opening;
    private boolean custom;

    /** Whether the call that was opened last has arguments; also where there is no call. */
    private boolean argued = true;

    /** A citation and where its part begins in the content. */
    private record CitedAt(Citation citation, int shift) {}

    ChunkEncoder(ReplyContext context) {
        frame = new ChunkFrame(context);
        usageAsked = context.usageAsked();
        legacy = new LegacyFunctions(context.client());
    }

    @Override
    public void event(ChatEvent event, ByteSink out) {
        switch (event) {
            case ChatEvent.Started _ -> {} // The role comes with the first content.
            case ChatEvent.TextDelta text -> text(text, out);
            case ChatEvent.ThinkingDelta thinking -> thinking(thinking, out);
            case ChatEvent.ToolCallStarted call -> start(call, out);
            case ChatEvent.ToolCallDelta call -> arguments(call.argumentsDelta(), out);
            case ChatEvent.Cited cited -> cited(cited);
            case ChatEvent.Sealed sealed -> sealed(sealed, out);
            case ChatEvent.Whole whole -> whole(whole, out);
            case ChatEvent.SourceSeen _, ChatEvent.UsageSeen _, ChatEvent.Ping _ -> {}
            case ChatEvent.Finished _, ChatEvent.Failed _ ->
                    throw new IllegalStateException("an ending is no event to write");
        }
    }

    /**
     * The role; the content of an answer that begins without words is null, as the format has it.
     */
    private void begin(ByteSink out, @Nullable String content) {
        if (!begun) {
            begun = true;
            frame.delta(
                    out,
                    json -> {
                        json.writeStringField("role", "assistant");
                        json.writeStringField("content", content);
                        json.writeNullField("refusal");
                    });
        }
    }

    private void text(ChatEvent.TextDelta text, ByteSink out) {
        endCall(out);
        boolean refused = text.index() == refusalPart;
        if (!refused) {
            notes.text(text.index(), text.delta());
            textStarts.putIfAbsent(text.index(), contentCodePoints);
            contentCodePoints += text.delta().codePointCount(0, text.delta().length());
        }
        if (!text.delta().isEmpty()) {
            begin(out, refused ? null : "");
            String name = refused ? "refusal" : "content";
            frame.delta(out, json -> json.writeStringField(name, text.delta()));
        }
    }

    private void thinking(ChatEvent.ThinkingDelta thinking, ByteSink out) {
        endCall(out);
        notes.thinking(thinking.index(), thinking.delta(), calls);
        if (!thinking.delta().isEmpty()) {
            begin(out, null);
            frame.delta(out, json -> json.writeStringField("reasoning_content", thinking.delta()));
        }
    }

    /** The call's first chunk waits for the next event, which may tell what kind of call it is. */
    private void start(ChatEvent.ToolCallStarted call, ByteSink out) {
        begin(out, null);
        endCall(out);
        opening = call;
        argued = false;
        custom = false;
        notes.call(call.index(), call.id());
        calls++;
    }

    /** What a call without arguments is called with is JSON nevertheless. */
    private void endCall(ByteSink out) {
        if (!argued && custom) {
            open(out);
        } else if (!argued) {
            arguments(NO_ARGUMENTS, out);
        }
        argued = true;
    }

    private void open(ByteSink out) {
        ChatEvent.ToolCallStarted call = opening;
        if (call == null) {
            return;
        }
        opening = null;
        if (legacy.used()) {
            frame.delta(
                    out,
                    json -> {
                        json.writeObjectFieldStart("function_call");
                        json.writeStringField("name", call.name());
                        json.writeStringField("arguments", "");
                        json.writeEndObject();
                    });
            return;
        }
        String type = custom ? "custom" : "function";
        frame.call(
                out,
                calls - 1,
                json -> {
                    json.writeStringField("id", call.id());
                    json.writeStringField("type", type);
                    json.writeObjectFieldStart(type);
                    json.writeStringField("name", call.name());
                    json.writeStringField(custom ? "input" : "arguments", "");
                    json.writeEndObject();
                });
    }

    private void arguments(String delta, ByteSink out) {
        open(out);
        if (delta.isEmpty()) {
            return;
        }
        argued = true;
        if (legacy.used()) {
            frame.delta(
                    out,
                    json -> {
                        json.writeObjectFieldStart("function_call");
                        json.writeStringField("arguments", delta);
                        json.writeEndObject();
                    });
            return;
        }
        frame.call(out, calls - 1, json -> writeArguments(delta, json));
    }

    private void writeArguments(String delta, JsonGenerator json) throws IOException {
        json.writeObjectFieldStart(custom ? "custom" : "function");
        if (custom) {
            json.writeStringField("input", CustomInput.of(delta));
        } else {
            json.writeStringField("arguments", delta);
        }
        json.writeEndObject();
    }

    private void cited(ChatEvent.Cited cited) {
        int shift = textStarts.getOrDefault(cited.index(), 0);
        citations.add(new CitedAt(cited.citation(), shift));
    }

    private void sealed(ChatEvent.Sealed sealed, ByteSink out) {
        Seal seal = sealed.seal();
        if (Marks.is(seal, Marks.REFUSAL)) {
            refusal = true;
            refusalPart = sealed.index();
        } else if (Marks.is(seal, Marks.CUSTOM)) {
            custom = true;
            open(out);
        } else {
            notes.seal(sealed.index(), seal);
        }
    }

    private void whole(ChatEvent.Whole whole, ByteSink out) {
        begin(out, null);
        endCall(out);
        if (whole.part() instanceof Part.Audio audio
                && audio.source() instanceof MediaSource.Inline inline) {
            frame.delta(out, json -> AudioField.write(audio, inline, json));
        }
        if (whole.part() instanceof Part.VendorItem item) {
            notes.item(whole.index(), item); // It has no place on this surface but among notes.
            if (item.seal() != null) {
                notes.seal(whole.index(), item.seal());
            }
        }
    }

    @Override
    public void finish(Ending ending, ByteSink out) {
        begin(out, textStarts.isEmpty() ? null : "");
        endCall(out);
        notes(out);
        String reason = Stops.word(ending.stop(), refusal);
        frame.finish(
                out,
                reason.equals("tool_calls") && legacy.used() ? "function_call" : reason,
                Usages.tier(ending.usage().serviceTier()));
        if (usageAsked) {
            frame.usage(out, ending.usage());
        }
        SseWriter.frame(out, null, "[DONE]");
    }

    /** Citations and seals come once, together: accumulators don't merge lists of them. */
    private void notes(ByteSink out) {
        if (citations.isEmpty() && notes.isEmpty()) {
            return;
        }
        frame.delta(
                out,
                json -> {
                    if (!citations.isEmpty()) {
                        json.writeArrayFieldStart("annotations");
                        for (CitedAt cited : citations) {
                            Citations.write(json, cited.citation(), cited.shift());
                        }
                        json.writeEndArray();
                    }
                    if (!notes.isEmpty()) {
                        notes.write(json);
                    }
                });
    }

    @Override
    public void fail(Fault fault, ErrorContext attempts, ByteSink out) {
        SseWriter.frame(out, null, json -> Errors.write(fault, json));
    }

    @Override
    public void keepAlive(ByteSink out) {
        SseWriter.comment(out, "keep-alive");
    }
}
