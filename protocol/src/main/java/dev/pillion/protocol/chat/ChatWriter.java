package dev.pillion.protocol.chat;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.ByteSink;
import dev.pillion.protocol.wire.Json;
import dev.pillion.protocol.wire.MalformedJson;
import dev.pillion.protocol.wire.SseWriter;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes answers in the uniform JSON. */
public final class ChatWriter {
    private ChatWriter() {}

    /** The whole answer. */
    public static byte[] reply(ChatReply reply) {
        var out = new ByteSink();
        SseWriter.json(
                out,
                json -> {
                    json.writeStartObject();
                    json.writeStringField("id", reply.id());
                    json.writeArrayFieldStart("content");
                    for (Part part : reply.content()) {
                        part(json, part);
                    }
                    json.writeEndArray();
                    ending(json, reply.ending());
                    json.writeEndObject();
                });
        return out.toByteArray();
    }

    /** The fields that come with the end of an answer, into the object that is open. */
    public static void ending(JsonGenerator json, Ending ending) throws IOException {
        json.writeStringField("stop", ending.stop().reason().wire());
        text(json, "stop_sequence", ending.stop().sequence());
        text(json, "stop_detail", ending.stop().detail());
        json.writeArrayFieldStart("sources");
        for (Source source : ending.sources()) {
            json.writeStartObject();
            json.writeStringField("url", source.url());
            text(json, "title", source.title());
            text(json, "published", source.published());
            json.writeEndObject();
        }
        json.writeEndArray();
        usage(json, ending.usage());
        cost(json, ending.cost());
        RouteReport route = ending.route();
        if (route != null) {
            route(json, route);
        }
    }

    private static void usage(JsonGenerator json, Usage usage) throws IOException {
        json.writeObjectFieldStart("usage");
        json.writeNumberField("input_tokens", usage.inputTokens());
        json.writeNumberField("cached_input_tokens", usage.cachedInputTokens());
        json.writeNumberField("cache_write_tokens", usage.cacheWriteTokens());
        json.writeNumberField("output_tokens", usage.outputTokens());
        json.writeNumberField("thinking_tokens", usage.thinkingTokens());
        json.writeNumberField("web_searches", usage.webSearches());
        json.writeEndObject();
    }

    private static void cost(JsonGenerator json, Cost cost) throws IOException {
        json.writeObjectFieldStart("cost");
        if (cost.usd() == null) {
            json.writeNullField("usd");
        } else {
            json.writeStringField("usd", cost.usd().toPlainString());
        }
        json.writeBooleanField("estimated", cost.estimated());
        if (cost.pricesAsOf() != null) {
            json.writeStringField("prices_as_of", cost.pricesAsOf().toString());
        }
        json.writeEndObject();
    }

    private static void route(JsonGenerator json, RouteReport route) throws IOException {
        json.writeObjectFieldStart("route");
        json.writeStringField("provider", route.provider());
        json.writeStringField("model", route.model());
        text(json, "key_id", route.keyId());
        if (route.effortAsked() != null) {
            json.writeObjectFieldStart("effort");
            json.writeStringField("asked", route.effortAsked().wire());
            Effort used = route.effortUsed();
            if (used == null) {
                json.writeNullField("used");
            } else {
                json.writeStringField("used", used.wire());
            }
            json.writeEndObject();
        }
        attempts(json, route.attempts());
        json.writeStringField("why", route.why());
        explanation(json, route.explanation());
        json.writeEndObject();
    }

    private static void attempts(JsonGenerator json, List<RouteReport.AttemptReport> attempts)
            throws IOException {
        json.writeArrayFieldStart("attempts");
        for (RouteReport.AttemptReport attempt : attempts) {
            json.writeStartObject();
            json.writeStringField("provider", attempt.provider());
            json.writeStringField("model", attempt.model());
            json.writeStringField("outcome", attempt.outcome());
            json.writeNumberField("ms", attempt.millis());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /** {@code {"error":{…}}}, with who failed and what was tried. */
    public static void error(
            JsonGenerator json,
            Fault fault,
            String requestId,
            @Nullable String provider,
            List<RouteReport.AttemptReport> attempts,
            @Nullable JsonNode explanation)
            throws IOException {
        json.writeObjectFieldStart("error");
        json.writeStringField("kind", fault.kind().wire());
        json.writeStringField("message", fault.message());
        json.writeBooleanField("retryable", Retryable.byCaller(fault));
        text(json, "pointer", fault.pointer());
        text(json, "provider", provider);
        if (fault.vendor() == null) {
            json.writeNullField("status");
        } else {
            json.writeNumberField("status", fault.vendor().status());
        }
        json.writeStringField("request_id", requestId);
        attempts(json, attempts);
        explanation(json, explanation);
        json.writeEndObject();
    }

    private static void explanation(JsonGenerator json, @Nullable JsonNode explanation)
            throws IOException {
        if (explanation != null) {
            json.writeFieldName("explanation");
            json.writeTree(explanation);
        }
    }

    /** One part. */
    public static void part(JsonGenerator json, Part part) throws IOException {
        json.writeStartObject();
        switch (part) {
            case Part.Text text -> text(json, text);
            case Part.Image image -> media(json, "image", image.source());
            case Part.Document document -> {
                media(json, "document", document.source());
                text(json, "title", document.title());
            }
            case Part.Audio audio -> {
                media(json, "audio", audio.source());
                text(json, "transcript", audio.transcript());
            }
            case Part.Video video -> media(json, "video", video.source());
            case Part.ToolCall call -> {
                json.writeStringField("type", "tool_call");
                json.writeStringField("id", call.id());
                json.writeStringField("name", call.name());
                arguments(json, call.arguments());
            }
            case Part.ToolResult result -> toolResult(json, result);
            case Part.Thinking thinking -> {
                json.writeStringField("type", "thinking");
                json.writeStringField("text", thinking.text());
            }
            case Part.VendorItem item -> {
                json.writeStringField("type", "vendor_item");
                json.writeStringField("provider", item.provider());
                json.writeFieldName("item");
                json.writeTree(item.item());
            }
        }
        CacheMark cache = part.cache();
        if (cache != null) {
            json.writeStringField("cache", cache == CacheMark.ONE_HOUR ? "1h" : "5m");
        }
        vendor(json, part);
        Seal seal = part.seal();
        if (seal != null) {
            json.writeStringField("seal", Seals.write(seal));
        }
        json.writeEndObject();
    }

    private static void vendor(JsonGenerator json, Part part) throws IOException {
        if (!part.extras().isEmpty()) {
            json.writeObjectFieldStart("vendor");
            for (Map.Entry<String, ObjectNode> raw : part.extras().byVendor().entrySet()) {
                json.writeFieldName(raw.getKey());
                json.writeTree(raw.getValue());
            }
            json.writeEndObject();
        }
    }

    private static void text(JsonGenerator json, Part.Text text) throws IOException {
        json.writeStringField("type", "text");
        json.writeStringField("text", text.text());
        if (!text.citations().isEmpty()) {
            json.writeArrayFieldStart("citations");
            for (Citation citation : text.citations()) {
                json.writeStartObject();
                citation(json, citation);
                json.writeEndObject();
            }
            json.writeEndArray();
        }
    }

    private static void toolResult(JsonGenerator json, Part.ToolResult result) throws IOException {
        json.writeStringField("type", "tool_result");
        json.writeStringField("tool_call_id", result.toolCallId());
        json.writeArrayFieldStart("content");
        for (Part each : result.content()) {
            part(json, each);
        }
        json.writeEndArray();
        json.writeBooleanField("error", result.error());
    }

    private static void media(JsonGenerator json, String type, MediaSource source)
            throws IOException {
        json.writeStringField("type", type);
        switch (source) {
            case MediaSource.Inline inline -> {
                json.writeStringField("data", inline.data());
                json.writeStringField("media_type", inline.mediaType());
            }
            case MediaSource.Url url -> json.writeStringField("url", url.url());
            case MediaSource.FileRef file -> {
                json.writeStringField("provider", file.provider());
                json.writeStringField("file_id", file.fileId());
            }
        }
    }

    /** A JSON object as it is; what the model wrote and is none, as the text it is. */
    private static void arguments(JsonGenerator json, String arguments) throws IOException {
        json.writeFieldName("arguments");
        JsonNode node = null;
        try {
            node = Json.read(arguments);
        } catch (MalformedJson e) {
            // A cut or broken call: the caller gets the text that the model wrote.
        }
        if (node != null && node.isObject()) {
            json.writeTree(node);
        } else {
            json.writeString(arguments);
        }
    }

    /** The fields of a citation, into the object that is open. */
    static void citation(JsonGenerator json, Citation citation) throws IOException {
        json.writeNumberField("start", citation.start());
        json.writeNumberField("end", citation.end());
        text(json, "url", citation.url());
        text(json, "title", citation.title());
        text(json, "quote", citation.quote());
        text(json, "source", citation.source());
    }

    private static void text(JsonGenerator json, String name, @Nullable String value)
            throws IOException {
        if (value != null) {
            json.writeStringField(name, value);
        }
    }
}
