package dev.pillion.adapters.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.protocol.chat.Stop;
import dev.pillion.protocol.chat.Usage;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.BytesParser;
import dev.pillion.protocol.wire.Json;
import dev.pillion.protocol.wire.MalformedJson;
import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** Reads of a chunk, or of a whole answer, what a gateway must know: content, usage, end, error. */
final class ChunkScan {
    /** Most choices that the format allows. */
    private static final int MAX_CHOICES = 128;

    private final BitSet openChoices = new BitSet();
    private final BitSet endedChoices = new BitSet();
    private boolean content;
    private boolean called;
    private boolean refused;
    private boolean usageChunk;
    private boolean choices;
    private boolean choicesSeen;
    private boolean error;
    private @Nullable JsonNode used;
    private @Nullable Usage usage;
    private @Nullable String serviceTier;
    private @Nullable String finishReason;
    private @Nullable String stopSequence;

    /**
     * Whether the frame may hold more than content: a key {@code usage} or {@code finish_reason}
     * with a value, or a key {@code error}. Inside a string the quotes of such a key would be
     * escaped.
     */
    static boolean telling(byte[] data, int from, int to) {
        int last = to - 8;
        for (int at = from; at < last; at++) {
            if (data[at] == '"' && tellingAt(data, at + 1, to)) {
                return true;
            }
        }
        return false;
    }

    private static boolean tellingAt(byte[] data, int at, int to) {
        return switch (data[at]) {
            case 'u' -> isKey(data, at, to, USAGE) && hasValue(data, at + USAGE.length, to);
            case 'f' -> isKey(data, at, to, FINISH) && hasValue(data, at + FINISH.length, to);
            case 'e' -> isKey(data, at, to, ERROR);
            case 'i' -> isKey(data, at, to, INDEX) && isOther(data, at + INDEX.length, to);
            default -> false;
        };
    }

    private static final byte[] USAGE = {'u', 's', 'a', 'g', 'e', '"'};
    private static final byte[] INDEX = {'i', 'n', 'd', 'e', 'x', '"'};
    private static final byte[] ERROR = {'e', 'r', 'r', 'o', 'r', '"'};
    private static final byte[] FINISH = {
        'f', 'i', 'n', 'i', 's', 'h', '_', 'r', 'e', 'a', 's', 'o', 'n', '"'
    };

    private static boolean isKey(byte[] data, int at, int to, byte[] key) {
        return to - at > key.length && Arrays.equals(data, at, at + key.length, key, 0, key.length);
    }

    /** Anything but {@code : null} follows. */
    private static boolean hasValue(byte[] data, int from, int to) {
        int at = from;
        while (at < to && (data[at] == ' ' || data[at] == ':')) {
            at++;
        }
        return at < to && data[at] != 'n';
    }

    /** An index that is not 0: of a second call, or of another choice. */
    private static boolean isOther(byte[] data, int from, int to) {
        int at = from;
        while (at < to && (data[at] == ' ' || data[at] == ':')) {
            at++;
        }
        return at < to && data[at] != '0';
    }

    /** Takes in one chunk; null, or what is wrong. */
    @Nullable Fault read(byte[] data, int from, int length) {
        usageChunk = false;
        choices = false;
        choicesSeen = false;
        error = false;
        used = null;
        try (BytesParser parser = Json.parser(data, from, length)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return inside(data, from, length);
            }
            root(parser);
            if (parser.nextToken() != null) {
                return Fault.protocol("the vendor's JSON goes on after its value");
            }
        } catch (JsonProcessingException e) {
            String what = MalformedJson.of(e).getMessage();
            return Fault.protocol("the vendor's answer is not JSON: " + what);
        } catch (IOException e) {
            return Fault.protocol("the vendor's answer is not UTF-8 text");
        }
        return error ? inside(data, from, length) : finish();
    }

    private @Nullable Fault finish() {
        if (used != null) {
            usage = Usages.of(used, serviceTier, false);
            usageChunk = choicesSeen && !choices;
        }
        return "error".equals(finishReason)
                ? Fault.protocol("the vendor ended its answer with an error")
                : null;
    }

    private static @Nullable Fault inside(byte[] data, int from, int length) {
        try {
            var body = Json.read(data, from, length);
            return Faults.isError(body)
                    ? Faults.inside(body)
                    : Fault.protocol("the vendor's answer is no JSON object");
        } catch (MalformedJson e) {
            return Fault.protocol("the vendor's answer is not JSON: " + e.getMessage());
        }
    }

    /** Takes in a whole answer; null, or what is wrong. */
    @Nullable Fault readWhole(byte[] body, int length) {
        Fault fault = read(body, 0, length);
        if (fault == null && !choices) {
            return Fault.protocol("the vendor's answer has no choices");
        }
        if (fault == null) {
            content = true;
        }
        return fault;
    }

    private void root(BytesParser parser) throws IOException {
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            JsonToken value = parser.nextToken();
            switch (name) {
                case "choices" -> {
                    choicesSeen = true;
                    if (value == JsonToken.START_ARRAY) {
                        choices(parser);
                    }
                }
                case "usage" -> {
                    if (value == JsonToken.START_OBJECT) {
                        used = parser.tree();
                    }
                }
                case "service_tier" -> {
                    if (value == JsonToken.VALUE_STRING) {
                        serviceTier = parser.getText();
                    }
                }
                case "error" ->
                        error |= value == JsonToken.VALUE_STRING || value == JsonToken.START_OBJECT;
                case "object" ->
                        error |=
                                value == JsonToken.VALUE_STRING && "error".equals(parser.getText());
                default -> {}
            }
            parser.skipChildren();
        }
    }

    private void choices(BytesParser parser) throws IOException {
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            choices = true;
            if (parser.currentToken() == JsonToken.START_OBJECT) {
                choice(parser);
            }
        }
    }

    private void choice(BytesParser parser) throws IOException {
        int index = 0;
        boolean ended = false;
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            JsonToken value = parser.nextToken();
            boolean text = value == JsonToken.VALUE_STRING;
            switch (name) {
                case "delta", "message" -> {
                    if (value == JsonToken.START_OBJECT) {
                        delta(parser);
                    }
                }
                case "finish_reason" -> {
                    if (parser.hasText()) {
                        finishReason = parser.getText();
                        ended = true;
                    }
                }
                case "finish_details" -> {
                    if (value == JsonToken.START_OBJECT) {
                        details(parser);
                        ended = finishReason != null;
                    }
                }
                case "index" -> {
                    if (value == JsonToken.VALUE_NUMBER_INT) {
                        index = Math.clamp(parser.getLongValue(), 0, MAX_CHOICES);
                    }
                }
                case "stop_reason" -> {
                    if (text) {
                        stopSequence = parser.getText();
                    }
                }
                default -> parser.skipChildren();
            }
        }
        (ended ? endedChoices : openChoices).set(index);
        openChoices.andNot(endedChoices);
    }

    /** The reason as early vision models gave it. */
    private void details(BytesParser parser) throws IOException {
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            if (parser.nextToken() == JsonToken.VALUE_STRING && name.equals("type")) {
                finishReason = parser.getText();
            }
            parser.skipChildren();
        }
    }

    /** Anything but a role, a null or an empty text is content. */
    private void delta(BytesParser parser) throws IOException {
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            JsonToken value = parser.nextToken();
            if (!name.equals("role") && isContent(parser, value)) {
                content = true;
                called |= name.equals("tool_calls") || name.equals("function_call");
                refused |= name.equals("refusal");
            }
            parser.skipChildren();
        }
    }

    private static boolean isContent(BytesParser parser, @Nullable JsonToken value)
            throws IOException {
        return switch (value) {
            case null -> false;
            case VALUE_STRING -> parser.hasText();
            case START_ARRAY -> parser.nextToken() != JsonToken.END_ARRAY && rest(parser);
            case START_OBJECT -> true;
            default -> false;
        };
    }

    /** Skips to the end of an array whose first element has been met; always true. */
    private static boolean rest(BytesParser parser) throws IOException {
        JsonToken at = parser.currentToken();
        while (at != JsonToken.END_ARRAY) {
            parser.skipChildren();
            at = parser.nextToken();
        }
        return true;
    }

    boolean content() {
        return content;
    }

    boolean called() {
        return called;
    }

    /**
     * Whether the last chunk held usage and no choice: the extra one that is sent when asked for.
     */
    boolean usageChunk() {
        return usageChunk;
    }

    @Nullable Usage usage() {
        return usage;
    }

    /** How the answer ended; null while a choice of it is still open. */
    @Nullable Stop stop() {
        return finishReason == null || !openChoices.isEmpty()
                ? null
                : Stops.of(finishReason, stopSequence, called || saysCalled(), refused);
    }

    /** Calls after other content are not looked at: the reason tells of them. */
    private boolean saysCalled() {
        return "tool_calls".equals(finishReason) || "function_call".equals(finishReason);
    }
}
