package dev.pillion.protocol.chat;

import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.Extras;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Folds the events of an answer into the whole: the same answer, streamed or not. One thread. */
public final class ReplyFold {
    private String id = "";
    private String model = "";
    private final List<Open> parts = new ArrayList<>();
    private final List<Source> sources = new ArrayList<>();
    private Usage usage = Usage.NONE;
    private @Nullable Stop stop;
    private @Nullable Fault fault;

    /** Takes the next event. */
    public void accept(ChatEvent event) {
        switch (event) {
            case ChatEvent.Started started -> {
                id = started.id();
                model = started.model();
            }
            case ChatEvent.TextDelta text ->
                    open(text.index(), Open.TEXT).text.append(text.delta());
            case ChatEvent.ThinkingDelta thinking ->
                    open(thinking.index(), Open.THINKING).text.append(thinking.delta());
            case ChatEvent.ToolCallStarted call -> {
                Open part = open(call.index(), Open.CALL);
                part.id = call.id();
                part.name = call.name();
            }
            case ChatEvent.ToolCallDelta call ->
                    open(call.index(), Open.CALL).text.append(call.argumentsDelta());
            case ChatEvent.Cited cited ->
                    open(cited.index(), Open.TEXT).citations.add(cited.citation());
            case ChatEvent.Sealed sealed -> seal(sealed);
            case ChatEvent.Whole whole -> open(whole.index(), Open.WHOLE).whole = whole.part();
            case ChatEvent.SourceSeen seen -> {
                if (!sources.contains(seen.source())) {
                    sources.add(seen.source());
                }
            }
            case ChatEvent.UsageSeen seen -> usage = seen.usage();
            case ChatEvent.Finished finished -> stop = finished.stop();
            case ChatEvent.Failed failed -> fault = failed.fault();
            case ChatEvent.Ping _ -> {}
        }
    }

    private void seal(ChatEvent.Sealed sealed) {
        if (sealed.index() >= parts.size()) {
            throw new IllegalStateException("a seal for part " + sealed.index() + ", not opened");
        }
        parts.get(sealed.index()).seal = sealed.seal();
    }

    private Open open(int index, int kind) {
        if (index == parts.size()) {
            parts.add(new Open(kind));
        }
        if (index >= parts.size() || parts.get(index).kind != kind) {
            throw new IllegalStateException(
                    "part " + index + " is out of order or of another kind");
        }
        return parts.get(index);
    }

    public Usage usage() {
        return usage;
    }

    public List<Source> sources() {
        return List.copyOf(sources);
    }

    /** How the answer ended; null while it has not, or when it failed. */
    public @Nullable Stop stop() {
        return stop;
    }

    /** Why the answer failed; null when it did not. */
    public @Nullable Fault fault() {
        return fault;
    }

    public String id() {
        return id;
    }

    public String model() {
        return model;
    }

    /** The parts so far. */
    public List<Part> content() {
        return parts.stream().map(Open::part).toList();
    }

    /** A part that still grows. */
    private static final class Open {
        static final int TEXT = 0;
        static final int THINKING = 1;
        static final int CALL = 2;
        static final int WHOLE = 3;

        final int kind;
        final StringBuilder text = new StringBuilder();
        final List<Citation> citations = new ArrayList<>();
        String id = "";
        String name = "";
        @Nullable Seal seal;
        @Nullable Part whole;

        Open(int kind) {
            this.kind = kind;
        }

        Part part() {
            if (whole != null) {
                return seal == null ? whole : sealed(whole, seal);
            }
            return switch (kind) {
                case THINKING -> new Part.Thinking(text.toString(), seal, Extras.NONE);
                case CALL -> new Part.ToolCall(id, name, arguments(), seal, null, Extras.NONE);
                default ->
                        new Part.Text(
                                text.toString(), List.copyOf(citations), seal, null, Extras.NONE);
            };
        }

        private static Part sealed(Part part, Seal seal) {
            return switch (part) {
                case Part.VendorItem it ->
                        new Part.VendorItem(it.provider(), it.item(), seal, it.cache());
                case Part.Image it -> new Part.Image(it.source(), seal, it.cache(), it.extras());
                case Part.Audio it ->
                        new Part.Audio(it.source(), it.transcript(), seal, it.cache(), it.extras());
                case Part.Video it -> new Part.Video(it.source(), seal, it.cache(), it.extras());
                case Part.Text _,
                        Part.Thinking _,
                        Part.ToolCall _,
                        Part.Document _,
                        Part.ToolResult _ ->
                        part; // The first three come in pieces; the others carry none.
            };
        }

        private String arguments() {
            return text.isEmpty() ? "{}" : text.toString();
        }
    }
}
