package dev.pillion.sidecar.simulate.anthropic;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.sidecar.simulate.kit.Tokens;
import dev.pillion.sidecar.simulate.kit.Trees;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/** Cuts an answer where a stop sequence stands or the tokens run out. */
final class Endings {
    private Endings() {}

    static AnthropicAnswer apply(AnthropicAnswer whole, AnthropicRequest request, boolean huge) {
        var stopped = stop(whole, request);
        return huge ? stopped : limit(stopped, request);
    }

    private static AnthropicAnswer stop(AnthropicAnswer whole, AnthropicRequest request) {
        var kept = new ArrayList<ObjectNode>();
        for (var block : whole.content()) {
            var text = Trees.string(block, "text");
            var sequence = text == null ? null : earliest(text, request);
            if (text == null || sequence == null) {
                kept.add(block);
                continue;
            }
            var before = text.substring(0, text.indexOf(sequence));
            if (!before.isEmpty()) {
                kept.add(block.deepCopy().put("text", before));
            }
            return new AnthropicAnswer(
                    kept,
                    "stop_sequence",
                    sequence,
                    null,
                    whole.thinkingTokens(),
                    whole.searches());
        }
        return whole;
    }

    private static @Nullable String earliest(String text, AnthropicRequest request) {
        String first = null;
        for (var item : Trees.items(request.body().get("stop_sequences"))) {
            int at = text.indexOf(item.asText());
            if (at >= 0 && (first == null || at < text.indexOf(first))) {
                first = item.asText();
            }
        }
        return first;
    }

    private static AnthropicAnswer limit(AnthropicAnswer answer, AnthropicRequest request) {
        long most = request.body().path("max_tokens").asLong();
        long left = most - answer.thinkingTokens();
        if (answer.outputTokens() - answer.thinkingTokens() <= left) {
            return answer;
        }
        var kept = new ArrayList<ObjectNode>();
        for (var block : answer.content()) {
            var type = block.path("type").asText();
            if (left <= 0 && !type.endsWith("thinking")) {
                break;
            }
            if (type.equals("text")) {
                var text = block.path("text").asText();
                kept.add(block.deepCopy().put("text", Tokens.cut(text, left)));
                left -= Tokens.of(text);
            } else if (type.endsWith("tool_use") && Tokens.of(block) + 4 > left) {
                // What a truncated call leaves behind: its name, and arguments that never closed.
                kept.add(block.deepCopy());
                kept.getLast().set("input", Trees.object());
                left = 0;
            } else {
                kept.add(block);
                left -= type.endsWith("tool_use") ? Tokens.of(block) + 4 : 0;
            }
        }
        int thought = (int) Math.min(answer.thinkingTokens(), most);
        return new AnthropicAnswer(kept, "max_tokens", null, null, thought, answer.searches());
    }
}
