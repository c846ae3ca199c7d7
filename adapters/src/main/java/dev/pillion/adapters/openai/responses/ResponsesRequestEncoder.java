package dev.pillion.adapters.openai.responses;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.EncodeContext;
import dev.pillion.adapters.Losses;
import dev.pillion.adapters.ModelTraits;
import dev.pillion.adapters.Needs;
import dev.pillion.adapters.UpstreamCall;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.Effort;
import dev.pillion.protocol.chat.Need;
import dev.pillion.protocol.chat.Output;
import dev.pillion.protocol.wire.Headers;
import dev.pillion.protocol.wire.Json;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Renders one request as a Responses body; the input last, so that it only grows. */
final class ResponsesRequestEncoder {
    static final String PATH = "/responses";

    private final ChatRequest request;
    private final EncodeContext context;
    private final ModelTraits model;
    private final ResponsesQuirks quirks;
    private final Losses losses;
    private final RawFields raw;
    private final ObjectNode body = Json.object();

    ResponsesRequestEncoder(ChatRequest request, EncodeContext context, ResponsesQuirks quirks) {
        this.request = request;
        this.context = context;
        this.model = context.model();
        this.quirks = quirks;
        this.losses = new Losses(context.lossy());
        this.raw = new RawFields(request, context, quirks, losses);
    }

    UpstreamCall call() {
        body.put("model", model.id());
        stream();
        body.put("store", false);
        include();
        output();
        Effort effort = effort();
        sampling(effort);
        new ItemToolsEncoder(request, context, quirks, losses).encode(body);
        cacheKey();
        ArrayNode input = input();
        raw.addTo(body);
        body.set("input", input);
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
        if (request.stream()) {
            body.put("stream", true);
            if (quirks.obfuscation()) {
                body.putObject("stream_options").put("include_obfuscation", false);
            }
        }
    }

    /** Nothing is kept at the vendor, so that its state must come along to be sent back. */
    private void include() {
        ArrayNode include = body.arrayNode();
        if (model.thinking() != null) {
            include.add("reasoning.encrypted_content");
        }
        if (request.webSearch() != null) {
            include.add("web_search_call.action.sources");
        }
        if (!include.isEmpty()) {
            body.set("include", include);
        }
    }

    private void output() {
        Output output = request.output();
        Integer max = output.maxTokens();
        if (max != null) {
            if (max < quirks.minOutputTokens()) {
                losses.lose(
                        "/output/max_tokens",
                        max + " (expected: at least " + quirks.minOutputTokens() + " here)");
            }
            body.put(
                    "max_output_tokens",
                    Math.max(model.outputTokens(max), quirks.minOutputTokens()));
        }
        if (!output.stop().isEmpty()) {
            losses.lose("/output/stop", "the Responses API takes no stop sequences");
        }
        ItemFormatEncoder.encode(output.format(), quirks, losses, body);
    }

    /** The level sent: the one asked, else the next higher one that it has, else its top. */
    private @Nullable Effort effort() {
        Effort asked = request.effort();
        Effort used = asked == null ? null : model.effortFor(asked);
        if (asked != null && used == null && (asked != Effort.OFF || model.thinking() != null)) {
            losses.lose("/thinking/effort", "this model has no effort levels");
        }
        ObjectNode reasoning = body.objectNode();
        if (used != null) {
            reasoning.put("effort", used == Effort.OFF ? "none" : used.wire());
        }
        boolean shown = request.needs().contains(Need.THINKING) && used != Effort.OFF;
        if (shown && quirks.summaries() && model.thinking() != null) {
            reasoning.put("summary", "auto");
        }
        if (!reasoning.isEmpty()) {
            body.set("reasoning", reasoning);
        }
        return used;
    }

    private void sampling(@Nullable Effort effort) {
        boolean refused = !model.takesSampling(effort);
        decimal("temperature", request.sampling().temperature(), refused);
        decimal("top_p", request.sampling().topP(), refused);
        Long seed = request.sampling().seed();
        if (seed != null && !quirks.seed()) {
            losses.lose("/sampling/seed", "the Responses API takes no seed");
        } else if (seed != null) {
            body.put("seed", seed);
        }
    }

    private void decimal(String name, @Nullable BigDecimal value, boolean refused) {
        if (value == null) {
            return;
        }
        if (!refused) {
            body.put(name, value);
        } else if (Needs.isWish(value)) {
            losses.lose("/sampling/" + name, "this model takes no sampling parameters");
        }
    }

    private void cacheKey() {
        if (quirks.cacheKey() && !request.cacheOff()) {
            String key = CacheKey.of(request);
            if (key != null) {
                body.put("prompt_cache_key", key);
            }
        }
    }

    private ArrayNode input() {
        var items = new ItemsEncoder(request, context, quirks, losses);
        if (request.output().format() instanceof Output.Format.Json) {
            items.sayJson();
        }
        if (quirks.instructionsBeside() && raw.continuesStored()) {
            // Instructions in the input would be kept for the turns to come; these must not be.
            items.instructionsTo(body);
        }
        return items.encode();
    }
}
