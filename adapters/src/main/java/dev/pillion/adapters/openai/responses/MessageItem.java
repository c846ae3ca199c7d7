package dev.pillion.adapters.openai.responses;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.adapters.openai.Marks;
import dev.pillion.protocol.chat.ChatEvent;
import dev.pillion.protocol.chat.Citation;
import dev.pillion.protocol.chat.Seal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/** A {@code message}: each of its contents is a text part. */
final class MessageItem extends OutputItem {
    private static final Set<String> KNOWN = Set.of("type", "id", "role", "status", "content");
    private static final Set<String> KNOWN_BUT_ID = Set.of("type", "role", "status", "content");

    /** One content; {@code part} is -1 until something of it was handed on. */
    private static final class Content {
        final StringBuilder text = new StringBuilder();
        final List<JsonNode> annotations = new ArrayList<>();
        boolean refusal;
        int part = -1;
        int sentChars;
        int cited;
    }

    private final TreeMap<Integer, Content> contents = new TreeMap<>();
    private boolean sealed;
    private int firstPart = -1;

    MessageItem(JsonNode begun, AnswerParts parts) {
        super(begun, parts);
    }

    private Content content(int index) {
        return contents.computeIfAbsent(index, _ -> new Content());
    }

    @Override
    void grow(String type, JsonNode event) {
        int index = event.path("content_index").asInt(0);
        if (!contents.isEmpty() && index < contents.lastKey()) {
            parts.late("a text");
            return;
        }
        Content content = content(index);
        switch (type) {
            case "response.output_text.annotation.added" ->
                    content.annotations.add(event.path("annotation"));
            case "response.refusal.delta" -> {
                content.refusal = true;
                content.text.append(event.path("delta").asText(""));
            }
            default -> content.text.append(event.path("delta").asText(""));
        }
    }

    @Override
    void complete(JsonNode json) {
        JsonNode list = json.path("content");
        for (int i = 0; i < list.size(); i++) {
            JsonNode each = list.get(i);
            Content content = content(i);
            content.refusal |= each.path("type").asText().equals("refusal");
            catchUp(content.text, each.path(content.refusal ? "refusal" : "text").asText(""));
            JsonNode annotations = each.path("annotations");
            for (int a = content.annotations.size(); a < annotations.size(); a++) {
                content.annotations.add(annotations.get(a));
            }
        }
    }

    @Override
    void flush(Consumer<ChatEvent> out) {
        for (Content content : contents.values()) {
            if (content.sentChars < content.text.length()) {
                text(content, out);
            }
            for (; content.cited < content.annotations.size(); content.cited++) {
                annotation(content, content.annotations.get(content.cited), out);
            }
        }
    }

    private void text(Content content, Consumer<ChatEvent> out) {
        open(content, out);
        String delta = content.text.substring(content.sentChars);
        content.sentChars = content.text.length();
        boolean aside = begun().path("phase").asText().equals("commentary");
        (aside ? out : parts.watching(out)).accept(new ChatEvent.TextDelta(content.part, delta));
    }

    private void open(Content content, Consumer<ChatEvent> out) {
        if (content.part >= 0) {
            return;
        }
        boolean follows = parts.isTextLast();
        content.part = parts.open();
        parts.text();
        boolean first = firstPart < 0;
        if (first) {
            firstPart = content.part;
        }
        if (content.refusal) {
            parts.refuse();
            sealed |= first;
            seal(content.part, Marks.refusal(), out);
        } else if (first) {
            fields(out);
            if (follows && !sealed) {
                // Another message begins here, which is nobody's secret.
                seal(content.part, new Seal(parts.quirks().provider(), null, null, "{}"), out);
            }
        }
    }

    /** A part must have begun to be sealed. */
    private static void seal(int part, Seal seal, Consumer<ChatEvent> out) {
        out.accept(new ChatEvent.TextDelta(part, ""));
        out.accept(new ChatEvent.Sealed(part, seal));
    }

    /** What the message says beyond its contents is told with its first part. */
    private void fields(Consumer<ChatEvent> out) {
        Seal seal = parts.fields(begun(), parts.led() ? KNOWN_BUT_ID : KNOWN);
        if (seal != null && !sealed) {
            sealed = true;
            seal(firstPart, seal, out);
        }
    }

    private void annotation(Content content, JsonNode annotation, Consumer<ChatEvent> out) {
        Citation citation = ItemCitations.read(annotation, parts);
        if (citation != null) {
            open(content, out);
            out.accept(new ChatEvent.Cited(content.part, citation));
        }
    }

    @Override
    void seal(Consumer<ChatEvent> out) {
        if (firstPart >= 0 && parts.isLast(firstPart)) {
            fields(out);
        }
    }
}
