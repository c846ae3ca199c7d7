package dev.pillion.sidecar.simulate.responses;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.sidecar.simulate.kit.Trees;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether calls and their outputs belong together.
 *
 * @param orphan the call id of an output that no call came before; null: none
 * @param unanswered the call id of a call without an output; null: none
 */
public record CallPairing(@Nullable String orphan, @Nullable String unanswered) {
    /**
     * Looks through a conversation.
     *
     * @param calls types of items that ask the client for an output
     * @param others types that have a call id too, and may have an output
     */
    public static CallPairing of(List<JsonNode> items, Set<String> calls, Set<String> others) {
        var open = new LinkedHashSet<String>();
        var made = new LinkedHashSet<String>();
        String orphan = null;
        for (var item : items) {
            var type = Conversation.type(item);
            var id = Trees.string(item, "call_id", "");
            if (calls.contains(type)) {
                made.add(id);
                open.add(id);
            } else if (others.contains(type)) {
                made.add(id);
            } else if (type.equals("function_call_output")
                    || type.equals("custom_tool_call_output")) {
                open.remove(id);
                orphan = orphan == null && !made.contains(id) ? id : orphan;
            }
        }
        return new CallPairing(orphan, open.isEmpty() ? null : open.getFirst());
    }
}
