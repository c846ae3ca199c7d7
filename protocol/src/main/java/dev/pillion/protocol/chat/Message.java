package dev.pillion.protocol.chat;

import dev.pillion.protocol.wire.Extras;
import java.util.List;

/** One message of a conversation. A {@code TOOL} message holds {@link Part.ToolResult}s only. */
public record Message(Role role, List<Part> content, Extras extras) {
    public Message(Role role, List<Part> content) {
        this(role, content, Extras.NONE);
    }
}
