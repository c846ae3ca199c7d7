package dev.pillion.adapters.openai.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.openai.TextCheck;
import dev.pillion.protocol.chat.ChatEvent;
import dev.pillion.protocol.chat.Seal;
import dev.pillion.protocol.chat.Source;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What the items of one answer share: the count of its parts, and what is told at its end. */
final class AnswerParts {
    private final ResponsesQuirks quirks;
    private final String account;
    private final String model;
    private final @Nullable TextCheck check;
    private final Map<String, String> titlesByUrl = new LinkedHashMap<>();
    private int next;
    private boolean textLast;
    private long searches;
    private boolean led;
    private boolean called;
    private boolean refused;
    private @Nullable Fault broken;

    AnswerParts(ResponsesQuirks quirks, String account, String model, @Nullable TextCheck check) {
        this.quirks = quirks;
        this.account = account;
        this.model = model;
        this.check = check;
    }

    ResponsesQuirks quirks() {
        return quirks;
    }

    /** The index of the part that begins. */
    int open() {
        textLast = false;
        return next++;
    }

    /** Whether the last part is a text: then what follows must tell that it is another message. */
    boolean isTextLast() {
        return textLast;
    }

    /** The part that has begun is a text. */
    void text() {
        textLast = true;
    }

    /** Whether nothing has begun after the part. */
    boolean isLast(int part) {
        return part == next - 1;
    }

    /** The same events, the answer's own words among them noted. */
    Consumer<ChatEvent> watching(Consumer<ChatEvent> out) {
        return check == null ? out : check.watching(out);
    }

    /** State that goes back to the same account and model. */
    Seal seal(String data) {
        return new Seal(quirks.provider(), account, model, data);
    }

    /** What the vendor's own tool did: another model may see it, but no other account. */
    Seal itemSeal() {
        return new Seal(quirks.provider(), account, null, "item");
    }

    /**
     * The fields of an item but for those named, as a seal; null when none is left. They say what
     * the item is; with the thinking that led to it, its id belongs to an account and a model.
     */
    @Nullable Seal fields(JsonNode item, Set<String> known) {
        ObjectNode rest = Json.object();
        for (Map.Entry<String, JsonNode> field : item.properties()) {
            if (!known.contains(field.getKey()) && !field.getValue().isNull()) {
                rest.set(field.getKey(), field.getValue());
            }
        }
        if (rest.isEmpty()) {
            return null;
        }
        String data = Json.text(rest);
        return led() && rest.has("id") ? seal(data) : new Seal(quirks.provider(), null, null, data);
    }

    void source(@Nullable String url, @Nullable String title) {
        if (url != null && !url.isEmpty()) {
            titlesByUrl.merge(url, title == null ? "" : title, (a, b) -> a.isEmpty() ? b : a);
        }
    }

    void search() {
        searches++;
    }

    long searches() {
        return searches;
    }

    /** An item came to its end, be that thinking or not. */
    void closed(boolean thinking) {
        led = thinking;
    }

    /** Whether thinking led to the item that comes now: then they belong together by their ids. */
    boolean led() {
        return led && !quirks.callItemIds();
    }

    void call() {
        called = true;
    }

    boolean called() {
        return called;
    }

    void refuse() {
        refused = true;
    }

    boolean refused() {
        return refused;
    }

    /** The vendor went on with what was over. */
    void late(String what) {
        broken = Fault.protocol("the vendor went on with " + what + " that was over");
    }

    @Nullable Fault broken() {
        return broken;
    }

    /** All pages, each once, with the title that any mention of it gave. */
    void sources(Consumer<ChatEvent> out) {
        titlesByUrl.forEach((url, title) ->
                out.accept(
                        new ChatEvent.SourceSeen(
                                new Source(url, title.isEmpty() ? null : title, null))));
    }
}
