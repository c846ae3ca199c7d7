package dev.pillion.adapters.gemini;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.chat.ChatEvent;
import dev.pillion.protocol.chat.MediaSource;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.chat.Seal;
import dev.pillion.protocol.chat.Source;
import dev.pillion.protocol.wire.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Turns the events of an answer into parts of a content: text and thinking as they come, a call
 * whole when it is, and behind a run of text what {@link Carrier} keeps of it.
 */
final class AnswerParts {
    private static final String SIGNATURE = "thoughtSignature";

    /** What a visible part is; pieces of the same kind that follow each other are one part. */
    private enum Kind {
        NONE,
        TEXT,
        THOUGHT,
        OTHER
    }

    /** Where a text part's text lies in the visible parts. */
    private record Place(int part, int codePoint) {}

    private final boolean thoughts;
    private final Consumer<ObjectNode> out;
    private final Carrier carrier = new Carrier();
    private final Grounding grounding = new Grounding();
    private final ObjectNode candidate = Json.object();

    /** The text of each visible part; of parts without text it is empty. */
    private final List<StringBuilder> texts = new ArrayList<>();

    /** Of the last of them: counted along, since counting it anew at each delta is quadratic. */
    private int lastCodePoints;

    private final Map<Integer, Place> places = new HashMap<>();
    private Kind last = Kind.NONE;
    private int index = -1;
    private @Nullable Seal seal;
    private ChatEvent.@Nullable ToolCallStarted call;
    private Part.@Nullable VendorItem item;
    private @Nullable Part medium;
    private boolean inText;
    private boolean inThinking;
    private final StringBuilder collected = new StringBuilder();

    AnswerParts(boolean thoughts, Consumer<ObjectNode> out) {
        this.thoughts = thoughts;
        this.out = out;
    }

    void event(ChatEvent event) {
        switch (event) {
            case ChatEvent.TextDelta text -> {
                at(text.index());
                text(text.index(), text.delta());
            }
            case ChatEvent.ThinkingDelta thinking -> {
                at(thinking.index());
                inThinking = true;
                collected.append(thinking.delta());
                if (thoughts && !thinking.delta().isEmpty()) {
                    visible(Kind.THOUGHT);
                    out.accept(Json.object().put("text", thinking.delta()).put("thought", true));
                }
            }
            case ChatEvent.ToolCallStarted started -> {
                at(started.index());
                call = started;
            }
            case ChatEvent.ToolCallDelta delta -> collected.append(delta.argumentsDelta());
            case ChatEvent.Cited cited -> cited(cited);
            case ChatEvent.Sealed sealed -> {
                if (sealed.index() == index) {
                    seal = sealed.seal();
                }
            }
            case ChatEvent.Whole whole -> {
                at(whole.index());
                whole(whole.part());
            }
            case ChatEvent.Started _,
                    ChatEvent.SourceSeen _,
                    ChatEvent.UsageSeen _,
                    ChatEvent.Ping _,
                    ChatEvent.Finished _,
                    ChatEvent.Failed _ -> {}
        }
    }

    /** The answer's last part is whole. */
    void end() {
        at(-1);
        flushCarrier();
    }

    /** Fields of the candidate beside its content, when all parts are out. */
    ObjectNode candidate(List<Source> sources) {
        ObjectNode fields = candidate.deepCopy();
        ObjectNode metadata = grounding.write(sources, texts);
        if (!metadata.isEmpty()) {
            fields.set("groundingMetadata", metadata);
        }
        return fields;
    }

    private void at(int next) {
        if (next == index) {
            return;
        }
        close();
        index = next;
    }

    private void close() {
        if (call != null) {
            call(call);
        } else if (item != null) {
            item(item);
        } else if (medium != null) {
            medium(medium);
        } else if (inThinking) {
            carrier.thinking(collected.toString(), seal, thoughts);
        } else if (inText) {
            carrier.closeText(seal);
        }
        call = null;
        item = null;
        medium = null;
        seal = null;
        inText = false;
        inThinking = false;
        collected.setLength(0);
    }

    private void visible(Kind kind) {
        if (kind != last || kind == Kind.OTHER) {
            last = kind;
            texts.add(new StringBuilder());
            lastCodePoints = 0;
        }
    }

    private void text(int of, String delta) {
        if (!inText) {
            inText = true;
            carrier.text(0, true);
        }
        if (delta.isEmpty()) {
            return;
        }
        visible(Kind.TEXT);
        places.putIfAbsent(of, new Place(texts.size() - 1, lastCodePoints));
        texts.getLast().append(delta);
        int more = delta.codePointCount(0, delta.length());
        lastCodePoints += more;
        carrier.text(more, false);
        out.accept(Json.object().put("text", delta));
    }

    private void cited(ChatEvent.Cited cited) {
        Place place = places.get(cited.index());
        if (place != null) {
            grounding.cited(place.part(), place.codePoint(), cited.citation());
        }
    }

    private void call(ChatEvent.ToolCallStarted started) {
        ObjectNode part = Json.object();
        part.putObject("functionCall")
                .put("id", started.id())
                .put("name", started.name())
                .set("args", CallArguments.object(collected.toString()));
        String signature = carrier.end(seal);
        if (signature != null) {
            part.put(SIGNATURE, signature);
        }
        visible(Kind.OTHER);
        out.accept(part);
    }

    private void whole(Part part) {
        seal = part.seal();
        if (part instanceof Part.VendorItem one) {
            item = one;
        } else {
            medium = part;
        }
    }

    private void medium(Part part) {
        switch (part) {
            case Part.Image image -> media(image.source());
            case Part.Video video -> media(video.source());
            case Part.Document document -> media(document.source());
            case Part.Audio audio -> {
                media(audio.source());
                if (audio.transcript() != null) {
                    text(index, audio.transcript());
                    carrier.closeText(null);
                }
            }
            case Part.Text _,
                    Part.ToolCall _,
                    Part.ToolResult _,
                    Part.Thinking _,
                    Part.VendorItem _ -> {} // These come in pieces, or are items.
        }
    }

    private void item(Part.VendorItem one) {
        var sealed = new Part.VendorItem(one.provider(), one.item(), seal, null);
        if (!one.provider().equals(GeminiApi.NAME) || !(one.item() instanceof ObjectNode)) {
            carrier.item(sealed);
        } else if (GeminiCandidateFields.isSuch(one.item())) {
            ofCandidate((ObjectNode) one.item());
        } else {
            flushCarrier();
            visible(Kind.OTHER);
            out.accept(GeminiItems.write(sealed));
        }
    }

    private void ofCandidate(ObjectNode fields) {
        ObjectNode rest = fields.deepCopy();
        if (rest.remove("groundingMetadata") instanceof ObjectNode metadata) {
            grounding.own(metadata);
        }
        candidate.setAll(rest);
    }

    private void media(MediaSource source) {
        ObjectNode part = Json.object();
        switch (source) {
            case MediaSource.Inline inline ->
                    part.putObject("inlineData")
                            .put("mimeType", inline.mediaType())
                            .put("data", inline.data());
            case MediaSource.Url url -> part.putObject("fileData").put("fileUri", url.url());
            case MediaSource.FileRef file ->
                    part.putObject("fileData").put("fileUri", file.fileId());
        }
        String signature = carrier.end(seal);
        if (signature != null) {
            part.put(SIGNATURE, signature);
        }
        visible(Kind.OTHER);
        out.accept(part);
    }

    /** Ends the run, with a text of its own that carries what must go back. */
    private void flushCarrier() {
        String signature = carrier.end(null);
        if (signature != null) {
            if (last != Kind.TEXT) {
                visible(Kind.OTHER);
            }
            out.accept(Json.object().put("text", "").put(SIGNATURE, signature));
        }
    }
}
