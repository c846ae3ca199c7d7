package dev.pillion.adapters.gemini;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.pillion.adapters.Needs;
import dev.pillion.adapters.Outline;
import dev.pillion.adapters.Refusal;
import dev.pillion.adapters.Surface;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.Effort;
import dev.pillion.protocol.chat.Need;
import dev.pillion.protocol.wire.Json;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One streaming scan of a request: no tree, and of the texts only the few short ones that tell what
 * it needs. What is out of the ordinary, or holds what only Pillion can read, is decoded whole
 * instead, which also says what is wrong with it.
 */
final class GeminiScan {
    private static final String MODELS = "models/";

    private final GeminiPath path;
    private final GeminiFields fields;
    private final ContentsScan contents;
    private final ConfigScan config;
    private final Set<Need> needs = EnumSet.noneOf(Need.class);
    private boolean search;
    private boolean forced;
    private int modelStart = -1;
    private int modelEnd = -1;

    private GeminiScan(GeminiPath path, JsonParser json) {
        this.path = path;
        this.fields = new GeminiFields(json);
        this.contents = new ContentsScan(fields, needs);
        this.config = new ConfigScan(fields);
    }

    /** Of a request to be answered. */
    static Outline scan(Surface client) {
        GeminiPath path = GeminiPath.of(client);
        GeminiPath.sse(client);
        GeminiScan scan = GeminiSplice.rewritesAnswers(client) ? null : scanned(client, path);
        return scan == null
                ? decoded(client, GeminiRequestDecoder.decode(client))
                : scan.outline(client);
    }

    /**
     * Of a request whose tokens are to be counted, which may stand in an object of its own; null
     * where it has to be decoded.
     */
    static @Nullable Outline scanToCount(Surface client) {
        boolean rewrites = GeminiSplice.rewritesAnswers(client);
        GeminiScan scan = rewrites ? null : scanned(client, GeminiPath.of(client));
        return scan == null ? null : scan.outline(client);
    }

    private static @Nullable GeminiScan scanned(Surface client, GeminiPath path) {
        byte[] body = client.body();
        try (JsonParser json = Json.parserOfUtf8(body, 0, body.length)) {
            var scan = new GeminiScan(path, json);
            boolean counts = path.method().equals(GeminiCounter.METHOD);
            scan.fields.object(json.nextToken(), counts ? scan::countField : scan::field);
            boolean whole = json.nextToken() == null && scan.contents.seen();
            return whole && !scan.fields.odd() && !GeminiSeals.in(body) ? scan : null;
        } catch (IOException e) {
            return null; // Decoding says what is wrong, and where.
        }
    }

    static Outline decoded(Surface client, ChatRequest request) {
        Set<Refusal> refusable = Needs.refusable(request);
        if (request.effort() == Effort.OFF) {
            refusable.add(Refusal.THINKING_OFF);
        }
        if (penalises(request)) {
            refusable.add(Refusal.PENALTIES);
        }
        return new Outline(
                request.model(),
                request.stream(),
                Needs.of(request),
                refusable,
                client.body().length,
                -1,
                -1,
                request.output().maxTokens(),
                true,
                Outline.Splice.NONE,
                request);
    }

    private static boolean penalises(ChatRequest request) {
        var raw = request.extras().forVendor(GeminiApi.NAME);
        if (raw == null) {
            return false;
        }
        var config = raw.path("generationConfig");
        return config.has("presencePenalty") || config.has("frequencyPenalty");
    }

    private Outline outline(Surface client) {
        boolean stream = path.stream();
        if (stream) {
            needs.add(Need.STREAM);
        }
        if (search) {
            needs.add(Need.WEBSEARCH);
        }
        config.addNeeds(needs);
        Set<Refusal> refusable = config.refusable();
        if (forced) {
            refusable.add(Refusal.FORCED_TOOLS);
        }
        if (contents.endsWithModel()) {
            refusable.add(Refusal.PREFILL);
        }
        return new Outline(
                path.model(),
                stream,
                needs,
                refusable,
                client.body().length,
                modelStart,
                modelEnd,
                config.maxOutputTokens(),
                true,
                Outline.Splice.NONE,
                null,
                contents.unsigned(),
                stream && !GeminiPath.sse(client));
    }

    private void field(String name, JsonToken value) throws IOException {
        switch (name) {
            case "model" -> model(value);
            case "contents" -> contents.scan(value);
            case "systemInstruction" ->
                    fields.oddIf(
                            value != JsonToken.START_OBJECT && value != JsonToken.VALUE_STRING);
            case "tools" -> fields.list(value, each -> fields.object(each, this::tool));
            case "toolConfig" -> fields.object(value, this::toolConfig);
            case "generationConfig" -> fields.object(value, config);
            default -> {}
        }
    }

    /** Beside the conversation the vendor takes all else in an object of its own. */
    private void countField(String name, JsonToken value) throws IOException {
        switch (name) {
            case "contents" -> contents.scan(value);
            case GeminiCounter.REQUEST -> fields.object(value, this::field);
            default -> fields.oddIf(true);
        }
    }

    /** The body may name the model once more, and no other. */
    private void model(JsonToken value) throws IOException {
        JsonParser json = fields.json();
        modelStart = (int) json.currentTokenLocation().getByteOffset();
        String named = fields.text(value);
        modelEnd = (int) json.currentLocation().getByteOffset();
        String bare = named.startsWith(MODELS) ? named.substring(MODELS.length()) : named;
        fields.oddIf(!bare.equals(path.model()));
    }

    /** Functions, a search of the web, and whatever else the vendor offers. */
    private void tool(String name, JsonToken value) throws IOException {
        switch (name) {
            case "functionDeclarations" ->
                    fields.list(
                            value,
                            each -> {
                                needs.add(Need.TOOLS);
                                fields.oddIf(each != JsonToken.START_OBJECT);
                                fields.json().skipChildren();
                            });
            case "googleSearch" -> {
                if (search) {
                    needs.add(Need.TOOLS);
                }
                search = fields.isObject(value);
            }
            default -> needs.add(Need.TOOLS);
        }
    }

    private void toolConfig(String name, JsonToken value) throws IOException {
        if (name.equals("functionCallingConfig")) {
            fields.object(value, this::calling);
        }
    }

    private void calling(String name, JsonToken value) throws IOException {
        if (!name.equals("mode")) {
            return;
        }
        if (value == JsonToken.VALUE_NUMBER_INT) {
            Integer mode = fields.integer(value);
            fields.oddIf(mode == null || mode < 0 || mode > 3);
            forced = mode != null && mode == 2;
            return;
        }
        switch (fields.text(value).toUpperCase(Locale.ROOT)) {
            case "", "MODE_UNSPECIFIED", "AUTO", "VALIDATED", "NONE" -> {}
            case "ANY" -> forced = true;
            default -> fields.oddIf(true);
        }
    }
}
