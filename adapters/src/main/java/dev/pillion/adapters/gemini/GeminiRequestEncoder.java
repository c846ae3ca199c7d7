package dev.pillion.adapters.gemini;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import dev.pillion.protocol.chat.Sampling;
import dev.pillion.protocol.wire.Headers;
import dev.pillion.protocol.wire.Json;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Renders one request. Deterministic: the same request gives the same bytes. */
final class GeminiRequestEncoder {
    private static final String MODELS = "models/";
    private static final List<String> PREFIXES = List.of(MODELS, "tunedModels/");

    private final ChatRequest request;
    private final EncodeContext context;
    private final ModelTraits model;
    private final Losses losses;
    private final GeminiRawFields raw;
    private final ObjectNode body = Json.object();
    private final ObjectNode config = Json.object();

    GeminiRequestEncoder(ChatRequest request, EncodeContext context) {
        this.request = request;
        this.context = context;
        this.model = context.model();
        this.losses = new Losses(context.lossy());
        this.raw = new GeminiRawFields(request, context);
    }

    UpstreamCall encode() {
        losses.loseForeign(request.extras(), GeminiApi.NAME, "");
        system();
        var tools = new GeminiToolEncoder(request, model, losses);
        tools.addTo(body);
        new GeminiContentEncoder(request, context, losses).addTo(body);
        format(tools);
        limits();
        Effort used = new GeminiThinkingEncoder(request, model, losses, raw).addTo(config);
        sampling(request.sampling(), model.takesSampling(used));
        if (!config.isEmpty()) {
            body.set("generationConfig", config);
        }
        raw.mergeInto(body);
        return new UpstreamCall(
                "POST",
                path(model.id(), request.stream()),
                headers(request.stream()),
                List.of(Json.sink(body).view()),
                request.stream(),
                losses.dropped(),
                used);
    }

    private static Headers headers(boolean stream) {
        return Headers.of(
                "content-type",
                "application/json",
                "accept",
                stream ? "text/event-stream" : "application/json");
    }

    /** The path of the method; a model's name can't lead out of it. */
    static String path(String model, boolean stream) {
        String prefix = MODELS;
        for (String each : PREFIXES) {
            prefix = model.startsWith(each) ? each : prefix;
        }
        String name = model.startsWith(prefix) ? model.substring(prefix.length()) : model;
        return GeminiApi.VERSION_PATH
                + prefix
                + percent(name)
                + (stream ? ":streamGenerateContent?alt=sse" : ":generateContent");
    }

    /** All but letters, digits and {@code - . _ ~} percent-encoded (RFC 3986). */
    static String percent(String name) {
        var encoded = new StringBuilder();
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xFF);
            boolean plain =
                    (c >= 'a' && c <= 'z')
                            || (c >= 'A' && c <= 'Z')
                            || (c >= '0' && c <= '9')
                            || "-._~".indexOf(c) >= 0;
            if (plain) {
                encoded.append(c);
            } else {
                encoded.append('%')
                        .append(Character.toUpperCase(Character.forDigit(c >> 4, 16)))
                        .append(Character.toUpperCase(Character.forDigit(c & 0xF, 16)));
            }
        }
        return encoded.toString();
    }

    private void system() {
        List<Part.Text> texts = new ArrayList<>(request.system());
        List<Message> messages = request.messages();
        for (int i = 0; i < GeminiContentEncoder.leadingSystem(messages); i++) {
            messages.get(i).content().forEach(part -> texts.add((Part.Text) part));
        }
        ArrayNode parts = Json.nodes().arrayNode();
        for (int i = 0; i < texts.size(); i++) {
            losses.loseForeign(texts.get(i).extras(), GeminiApi.NAME, "/system/" + i);
            if (!texts.get(i).text().isEmpty()) {
                parts.addObject().put("text", texts.get(i).text());
            }
        }
        if (!parts.isEmpty()) {
            body.putObject("systemInstruction").set("parts", parts);
        }
    }

    private void format(GeminiToolEncoder tools) {
        Output.Format format = request.output().format();
        if (format instanceof Output.Format.Text) {
            return;
        }
        if (tools.refusesJson(format)) {
            raw.dropFormat();
            return;
        }
        if (raw.hasFormat()) {
            return;
        }
        config.put("responseMimeType", "application/json");
        if (format instanceof Output.Format.Schema wanted) {
            var reduced = GeminiSchemaReducer.reduce(wanted.schema(), losses, "/output/schema");
            config.set("responseJsonSchema", reduced.schema());
        }
    }

    private void limits() {
        Integer asked = request.output().maxTokens();
        if (asked != null) {
            config.put("maxOutputTokens", model.outputTokens(asked));
        }
        List<String> stops = request.output().stop();
        if (stops.isEmpty()) {
            return;
        }
        if (model.refuses(Refusal.STOP)) {
            losses.lose("/output/stop", model.id() + " takes no stop sequences");
            return;
        }
        if (stops.size() > GeminiApi.MAX_STOPS) {
            losses.lose(
                    "/output/stop",
                    stops.size() + " texts (Gemini takes at most " + GeminiApi.MAX_STOPS + ")");
        }
        ArrayNode list = config.putArray("stopSequences");
        stops.stream().limit(GeminiApi.MAX_STOPS).forEach(list::add);
    }

    private void sampling(Sampling sampling, boolean taken) {
        BigDecimal temperature = sampling.temperature();
        if (taken || Needs.isWish(temperature)) {
            sample("temperature", temperature, GeminiApi.MAX_TEMPERATURE, taken);
        }
        if (taken || Needs.isWish(sampling.topP())) {
            sample("topP", sampling.topP(), 1, taken);
        }
        Long seed = sampling.seed();
        if (seed == null) {
            return;
        }
        if (seed < Integer.MIN_VALUE || seed > Integer.MAX_VALUE) {
            losses.lose("/sampling/seed", seed + " (Gemini takes 32 bits)");
        } else {
            config.put("seed", seed.intValue());
        }
    }

    private void sample(String wire, @Nullable BigDecimal value, int most, boolean taken) {
        if (value == null) {
            return;
        }
        String pointer = wire.equals("topP") ? "/sampling/top_p" : "/sampling/" + wire;
        if (!taken) {
            losses.lose(pointer, model.id() + " takes no sampling parameters");
        } else if (value.compareTo(BigDecimal.valueOf(most)) > 0) {
            losses.lose(pointer, value + " (Gemini takes at most " + most + ")");
            config.put(wire, most);
        } else {
            config.put(wire, value);
        }
    }
}
