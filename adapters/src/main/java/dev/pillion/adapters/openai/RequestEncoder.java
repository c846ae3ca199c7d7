package dev.pillion.adapters.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.Capability;
import dev.pillion.adapters.EncodeContext;
import dev.pillion.adapters.Losses;
import dev.pillion.adapters.Needs;
import dev.pillion.adapters.Refusal;
import dev.pillion.adapters.UpstreamCall;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.Effort;
import dev.pillion.protocol.chat.Output;
import dev.pillion.protocol.chat.WebSearch;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.Headers;
import dev.pillion.protocol.wire.Json;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Renders one request as a Chat Completions body; the messages last, so that it only grows. */
final class RequestEncoder {
    static final String PATH = "/chat/completions";

    /** Most stop texts the format takes. */
    private static final int MAX_STOPS = 4;

    /** What routing and accounting rest on. */
    private static final Set<String> FIXED =
            Set.of("model", "messages", "stream", "stream_options");

    /** How the Responses API is to answer, where it answers. */
    private static final Set<String> HINTS_OF_RESPONSES =
            Set.of("include", "truncation", "reasoning", "text");

    /** What a client of the Responses API may ask for and this format has no word for. */
    private static final Set<String> RESPONSES_ONLY =
            Set.of(
                    "previous_response_id",
                    "conversation",
                    "prompt",
                    "background",
                    "include",
                    "truncation",
                    "context_management",
                    "max_tool_calls",
                    "tool_choice",
                    "image",
                    "access_programs");

    private final ChatRequest request;
    private final EncodeContext context;
    private final Quirks quirks;
    private final Losses losses;
    private final ObjectNode body = Json.object();

    RequestEncoder(ChatRequest request, EncodeContext context, Quirks quirks) {
        this.request = request;
        this.context = context;
        this.quirks = quirks;
        this.losses = new Losses(context.lossy());
    }

    UpstreamCall call() {
        if (context.model().refuses(Refusal.CHAT)) {
            throw Fault.unsupported("only the Responses API serves this model", "/model")
                    .asException();
        }
        body.put("model", context.model().id());
        stream();
        output();
        Effort effort = effort();
        sampling(effort);
        new ToolsEncoder(request, context, quirks, losses).encode(body, effort);
        webSearch();
        extras();
        ArrayNode messages = messages();
        vendor();
        body.set("messages", messages);
        return new UpstreamCall(
                "POST",
                PATH,
                headers(request.stream()),
                List.of(Json.sink(body).view()),
                request.stream(),
                losses.dropped(),
                effort);
    }

    static Headers headers(boolean stream) {
        return Headers.of(
                "content-type",
                "application/json",
                "accept",
                stream ? "text/event-stream" : "application/json");
    }

    private void stream() {
        if (!request.stream()) {
            return;
        }
        body.put("stream", true);
        ObjectNode options = Json.object();
        if (quirks.usageInStream()) {
            options.put("include_usage", true);
        }
        if (quirks.obfuscation()) {
            options.put("include_obfuscation", false);
        }
        if (!options.isEmpty()) {
            body.set("stream_options", options);
        }
    }

    private void output() {
        Output output = request.output();
        Integer max = output.maxTokens();
        if (max != null) {
            body.put(quirks.maxTokensField(), context.model().outputTokens(max));
        }
        if (!output.stop().isEmpty()) {
            stop(output.stop());
        }
        FormatEncoder.encode(output.format(), quirks, losses, body);
    }

    private void stop(List<String> stop) {
        if (context.model().refuses(Refusal.STOP)) {
            losses.lose("/output/stop", "this model takes no stop sequences");
        } else if (stop.size() > MAX_STOPS) {
            losses.lose("/output/stop", stop.size() + " stop sequences (expected: at most 4)");
        } else {
            ArrayNode list = body.putArray("stop");
            stop.forEach(list::add);
        }
    }

    /**
     * The level sent: the one asked, else the next higher one that this model has, else its top.
     */
    private @Nullable Effort effort() {
        Effort asked = request.effort();
        if (asked == null) {
            return null;
        }
        Effort used = context.model().effortFor(asked);
        if (used == null) {
            if (asked != Effort.OFF || context.model().thinking() != null) {
                losses.lose("/thinking/effort", "this model has no effort levels");
            }
            return null;
        }
        if (used.compareTo(quirks.maxEffort()) > 0) {
            used = quirks.maxEffort();
        }
        body.put("reasoning_effort", used == Effort.OFF ? "none" : used.wire());
        return used;
    }

    /** What a model takes of these depends on whether it thinks. */
    private void sampling(@Nullable Effort effort) {
        boolean refused = !context.model().takesSampling(effort);
        BigDecimal temperature = request.sampling().temperature();
        boolean both =
                Needs.isWish(temperature)
                        && context.model().refuses(Refusal.TEMPERATURE_WITH_TOP_P);
        decimal("temperature", "/sampling/temperature", temperature, refused);
        decimal("top_p", "/sampling/top_p", request.sampling().topP(), refused || both);
        Long seed = request.sampling().seed();
        if (seed != null && refused) {
            losses.lose("/sampling/seed", "this model takes no sampling parameters");
        } else if (seed != null) {
            body.put("seed", seed);
        }
    }

    private void decimal(String name, String pointer, @Nullable BigDecimal value, boolean refused) {
        if (value == null) {
            return;
        }
        if (!refused) {
            body.put(name, value);
        } else if (Needs.isWish(value)) {
            losses.lose(pointer, "this model takes no sampling parameters");
        }
    }

    /** Compatible servers search by the field that OpenAI's old models did. */
    private void webSearch() {
        WebSearch search = request.webSearch();
        if (search == null) {
            return;
        }
        if (quirks.searchOptions() && context.model().can(Capability.WEBSEARCH)) {
            SearchOptions.encode(search, losses, body);
        } else {
            losses.lose("/websearch", "Chat Completions has no web search");
        }
    }

    private void vendorField(String name, JsonNode value) {
        boolean idle =
                context.model().refuses(Refusal.PENALTIES)
                        && name.endsWith("_penalty")
                        && value.asDouble() == 0;
        boolean own = context.provider().equals(Marks.SPEAKS);
        if (own && HINTS_OF_RESPONSES.contains(name)) {
            return; // Of the Responses API, which does not serve this model.
        }
        if (FIXED.contains(name) || (own && RESPONSES_ONLY.contains(name))) {
            losses.lose("/vendor/" + context.provider() + "/" + name, "not a field to override");
        } else if (name.equals("n") && value.asInt() > 1) {
            losses.lose("/vendor/" + context.provider() + "/n", "more than one answer");
        } else if (!idle) {
            body.set(name, value);
        }
    }

    private void extras() {
        losses.loseForeign(request.extras(), Marks.SPEAKS, "");
        ObjectNode raw = request.extras().forVendor(Marks.SPEAKS);
        if (raw != null) {
            raw.properties().forEach(field -> extra(field.getKey(), field.getValue()));
        }
    }

    private void extra(String name, JsonNode value) {
        switch (name) {
            case "n" -> losses.lose("/n", "more than one answer");
            case "frequency_penalty", "presence_penalty", "logit_bias" ->
                    unless(Refusal.PENALTIES, name, value);
            case "logprobs", "top_logprobs" -> unless(Refusal.SAMPLING, name, value);
            case "modalities", "audio" -> audio(name, value);
            case "text" -> text(value);
            default -> {
                // Compatible servers know a group of that name, but not the mode in it.
                boolean mode = name.equals("reasoning") && value.has("mode");
                if (mode || RESPONSES_ONLY.contains(name)) {
                    losses.lose("/" + name, "only the Responses API has a word for it");
                } else {
                    body.set(name, value);
                }
            }
        }
    }

    /** What the Responses API says of the answer's text beside its format. */
    private void text(JsonNode value) {
        for (Map.Entry<String, JsonNode> field : value.properties()) {
            if (field.getKey().equals("verbosity")) {
                body.set("verbosity", field.getValue());
            } else {
                losses.lose("/text/" + field.getKey(), "only the Responses API has a word for it");
            }
        }
    }

    private void audio(String name, JsonNode value) {
        boolean sound = name.equals("audio") || value.toString().contains("audio");
        if (sound && !context.model().can(Capability.AUDIO)) {
            losses.lose("/" + name, "this model does not speak");
        } else {
            body.set(name, value);
        }
    }

    private void unless(Refusal refusal, String name, JsonNode value) {
        if (context.model().refuses(refusal)) {
            losses.lose("/" + name, "this model does not take it");
        } else {
            body.set(name, value);
        }
    }

    private ArrayNode messages() {
        var messages = new MessagesEncoder(request, context, quirks, losses);
        if (request.output().format() instanceof Output.Format.Json) {
            messages.sayJson();
        }
        return messages.encode();
    }

    /** The caller's raw fields win over what was rendered, but for the conversation itself. */
    private void vendor() {
        ObjectNode raw = request.vendor().get(context.provider());
        if (raw == null) {
            return;
        }
        for (Map.Entry<String, JsonNode> field : raw.properties()) {
            vendorField(field.getKey(), field.getValue());
        }
    }
}
