package dev.pillion.protocol.chat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.wire.Extras;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One request in the uniform form: the one model in the middle that every dialect decodes to and
 * every provider encodes from. Immutable; JSON nodes in it are never changed after construction.
 *
 * @param model an id, an alias or {@code class:NAME}; null: the class decides
 * @param modelClass the class asked for; null when {@code model} is given
 * @param needs what the caller says it needs beyond what the rest of the request tells
 * @param system instructions before the conversation, one part each
 * @param effort null: the model's default
 * @param cacheOff true when the caller wants no prompt caching by Pillion's own doing
 * @param vendor raw fields merged in when that vendor is chosen, by provider; optional by intent
 * @param extras raw top-level fields of the surface spoken, which the uniform form has no word for
 */
public record ChatRequest(
        @Nullable String model,
        @Nullable String modelClass,
        Set<Need> needs,
        List<Part.Text> system,
        List<Message> messages,
        List<Tool> tools,
        @Nullable ToolChoice toolChoice,
        @Nullable Boolean parallelTools,
        Output output,
        @Nullable Effort effort,
        Sampling sampling,
        @Nullable WebSearch webSearch,
        Budget budget,
        RouteWish route,
        boolean cacheOff,
        Map<String, ObjectNode> vendor,
        Map<String, String> tags,
        boolean stream,
        Extras extras) {}
