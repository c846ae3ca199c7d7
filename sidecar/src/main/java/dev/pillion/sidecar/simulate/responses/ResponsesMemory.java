package dev.pillion.sidecar.simulate.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.sidecar.simulate.kit.Trees;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Responses that are stored, by account. Bounded; the oldest are forgotten first. */
public final class ResponsesMemory {
    private static final int MAX_RESPONSES = 1_000;
    private static final int MAX_ITEMS = 20_000;

    private final boolean recallsAnything;
    private final Map<String, Kept> responses = bounded(MAX_RESPONSES);
    private final Map<String, String> reasoningOf = bounded(MAX_ITEMS);

    /**
     * What was said before and is kept by the vendor.
     *
     * @param known whether it really is; otherwise the request named something that is not kept
     */
    public record Earlier(List<JsonNode> items, boolean known) {
        public static final Earlier NONE = new Earlier(List.of(), true);
    }

    /** A response, and the conversation up to its end. */
    private record Kept(ObjectNode response, List<JsonNode> conversation) {}

    /**
     * @param recallsAnything takes ids that it never gave out for the real vendor's
     */
    public ResponsesMemory(boolean recallsAnything) {
        this.recallsAnything = recallsAnything;
    }

    private static <V> Map<String, V> bounded(int most) {
        return new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
                return size() > most;
            }
        };
    }

    /**
     * Stores a response.
     *
     * @param before all items that it answers
     */
    public synchronized void keep(String account, List<JsonNode> before, ObjectNode response) {
        var output = Trees.items(response.get("output"));
        var reasoning = "";
        for (var item : output) {
            var id = item.path("id").asText();
            boolean reasons = Conversation.type(item).equals("reasoning");
            reasoningOf.put(key(account, id), reasons ? "" : reasoning);
            reasoning = reasons ? id : "";
        }
        var conversation = new ArrayList<>(before);
        conversation.addAll(output);
        responses.put(
                key(account, response.path("id").asText()),
                new Kept(response, List.copyOf(conversation)));
    }

    private static String key(String account, String id) {
        return account + " " + id;
    }

    /** Whether an item was given out and is stored. */
    public synchronized boolean knows(String account, String itemId) {
        return recallsAnything || reasoningOf.containsKey(key(account, itemId));
    }

    /** The id of the reasoning that directly led to a stored item; empty where there was none. */
    public synchronized String reasoningOf(String account, String itemId) {
        return reasoningOf.getOrDefault(key(account, itemId), "");
    }

    /** What a request continues. */
    public synchronized Earlier earlier(String account, JsonNode body) {
        if (Trees.has(body, "conversation")) {
            return new Earlier(List.of(), recallsAnything);
        }
        var previous = Trees.string(body, "previous_response_id");
        if (previous == null) {
            return Earlier.NONE;
        }
        var kept = responses.get(key(account, previous));
        return kept == null
                ? new Earlier(List.of(), recallsAnything)
                : new Earlier(kept.conversation(), true);
    }

    /** A stored response, or null. */
    public synchronized @Nullable ObjectNode response(String account, String id) {
        var kept = responses.get(key(account, id));
        return kept == null ? null : kept.response();
    }

    /** Whether there was one to forget. */
    public synchronized boolean forget(String account, String id) {
        return responses.remove(key(account, id)) != null;
    }
}
