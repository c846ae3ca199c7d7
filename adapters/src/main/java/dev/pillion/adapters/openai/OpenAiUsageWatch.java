package dev.pillion.adapters.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.adapters.UsageWatch;
import dev.pillion.adapters.openai.responses.ResponsesCodec;
import dev.pillion.adapters.openai.responses.ResponsesQuirks;
import dev.pillion.protocol.chat.Usage;
import org.jspecify.annotations.Nullable;

/**
 * Usage as completions and vectors tell it ({@code prompt_tokens}), or as responses, pictures and
 * transcripts do ({@code input_tokens}), in an answer, an event or an event's {@code response}.
 */
final class OpenAiUsageWatch implements UsageWatch {
    private final Quirks quirks;
    private final ResponsesQuirks responses;
    private @Nullable Usage usage;

    OpenAiUsageWatch(Quirks quirks, ResponsesQuirks responses) {
        this.quirks = quirks;
        this.responses = responses;
    }

    @Override
    public void saw(JsonNode answer) {
        JsonNode root = answer.path("response").isObject() ? answer.path("response") : answer;
        JsonNode told = root.path("usage");
        if (told.has("prompt_tokens")) {
            String tier = Citations.text(root, "service_tier");
            usage = Usages.of(told, tier, quirks.shortPrompts());
        } else if (told.has("input_tokens")) {
            usage = ResponsesCodec.usage(root, responses);
        }
    }

    @Override
    public @Nullable Usage usage() {
        return usage;
    }
}
