package dev.pillion.adapters.gemini;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.pillion.adapters.PassedFrames;
import dev.pillion.protocol.chat.Stop;
import dev.pillion.protocol.chat.StopReason;
import dev.pillion.protocol.chat.Usage;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.ByteSink;
import dev.pillion.protocol.wire.Headers;
import dev.pillion.protocol.wire.Json;
import dev.pillion.protocol.wire.MalformedJson;
import dev.pillion.protocol.wire.SseFrame;
import java.io.IOException;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds in an answer that goes through what a gateway must know, chunk by chunk and without a tree;
 * a whole answer is a single chunk. The last usage that counts anything stays as its bytes until
 * somebody asks for it. The answer may end once every answer begun has a reason to, or the prompt
 * was blocked; what then comes is still its own.
 */
final class GeminiWatch implements PassedFrames.Watch {
    /** Most answers to one request that are told apart. */
    private static final int MAX_CANDIDATES = 64;

    private static final String DONE = "[DONE]";

    private final Headers reply;
    private final BitSet begun = new BitSet();
    private final BitSet ended = new BitSet();
    private final GeminiAsked asked = new GeminiAsked();
    private final ByteSink counts = new ByteSink(0);
    private @Nullable String tier;
    private @Nullable String finishReason;
    private @Nullable String blockReason;
    private boolean content;
    private boolean called;
    private boolean error;

    GeminiWatch(Headers reply) {
        this.reply = reply;
    }

    @Override
    public @Nullable Fault event(byte[] data, int from, int length) {
        try (JsonParser json = Json.parser(data, from, length)) {
            chunk(json, data, from);
            return error ? GeminiFaults.inside(Json.read(data, from, length), reply) : null;
        } catch (IOException | MalformedJson e) {
            return Fault.protocol("a chunk of the vendor's answer is not JSON");
        }
    }

    private void chunk(JsonParser json, byte[] data, int from) throws IOException {
        if (json.nextToken() != JsonToken.START_OBJECT) {
            throw new IOException("no object");
        }
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            JsonToken value = json.nextToken();
            switch (name) {
                case "candidates" -> candidates(json, value);
                case "usageMetadata" -> usage(json, value, data, from);
                case "promptFeedback" -> feedback(json, value);
                case "error" -> error = true;
                default -> {}
            }
            json.skipChildren();
        }
        if (json.nextToken() != null) {
            throw new IOException("something follows the object");
        }
    }

    private void candidates(JsonParser json, JsonToken value) throws IOException {
        while (value == JsonToken.START_ARRAY && json.nextToken() != JsonToken.END_ARRAY) {
            if (json.currentToken() == JsonToken.START_OBJECT) {
                candidate(json);
            }
            json.skipChildren();
        }
    }

    private void candidate(JsonParser json) throws IOException {
        int index = 0;
        String reason = null;
        boolean calls = false;
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            JsonToken value = json.nextToken();
            switch (name) {
                case "index" -> index = json.getValueAsInt(0);
                case "finishReason" -> reason = reason(json, value);
                case "content" -> calls = content(json, value);
                case "groundingMetadata" -> grounding(json, value);
                default -> {}
            }
            json.skipChildren();
        }
        int answer = Math.clamp(index, 0, MAX_CANDIDATES);
        begun.set(answer);
        called |= calls && answer == 0;
        if (reason != null) {
            ended.set(answer);
            finishReason = answer == 0 ? reason : finishReason;
        }
    }

    private static @Nullable String reason(JsonParser json, JsonToken value) throws IOException {
        return switch (value) {
            case VALUE_STRING -> GeminiStops.reason(Json.nodes().textNode(json.getText()));
            case VALUE_NUMBER_INT ->
                    GeminiStops.reason(Json.nodes().numberNode(json.getIntValue()));
            default -> null;
        };
    }

    /** Looks into the parts; gives whether there is a call. */
    private boolean content(JsonParser json, JsonToken value) throws IOException {
        boolean calls = false;
        if (value != JsonToken.START_OBJECT) {
            return false;
        }
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            JsonToken field = json.nextToken();
            if (name.equals("parts") && field == JsonToken.START_ARRAY) {
                while (json.nextToken() != JsonToken.END_ARRAY) {
                    calls |= json.currentToken() == JsonToken.START_OBJECT && part(json);
                    json.skipChildren();
                }
            }
            json.skipChildren();
        }
        return calls;
    }

    /** An empty text, and a signature alone, are no content yet. */
    private boolean part(JsonParser json) throws IOException {
        boolean calls = false;
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            JsonToken value = json.nextToken();
            switch (name) {
                case "thought", "thoughtSignature", "partMetadata" -> {}
                case "text" ->
                        content |= value == JsonToken.VALUE_STRING && json.getTextLength() > 0;
                default -> {
                    calls |= name.equals("functionCall");
                    content |= value != JsonToken.VALUE_NULL;
                }
            }
            json.skipChildren();
        }
        return calls;
    }

    private void grounding(JsonParser json, JsonToken value) throws IOException {
        if (value != JsonToken.START_OBJECT) {
            return;
        }
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            if (json.nextToken() == JsonToken.START_ARRAY) {
                lookedUp(json, name);
            }
            json.skipChildren();
        }
    }

    private void lookedUp(JsonParser json, String what) throws IOException {
        int count = 0;
        while (json.nextToken() != JsonToken.END_ARRAY) {
            switch (what) {
                case "webSearchQueries" -> asked.query(json.getText());
                case "groundingChunks" -> source(json);
                default -> {}
            }
            json.skipChildren();
            count++;
        }
        switch (what) {
            case "webSearchQueries" -> asked.queries(count);
            case "imageSearchQueries" -> asked.pictures(count);
            default -> {}
        }
    }

    private void source(JsonParser json) throws IOException {
        boolean object = json.currentToken() == JsonToken.START_OBJECT;
        for (String name = object ? json.nextFieldName() : null;
                name != null;
                name = json.nextFieldName()) {
            json.nextToken();
            json.skipChildren();
            if (name.equals("maps")) {
                asked.maps();
            }
        }
    }

    private void usage(JsonParser json, JsonToken value, byte[] data, int from) throws IOException {
        if (value != JsonToken.START_OBJECT) {
            return;
        }
        int start = from + (int) json.currentTokenLocation().getByteOffset();
        boolean counted = false;
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            JsonToken field = json.nextToken();
            counted |= name.equals("totalTokenCount") || name.equals("promptTokenCount");
            if (name.equals("serviceTier") && field == JsonToken.VALUE_STRING && tier == null) {
                tier = json.getText();
            }
            json.skipChildren();
        }
        if (counted) {
            int end = from + (int) json.currentLocation().getByteOffset();
            counts.reset();
            counts.write(data, start, end - start);
        }
    }

    private void feedback(JsonParser json, JsonToken value) throws IOException {
        if (value != JsonToken.START_OBJECT) {
            return;
        }
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            JsonToken field = json.nextToken();
            if (name.equals("blockReason") && field.isScalarValue()) {
                String word = json.getText();
                boolean none = word.isEmpty() || word.equals("BLOCKED_REASON_UNSPECIFIED");
                blockReason = none ? blockReason : word;
            }
            json.skipChildren();
        }
    }

    /** Comments and closing marks are not the vendor's own, and its SDKs take them for JSON. */
    @Override
    public boolean hides(SseFrame frame) {
        return !frame.hasData()
                || frame.dataLength() == 0
                || (frame.dataLength() == DONE.length() && frame.data().equals(DONE));
    }

    @Override
    public @Nullable Fault whole(byte[] body, int length) {
        Fault fault = event(body, 0, length);
        return fault == null ? end() : fault;
    }

    @Override
    public @Nullable Fault end() {
        if (finishing()) {
            return null;
        }
        return Fault.protocol(
                broken()
                        ? "the vendor ended its answer with " + finishReason
                        : begun.isEmpty()
                                ? "the answer has no candidates"
                                : "the answer was cut: it ended without a finish reason");
    }

    /**
     * Whether the vendor ended it in a way that is no answer: that is its fault while there is
     * nothing of one, and beside content it goes on as the vendor says it.
     */
    private boolean broken() {
        return !content && finishReason != null && clean() == null;
    }

    private @Nullable Stop clean() {
        return finishReason == null ? null : GeminiStops.of(finishReason, called);
    }

    @Override
    public boolean content() {
        return content;
    }

    @Override
    public @Nullable Usage usage() {
        if (counts.isEmpty()) {
            return null;
        }
        String header = reply.get("x-gemini-service-tier");
        try {
            return new GeminiUsage(header == null ? tier : header)
                    .merge(Json.read(counts.array(), 0, counts.size()), asked);
        } catch (MalformedJson e) {
            throw new IllegalStateException("it was read before", e);
        }
    }

    @Override
    public @Nullable Stop stop() {
        if (finishReason == null) {
            return blockReason == null ? null : new Stop(StopReason.REFUSAL, null, blockReason);
        }
        Stop clean = clean();
        return clean == null ? new Stop(StopReason.REFUSAL, null, finishReason) : clean;
    }

    @Override
    public boolean finishing() {
        boolean said = finishReason != null || blockReason != null;
        return said && ended.equals(begun) && !broken();
    }

    /** There is no closing event. */
    @Override
    public boolean finished() {
        return false;
    }
}
