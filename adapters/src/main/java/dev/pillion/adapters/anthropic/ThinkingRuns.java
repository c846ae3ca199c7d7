package dev.pillion.adapters.anthropic;

import dev.pillion.adapters.EncodeContext;
import dev.pillion.protocol.chat.Message;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.chat.Role;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which assistant messages go without their thinking. Thinking goes back whole or not at all: a run
 * of assistant messages and tool results, up to the next word of the user, keeps it only when every
 * piece of it has a seal that fits the account and model.
 */
final class ThinkingRuns {
    private ThinkingRuns() {}

    static Set<Integer> broken(List<Message> messages, EncodeContext context) {
        Set<Integer> broken = new HashSet<>();
        List<Integer> run = new ArrayList<>();
        boolean whole = true;
        for (int i = 0; i < messages.size(); i++) {
            Message message = messages.get(i);
            if (message.role() == Role.USER) {
                run.clear();
                whole = true;
            } else if (message.role() == Role.ASSISTANT) {
                run.add(i);
                whole &= fits(message, context);
                if (!whole) {
                    broken.addAll(run);
                }
            }
        }
        return broken;
    }

    private static boolean fits(Message message, EncodeContext context) {
        for (Part part : message.content()) {
            if (part instanceof Part.Thinking thinking
                    && !VendorState.fit(thinking.seal(), context)) {
                return false;
            }
        }
        return true;
    }
}
