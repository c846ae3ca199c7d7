package dev.pillion.adapters.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.protocol.chat.ChatEvent;
import dev.pillion.protocol.chat.Citation;
import dev.pillion.protocol.chat.Source;
import dev.pillion.protocol.fault.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Turns what a message or its deltas hold into parts. A part is opened by its first delta and
 * closed by the next one's; the message's content may so become several text parts.
 */
final class Parts {
    private enum Open {
        NOTHING,
        TEXT,
        REFUSAL,
        THINKING
    }

    /** Where a text part begins in the message's content, in code points. */
    private record Span(int index, int start) {}

    private final CallParts calls;
    private final AudioPart audio;
    private final @Nullable Repeats repeats;
    private final List<Span> spans = new ArrayList<>();
    private final List<Citation> early = new ArrayList<>();
    private Open open = Open.NOTHING;
    private int next;
    private int contentCodePoints;
    private boolean refused;

    /** {@code repeats} tells what a server sent over again; null: it does not do so. */
    Parts(String audioType, @Nullable Repeats repeats) {
        this.repeats = repeats;
        calls = new CallParts(this::nextIndex);
        audio = new AudioPart(audioType);
    }

    private int nextIndex() {
        open = Open.NOTHING;
        return next++;
    }

    boolean called() {
        return calls.any();
    }

    boolean refused() {
        return refused;
    }

    void add(JsonNode delta, Consumer<ChatEvent> out) {
        thinking(delta, out);
        content(delta.path("content"), out);
        refusal(delta.path("refusal"), out);
        for (JsonNode annotation : delta.path("annotations")) {
            annotation(annotation, out);
        }
        for (JsonNode call : delta.path("tool_calls")) {
            calls.add(call, out);
        }
        if (delta.path("function_call").isObject()) {
            calls.legacy(delta.get("function_call"), out);
        }
        audio.add(delta.path("audio"));
    }

    /** Compatible servers show thinking under either name, some under both at once. */
    private void thinking(JsonNode delta, Consumer<ChatEvent> out) {
        String text = Citations.text(delta, "reasoning_content");
        if (text == null || text.isEmpty()) {
            text = Citations.text(delta, "reasoning");
        }
        if (text != null) {
            thinkingText(text, out);
        }
    }

    private void thinkingText(String text, Consumer<ChatEvent> out) {
        if (!text.isEmpty() && (repeats == null || !repeats.thinking(text))) {
            out.accept(new ChatEvent.ThinkingDelta(open(Open.THINKING), text));
        }
    }

    private void content(JsonNode content, Consumer<ChatEvent> out) {
        if (content.isTextual()) {
            text(content.textValue(), out);
            return;
        }
        for (JsonNode part : content) {
            if (part.path("type").asText().equals("thinking")) {
                part.path("thinking")
                        .forEach(text -> thinkingText(text.path("text").asText(""), out));
            } else {
                text(part.path("text").asText(""), out);
            }
        }
    }

    private void text(String text, Consumer<ChatEvent> out) {
        if (text.isEmpty() || (repeats != null && repeats.text(text))) {
            return;
        }
        if (open != Open.TEXT) {
            spans.add(new Span(open(Open.TEXT), contentCodePoints));
        }
        contentCodePoints += text.codePointCount(0, text.length());
        out.accept(new ChatEvent.TextDelta(open(Open.TEXT), text));
        early.forEach(citation -> cite(citation, out));
        early.clear();
    }

    private void refusal(JsonNode refusal, Consumer<ChatEvent> out) {
        if (!refusal.isTextual() || refusal.textValue().isEmpty()) {
            return;
        }
        refused = true;
        boolean opens = open != Open.REFUSAL;
        int index = open(Open.REFUSAL);
        if (opens) {
            out.accept(new ChatEvent.TextDelta(index, ""));
            out.accept(new ChatEvent.Sealed(index, Marks.refusal()));
        }
        out.accept(new ChatEvent.TextDelta(index, refusal.textValue()));
    }

    private int open(Open what) {
        if (open != what) {
            calls.pause();
            next++;
            open = what;
        }
        return next - 1;
    }

    private void annotation(JsonNode annotation, Consumer<ChatEvent> out) {
        Citation citation = Citations.read(annotation);
        if (citation == null) {
            return;
        }
        Source source = Citations.source(citation);
        if (source != null) {
            out.accept(new ChatEvent.SourceSeen(source));
        }
        if (citation.end() == 0) {
            return; // Only visited, backs no words.
        }
        if (spans.isEmpty()) {
            early.add(citation);
        } else {
            cite(citation, out);
        }
    }

    private void cite(Citation citation, Consumer<ChatEvent> out) {
        Span in = spans.getFirst();
        for (Span span : spans) {
            if (span.start() <= citation.start()) {
                in = span;
            }
        }
        out.accept(
                new ChatEvent.Cited(
                        in.index(),
                        new Citation(
                                citation.start() - in.start(),
                                citation.end() - in.start(),
                                citation.url(),
                                citation.title(),
                                citation.quote(),
                                citation.source())));
    }

    /** Hands on what was held back; null, or what is wrong with it. */
    @Nullable Fault close(Consumer<ChatEvent> out) {
        calls.close(out);
        if (calls.late()) {
            return Fault.protocol("the vendor went on with a tool call that was over");
        }
        return audio.close(() -> next++, out);
    }
}
