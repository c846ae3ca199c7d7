package dev.pillion.sidecar.simulate.kit;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether the tool calls of a chat's messages and their results belong together. */
public final class ChatPairing {
    private ChatPairing() {}

    /** What is wrong. */
    public enum Kind {
        /** A result of no call of the message before. */
        ORPHAN,
        TWO_RESULTS,
        TWO_CALLS,
        /** Calls without a result before the next message. */
        UNANSWERED
    }

    /**
     * The first flaw.
     *
     * @param index of the message where it shows
     * @param ids of the calls
     */
    public record Flaw(Kind kind, int index, List<String> ids) {}

    /** The first flaw, or null. */
    public static @Nullable Flaw check(List<JsonNode> messages) {
        var open = new ArrayList<String>();
        var answered = new HashSet<String>();
        for (int i = 0; i < messages.size(); i++) {
            var message = messages.get(i);
            if (message.path("role").asText().equals("tool")) {
                var id = message.path("tool_call_id").asText();
                if (!open.remove(id) && !answered.contains(id)) {
                    return new Flaw(Kind.ORPHAN, i, List.of(id));
                }
                if (!answered.add(id)) {
                    return new Flaw(Kind.TWO_RESULTS, i, List.of(id));
                }
                continue;
            }
            if (!open.isEmpty()) {
                return new Flaw(Kind.UNANSWERED, i, open);
            }
            answered.clear();
            for (var call : Trees.items(message.get("tool_calls"))) {
                var id = call.path("id").asText();
                if (open.contains(id)) {
                    return new Flaw(Kind.TWO_CALLS, i, List.of(id));
                }
                open.add(id);
            }
        }
        return open.isEmpty() ? null : new Flaw(Kind.UNANSWERED, messages.size(), open);
    }
}
