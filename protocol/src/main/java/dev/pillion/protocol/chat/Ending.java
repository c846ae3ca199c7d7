package dev.pillion.protocol.chat;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is known when an answer is complete; everything of a {@link ChatReply} but its content. */
public record Ending(
        Stop stop, Usage usage, Cost cost, @Nullable RouteReport route, List<Source> sources) {}
