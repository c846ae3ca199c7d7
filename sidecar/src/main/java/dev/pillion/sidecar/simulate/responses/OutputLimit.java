package dev.pillion.sidecar.simulate.responses;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.sidecar.simulate.kit.Tokens;
import dev.pillion.sidecar.simulate.kit.Trees;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Breaks an answer off where its tokens, or the vendor's patience, end. */
public final class OutputLimit {
    private static final int FILTERED_AFTER_TOKENS = 5;

    private long left;
    private @Nullable String reason;

    /**
     * @param left tokens that may be said
     * @param filter the reason for which it breaks off soon; null: it does not
     */
    public OutputLimit(long left, @Nullable String filter) {
        this.left = filter == null ? left : Math.min(left, FILTERED_AFTER_TOKENS);
        this.reason = filter;
    }

    /** Why it broke off, or null. */
    public @Nullable String reason() {
        return reason;
    }

    /** The items that are still said, cut where they have to be. */
    public List<ObjectNode> apply(List<ObjectNode> items) {
        var kept = new ArrayList<ObjectNode>();
        for (var item : items) {
            if (left <= 0) {
                reason = reason == null ? "max_output_tokens" : reason;
                break;
            }
            for (var field : List.of("arguments", "input")) {
                cut(item, item, field);
            }
            for (var part : item.path("content")) {
                cut(item, (ObjectNode) part, "text");
                cut(item, (ObjectNode) part, "refusal");
            }
            kept.add(item);
        }
        return kept;
    }

    private void cut(ObjectNode item, ObjectNode holder, String field) {
        var text = Trees.string(holder, field, "");
        if (text.isEmpty()) {
            return;
        }
        int tokens = Tokens.of(text + item.path("name").asText());
        if (tokens > left) {
            holder.put(field, Tokens.cut(text, left));
            if (holder.has("annotations")) {
                holder.putArray("annotations");
            }
            if (holder.path("logprobs").size() > 0) {
                holder.putArray("logprobs");
            }
            item.put("status", "incomplete");
            reason = reason == null ? "max_output_tokens" : reason;
        }
        left -= tokens;
    }
}
