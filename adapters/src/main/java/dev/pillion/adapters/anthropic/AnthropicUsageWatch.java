package dev.pillion.adapters.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.UsageWatch;
import dev.pillion.protocol.chat.Usage;
import org.jspecify.annotations.Nullable;

/** Usage as a message tells it, whole or in its first event and its last but one. */
final class AnthropicUsageWatch implements UsageWatch {
    private final UsageReader reader = new UsageReader();
    private @Nullable Usage usage;

    @Override
    public void saw(JsonNode answer) {
        JsonNode message = answer.path("message");
        JsonNode told = (message.isObject() ? message : answer).path("usage");
        if (told instanceof ObjectNode next) {
            usage = reader.merge(next);
        }
    }

    @Override
    public @Nullable Usage usage() {
        return usage;
    }
}
