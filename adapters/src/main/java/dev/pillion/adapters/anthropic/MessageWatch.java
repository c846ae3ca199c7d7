package dev.pillion.adapters.anthropic;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.PassedFrames;
import dev.pillion.protocol.chat.Stop;
import dev.pillion.protocol.chat.Usage;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.Headers;
import dev.pillion.protocol.wire.Json;
import dev.pillion.protocol.wire.MalformedJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds in a message that goes through what a gateway must know. Of a stream only the few events
 * around the content are read once there is some; of a whole message only its usage and its end.
 */
final class MessageWatch implements PassedFrames.Watch {
    private static final byte[] DELTA =
            "{\"type\":\"content_block_delta\"".getBytes(StandardCharsets.US_ASCII);

    private final Headers reply;
    private final UsageReader usageReader = new UsageReader();
    private @Nullable Usage usage;
    private @Nullable Stop stop;
    private boolean started;
    private boolean content;
    private boolean finished;

    MessageWatch(Headers reply) {
        this.reply = reply;
    }

    @Override
    public @Nullable Fault event(byte[] data, int from, int length) {
        if (content && isDelta(data, from, length)) {
            return stop == null ? null : Fault.protocol("content after the stop reason");
        }
        try {
            return event(Json.read(data, from, length));
        } catch (MalformedJson e) {
            return Fault.protocol("an event is not JSON, from byte " + e.byteOffset() + " on");
        }
    }

    /** Whether it is more content, as the vendor spells it; a cut one is not. */
    private static boolean isDelta(byte[] data, int from, int length) {
        return length > DELTA.length
                && data[from + length - 1] == '}'
                && Arrays.equals(data, from, from + DELTA.length, DELTA, 0, DELTA.length);
    }

    private @Nullable Fault event(JsonNode event) {
        switch (event.path("type").asText()) {
            case "message_start" -> {
                if (started || !event.path("message").isObject()) {
                    return Fault.protocol("a second message_start, or one without a message");
                }
                started = true;
                usage(event.path("message").path("usage"));
            }
            case "content_block_start", "content_block_delta" -> {
                if (!started || stop != null) {
                    return Fault.protocol("content outside of its message");
                }
                content |= isContent(event);
            }
            case "message_delta" -> {
                usage(event.path("usage"));
                stop(event.path("delta"));
            }
            case "message_stop" -> {
                if (!started || stop == null) {
                    return Fault.protocol("the answer ended without a stop reason");
                }
                finished = true;
            }
            case "error" -> {
                return Faults.ofEvent(event, reply);
            }
            default -> {} // A ping, a block's end, or newer: clients skip what they don't know.
        }
        return null;
    }

    /** A block that says something as it opens, or the first piece of one that does not. */
    private static boolean isContent(JsonNode event) {
        JsonNode block = event.path("content_block");
        if (block.isObject()) {
            return switch (block.path("type").asText()) {
                case "text" -> !block.path("text").asText().isEmpty();
                case "thinking" -> !block.path("thinking").asText().isEmpty();
                default -> true;
            };
        }
        JsonNode delta = event.path("delta");
        return switch (delta.path("type").asText()) {
            case "text_delta" -> !delta.path("text").asText().isEmpty();
            case "thinking_delta" -> !delta.path("thinking").asText().isEmpty();
            default -> true;
        };
    }

    private void usage(JsonNode node) {
        if (node instanceof ObjectNode seen) {
            usage = usageReader.merge(seen);
        }
    }

    private void stop(JsonNode node) {
        Stop seen = AnswerReader.stop(node);
        stop = seen == null ? stop : seen;
    }

    @Override
    public @Nullable Fault whole(byte[] body, int length) {
        try (JsonParser json = Json.parser(body, 0, length)) {
            ObjectNode ends = Json.object();
            boolean message = json.nextToken() == JsonToken.START_OBJECT && root(json, body, ends);
            if ("error".equals(ends.path("type").asText())) {
                return Faults.ofEvent(Json.read(body, 0, length), reply);
            }
            if (!message) {
                return Fault.protocol("the answer is no message: it has no content");
            }
            usage(ends.path("usage"));
            stop(ends);
        } catch (IOException | MalformedJson e) {
            return Fault.protocol("the answer is not JSON");
        }
        if (stop == null) {
            return Fault.protocol("the answer ended without a stop reason");
        }
        content = true;
        finished = true;
        return null;
    }

    /** Reads the small fields; true when there is content, which is not read. */
    private static boolean root(JsonParser json, byte[] body, ObjectNode ends)
            throws IOException, MalformedJson {
        boolean found = false;
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            JsonToken value = json.nextToken();
            int start = (int) json.currentTokenLocation().getByteOffset();
            switch (name) {
                case "content" -> {
                    found = value == JsonToken.START_ARRAY;
                    json.skipChildren();
                }
                case "usage", "stop_details" -> {
                    json.skipChildren();
                    int end = (int) json.currentLocation().getByteOffset();
                    ends.set(name, Json.read(body, start, end - start));
                }
                case "type", "stop_reason", "stop_sequence" -> {
                    if (value == JsonToken.VALUE_STRING) {
                        ends.put(name, json.getText());
                    }
                    json.skipChildren();
                }
                default -> json.skipChildren();
            }
        }
        if (json.nextToken() != null) {
            throw new IOException("something follows the object");
        }
        return found;
    }

    @Override
    public boolean content() {
        return content;
    }

    @Override
    public @Nullable Usage usage() {
        return usage;
    }

    @Override
    public @Nullable Stop stop() {
        return stop;
    }

    @Override
    public boolean finished() {
        return finished;
    }
}
