package dev.pillion.adapters.openai.responses;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.adapters.PassedFrames;
import dev.pillion.adapters.openai.Faults;
import dev.pillion.protocol.chat.Stop;
import dev.pillion.protocol.chat.StopReason;
import dev.pillion.protocol.chat.Usage;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.Json;
import dev.pillion.protocol.wire.MalformedJson;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds in a response that goes through what a gateway must know. An event's type, which the vendor
 * puts first, tells whether it has to be read: items that are whole, the end, and errors are.
 */
final class ResponseWatch implements PassedFrames.Watch {
    private static final byte[] TYPE = "{\"type\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);

    /** Most items of an answer that are told apart. */
    private static final int MAX_ITEMS = 1 << 16;

    private final BitSet searches = new BitSet();
    private @Nullable Usage usage;
    private @Nullable Stop stop;
    private boolean content;
    private boolean called;
    private boolean refused;
    private boolean finished;
    private long events;

    /** The vendor numbers its events from 0 without gaps, so that they need only be counted. */
    @Override
    public @Nullable Fault event(byte[] data, int from, int length) {
        Fault fault = look(data, from, length);
        events += fault == null ? 1 : 0;
        return fault;
    }

    private @Nullable Fault look(byte[] data, int from, int length) {
        if (startsWith(DONE, data, from, length) || isPassing(type(data, from, length))) {
            return null;
        }
        try {
            return event(Json.read(data, from, length));
        } catch (MalformedJson e) {
            return Fault.protocol("an event of the vendor is not JSON: " + e.getMessage());
        }
    }

    private static boolean startsWith(byte[] start, byte[] data, int from, int length) {
        return length >= start.length
                && Arrays.equals(data, from, from + start.length, start, 0, start.length);
    }

    /** The event's type where it stands first and the event is not cut; else empty. */
    private static String type(byte[] data, int from, int length) {
        if (!startsWith(TYPE, data, from, length) || data[from + length - 1] != '}') {
            return "";
        }
        int start = from + TYPE.length;
        int end = start;
        while (data[end] != '"' && data[end] != '\\' && end < from + length - 1) {
            end++;
        }
        return new String(data, start, end - start, StandardCharsets.UTF_8);
    }

    /** Whether an event of that type says no more than that the answer goes on. */
    private boolean isPassing(String type) {
        return switch (type) {
            case "response.created",
                    "response.queued",
                    "response.in_progress",
                    "response.output_text.done",
                    "response.content_part.added",
                    "response.content_part.done" ->
                    true;
            default -> content && type.startsWith("response.") && type.endsWith(".delta");
        };
    }

    private @Nullable Fault event(JsonNode event) {
        if (!event.isObject()) {
            return Fault.protocol("an event of the vendor is no JSON object");
        }
        String type = event.path("type").asText("");
        if (type.equals("error") || Faults.isError(event)) {
            return Faults.inside(event);
        }
        switch (type) {
            case "response.completed",
                    "response.incomplete",
                    "response.failed",
                    "response.cancelled",
                    "response.done" -> {
                return ended(event.path("response"));
            }
            case "response.output_item.added" -> {
                String item = event.path("item").path("type").asText();
                content |= !item.equals("message") && !item.equals("reasoning");
            }
            case "response.output_item.done" -> {
                content = true;
                item(event.path("output_index").asInt(0), event.path("item"));
            }
            default ->
                    content |=
                            type.endsWith(".delta") && !event.path("delta").asText(" ").isEmpty();
        }
        return null;
    }

    /** An item that is whole: whether it is a call, a refusal or a search. */
    private void item(int index, JsonNode item) {
        switch (item.path("type").asText()) {
            case "function_call", "custom_tool_call" -> called = true;
            case "web_search_call" -> {
                if (OwnItem.isSearch(item)) {
                    searches.set(Math.clamp(index, 0, MAX_ITEMS));
                }
            }
            case "message" -> {
                for (JsonNode each : item.path("content")) {
                    refused |= each.path("type").asText().equals("refusal");
                }
            }
            default -> {}
        }
    }

    private @Nullable Fault ended(JsonNode response) {
        int index = 0;
        for (JsonNode item : response.path("output")) {
            item(index++, item);
        }
        if (response.path("usage").isObject()) {
            usage = ResponseUsage.of(response, ResponsesQuirks.OPENAI, searches.cardinality());
        }
        if (ResponseAnswer.isLater(response)) {
            stop = new Stop(StopReason.PAUSED, null, Stop.LATER);
            content = true;
            finished = true;
            return null;
        }
        Fault fault = ResponseAnswer.notFinished(response);
        if (fault == null) {
            stop = ResponseAnswer.stop(response, called, refused);
            content = true;
            finished = true;
        }
        return fault;
    }

    @Override
    public @Nullable Fault whole(byte[] body, int length) {
        JsonNode response;
        try {
            response = Json.read(body, 0, length);
        } catch (MalformedJson e) {
            return Fault.protocol("the vendor's answer is not JSON: " + e.getMessage());
        }
        if (response.path("output").isArray()) {
            return ended(response);
        }
        return Faults.isError(response)
                ? Faults.inside(response)
                : Fault.protocol("the vendor's answer has no output");
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

    @Override
    public long place() {
        return events;
    }
}
