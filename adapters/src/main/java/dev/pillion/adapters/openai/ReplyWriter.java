package dev.pillion.adapters.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.pillion.adapters.ReplyContext;
import dev.pillion.protocol.chat.ChatReply;
import dev.pillion.protocol.chat.Citation;
import dev.pillion.protocol.chat.MediaSource;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.wire.ByteSink;
import dev.pillion.protocol.wire.SseWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes a whole answer: every field that the format's clients may ask for is there. */
final class ReplyWriter {
    private final ReplyContext context;
    private final LegacyFunctions legacy;
    private final StringBuilder text = new StringBuilder();
    private final StringBuilder refusal = new StringBuilder();
    private final StringBuilder thinking = new StringBuilder();
    private final List<Part.ToolCall> calls = new ArrayList<>();
    private final List<Citation> citations = new ArrayList<>();
    private final List<Integer> shifts = new ArrayList<>();
    private final NoteTaker notes = new NoteTaker();
    private Part.@Nullable Audio audio;
    private boolean texts;
    private boolean refused;

    private ReplyWriter(ReplyContext context) {
        this.context = context;
        this.legacy = new LegacyFunctions(context.client());
    }

    static byte[] write(ChatReply reply, ReplyContext context) {
        var writer = new ReplyWriter(context);
        for (int i = 0; i < reply.content().size(); i++) {
            writer.collect(reply.content().get(i), i);
        }
        var out = new ByteSink(2048);
        SseWriter.json(out, json -> writer.write(reply, json));
        return out.toByteArray();
    }

    private void collect(Part part, int index) {
        switch (part) {
            case Part.Text one -> {
                text(one);
                if (!Marks.isRefusal(one)) {
                    notes.text(index, one.text());
                }
            }
            case Part.Thinking one -> {
                thinking.append(one.text());
                notes.thinking(index, one.text(), calls.size());
            }
            case Part.ToolCall call -> {
                calls.add(call);
                notes.call(index, call.id());
            }
            case Part.Audio one -> audio = one;
            case Part.VendorItem item -> notes.item(index, item);
            case Part.Image _, Part.Document _, Part.Video _, Part.ToolResult _ -> {}
        }
        if (part.seal() != null && !Marks.isOwn(part.seal())) {
            notes.seal(index, part.seal());
        }
    }

    private void text(Part.Text one) {
        if (Marks.isRefusal(one)) {
            refused = true;
            refusal.append(one.text());
            return;
        }
        texts = true;
        int shift = text.codePointCount(0, text.length());
        for (Citation citation : one.citations()) {
            citations.add(citation);
            shifts.add(shift);
        }
        text.append(one.text());
    }

    private void write(ChatReply reply, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", ChunkFrame.id(context));
        json.writeStringField("object", "chat.completion");
        json.writeNumberField("created", context.createdEpochSeconds());
        json.writeStringField("model", context.model());
        json.writeArrayFieldStart("choices");
        json.writeStartObject();
        json.writeNumberField("index", 0);
        json.writeObjectFieldStart("message");
        message(json);
        json.writeEndObject();
        json.writeNullField("logprobs");
        String reason = Stops.word(reply.ending().stop(), refused);
        json.writeStringField(
                "finish_reason",
                reason.equals("tool_calls") && legacy.used() ? "function_call" : reason);
        json.writeEndObject();
        json.writeEndArray();
        json.writeFieldName("usage");
        Usages.write(json, reply.ending().usage());
        String tier = Usages.tier(reply.ending().usage().serviceTier());
        if (tier != null) {
            json.writeStringField("service_tier", tier);
        }
        json.writeEndObject();
    }

    private void message(JsonGenerator json) throws IOException {
        json.writeStringField("role", "assistant");
        boolean none = !texts || (text.isEmpty() && (!calls.isEmpty() || refused));
        orNull(json, "content", none ? null : text.toString());
        orNull(json, "refusal", refused ? refusal.toString() : null);
        if (!thinking.isEmpty()) {
            json.writeStringField("reasoning_content", thinking.toString());
        }
        json.writeArrayFieldStart("annotations");
        for (int i = 0; i < citations.size(); i++) {
            Citations.write(json, citations.get(i), shifts.get(i));
        }
        json.writeEndArray();
        if (audio != null && audio.source() instanceof MediaSource.Inline inline) {
            AudioField.write(audio, inline, json);
        }
        calls(json);
        if (!notes.isEmpty()) {
            notes.write(json);
        }
    }

    private static void orNull(JsonGenerator json, String name, @Nullable String value)
            throws IOException {
        json.writeStringField(name, value);
    }

    private void calls(JsonGenerator json) throws IOException {
        if (calls.isEmpty()) {
            return;
        }
        if (legacy.used()) {
            json.writeObjectFieldStart("function_call");
            json.writeStringField("name", calls.getFirst().name());
            json.writeStringField("arguments", calls.getFirst().arguments());
            json.writeEndObject();
            return;
        }
        json.writeArrayFieldStart("tool_calls");
        for (Part.ToolCall call : calls) {
            call(call, json);
        }
        json.writeEndArray();
    }

    private static void call(Part.ToolCall call, JsonGenerator json) throws IOException {
        boolean custom = Marks.isCustom(call);
        String type = custom ? "custom" : "function";
        json.writeStartObject();
        json.writeStringField("id", call.id());
        json.writeStringField("type", type);
        json.writeObjectFieldStart(type);
        json.writeStringField("name", call.name());
        if (custom) {
            json.writeStringField("input", CustomInput.of(call.arguments()));
        } else {
            json.writeStringField("arguments", call.arguments());
        }
        json.writeEndObject();
        json.writeEndObject();
    }
}
