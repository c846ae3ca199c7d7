package dev.pillion.adapters.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.Capability;
import dev.pillion.adapters.EncodeContext;
import dev.pillion.adapters.Losses;
import dev.pillion.adapters.ModelTraits;
import dev.pillion.adapters.Needs;
import dev.pillion.adapters.Refusal;
import dev.pillion.adapters.UpstreamCall;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.Effort;
import dev.pillion.protocol.chat.Message;
import dev.pillion.protocol.chat.Output;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.wire.ByteSink;
import dev.pillion.protocol.wire.Headers;
import dev.pillion.protocol.wire.Json;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Renders one request. Deterministic: the same request gives the same bytes. */
final class RequestEncoder {
    /** For a model whose own limit nobody told us; every served model allows as much. */
    private static final int FALLBACK_MAX_TOKENS = 8_192;

    /** Below this no model caches (512 to 4,096 tokens), and a write costs a quarter more. */
    private static final int AUTOMATIC_CACHE_MIN_BYTES = 16_384;

    private static final byte[] AUTOMATIC_MARK =
            ",\"cache_control\":{\"type\":\"ephemeral\"}}".getBytes(StandardCharsets.US_ASCII);

    /** There is no schema-less JSON mode, so the model is told; the answer is checked. */
    private static final String JSON_INSTRUCTION =
            "Answer with exactly one JSON object and nothing else: no prose, no code fence.";

    private final ChatRequest request;
    private final EncodeContext context;
    private final ModelTraits model;
    private final Losses losses;
    private final RawFields raw;
    private final ObjectNode body = Json.object();

    RequestEncoder(ChatRequest request, EncodeContext context) {
        this.request = request;
        this.context = context;
        this.model = context.model();
        this.losses = new Losses(context.lossy());
        this.raw = new RawFields(request, context);
    }

    /** What decides how the model answers, and is no part of its input. */
    private static final List<String> NOT_COUNTED =
            List.of(
                    "max_tokens",
                    "stream",
                    "stop_sequences",
                    "temperature",
                    "top_p",
                    "top_k",
                    "metadata",
                    "service_tier");

    UpstreamCall encode() {
        Effort used = render();
        return call(Api.MESSAGES_PATH, cached(), request.stream(), used);
    }

    /** The question of how many tokens {@link #encode} would send. */
    UpstreamCall encodeCount() {
        Effort used = render();
        body.remove(NOT_COUNTED);
        CacheMarks.limit(body);
        return call(Api.COUNT_PATH, Json.sink(body).view(), false, used);
    }

    private UpstreamCall call(
            String path, ByteBuffer bytes, boolean stream, @Nullable Effort used) {
        return new UpstreamCall(
                "POST", path, headers(), List.of(bytes), stream, losses.dropped(), used);
    }

    private @Nullable Effort render() {
        losses.loseForeign(request.extras(), Api.NAME, "");
        body.put("model", model.id());
        body.put("max_tokens", maxTokens());
        if (request.stream()) {
            body.put("stream", true);
        }
        new ToolEncoder(request, model, losses).addTo(body);
        format();
        var thinking = new ThinkingEncoder(request, model, losses, raw);
        Effort used = thinking.addTo(body, maxTokens());
        system();
        messages();
        used = thinking.reconcile(body, used);
        stops();
        sampling();
        extras();
        raw.mergeInto(body);
        return used;
    }

    private int maxTokens() {
        Integer asked = request.output().maxTokens();
        int most = model.maxOutputTokens();
        if (asked == null) {
            return most > 0 ? most : FALLBACK_MAX_TOKENS;
        }
        return model.outputTokens(asked);
    }

    private void format() {
        if (raw.hasFormat()
                || !(request.output().format() instanceof Output.Format.Schema wanted)) {
            return;
        }
        var reduced = SchemaReducer.reduce(wanted.schema(), losses, "/output/schema");
        body.withObject("/output_config")
                .putObject("format")
                .put("type", "json_schema")
                .set("schema", reduced.schema());
    }

    private void system() {
        ArrayNode blocks = Json.nodes().arrayNode();
        var parts = new PartEncoder(context, losses);
        List<Part.Text> texts = new ArrayList<>(request.system());
        for (int i = 0; i < leadingSystem(request.messages()); i++) {
            for (Part part : request.messages().get(i).content()) {
                texts.add((Part.Text) part);
            }
        }
        for (int i = 0; i < texts.size(); i++) {
            ObjectNode block = parts.text(texts.get(i), "/system/" + i, false);
            if (block != null) {
                blocks.add(block);
            }
        }
        if (request.output().format() instanceof Output.Format.Json && !raw.hasFormat()) {
            blocks.addObject().put("type", "text").put("text", JSON_INSTRUCTION);
        }
        if (!blocks.isEmpty()) {
            body.set("system", blocks);
        }
    }

    /** How many messages at the head are plain instructions: they belong to the top level. */
    static int leadingSystem(List<Message> messages) {
        int count = 0;
        while (count < messages.size() && MessageEncoder.isPlainSystem(messages.get(count))) {
            count++;
        }
        return count;
    }

    private void messages() {
        body.set("messages", new MessageEncoder(request, context, losses).encode());
    }

    private void stops() {
        if (!request.output().stop().isEmpty()) {
            ArrayNode stops = body.putArray("stop_sequences");
            request.output().stop().forEach(stops::add);
        }
    }

    private void sampling() {
        BigDecimal temperature = request.sampling().temperature();
        BigDecimal topP = request.sampling().topP();
        boolean one =
                temperature != null
                        && topP != null
                        && model.refuses(Refusal.TEMPERATURE_WITH_TOP_P);
        if (one && Needs.isWish(temperature) && Needs.isWish(topP)) {
            losses.lose("/sampling/top_p", model.id() + " takes temperature or top_p, not both");
        }
        sample("temperature", one && !Needs.isWish(temperature) ? null : temperature);
        sample("top_p", one && Needs.isWish(temperature) ? null : topP);
        if (request.sampling().seed() != null) {
            losses.lose("/sampling/seed", "Anthropic has no seed");
        }
    }

    private void sample(String name, @Nullable BigDecimal value) {
        if (value == null) {
            return;
        }
        String pointer = "/sampling/" + name;
        String thinking = body.path("thinking").path("type").asText();
        if (model.refuses(Refusal.SAMPLING) && !Needs.isWish(value)) {
            return;
        }
        if (model.refuses(Refusal.SAMPLING)) {
            losses.lose(pointer, model.id() + " takes no sampling parameters");
        } else if (thinking.equals("enabled") || thinking.equals("adaptive")) {
            losses.lose(pointer, "not while the model thinks");
        } else if (value.compareTo(BigDecimal.ONE) > 0) {
            losses.lose(pointer, value + " (Anthropic takes at most 1)");
            body.put(name, BigDecimal.ONE);
        } else {
            body.put(name, value);
        }
    }

    private void extras() {
        ObjectNode own = request.extras().forVendor(Api.NAME);
        if (own == null) {
            return;
        }
        body.setAll(own);
        if (own.has("top_k") && model.refuses(Refusal.SAMPLING)) {
            losses.lose("/top_k", model.id() + " takes no sampling parameters");
            body.remove("top_k");
        }
    }

    /** The body's bytes, with the automatic mark where it pays and nobody marked anything. */
    private ByteBuffer cached() {
        boolean marked = CacheMarks.limit(body);
        ByteSink bytes = Json.sink(body);
        boolean mark =
                !marked
                        && !request.cacheOff()
                        && model.can(Capability.PROMPT_CACHE)
                        && bytes.size() >= AUTOMATIC_CACHE_MIN_BYTES
                        && !body.has("cache_control");
        if (mark) {
            bytes.dropLast(1); // The brace: all of it need not be written once more.
            bytes.write(AUTOMATIC_MARK);
        }
        return bytes.view();
    }

    private Headers headers() {
        var headers =
                Headers.builder()
                        .add("content-type", "application/json")
                        .add("accept", "application/json")
                        .add(Api.VERSION_HEADER, version(body));
        if (!raw.betas().isEmpty()) {
            headers.add(Api.BETA_HEADER, String.join(",", raw.betas()));
        }
        return headers.build();
    }

    /** The newest version, unless the body says what only the older one takes. */
    static String version(JsonNode body) {
        boolean old = body.has("temperature") || body.has("top_p") || body.has("top_k");
        for (JsonNode message : body.path("messages")) {
            boolean user = message.path("role").asText().equals("user");
            for (JsonNode block : message.path("content")) {
                old |= user ? citesInUserText(block) : isDocument(block);
            }
        }
        return old ? Api.OLD_VERSION : Api.VERSION;
    }

    private static boolean isDocument(JsonNode block) {
        return block.path("type").asText().equals("document");
    }

    private static boolean citesInUserText(JsonNode block) {
        if (block.path("type").asText().equals("text")) {
            return !block.path("citations").isEmpty();
        }
        for (JsonNode inner : block.path("content")) {
            if (citesInUserText(inner)) {
                return true;
            }
        }
        return false;
    }
}
