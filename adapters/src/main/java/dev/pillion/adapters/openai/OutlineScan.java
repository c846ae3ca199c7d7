package dev.pillion.adapters.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.pillion.adapters.Outline;
import dev.pillion.adapters.Refusal;
import dev.pillion.protocol.chat.Need;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.fault.FaultException;
import dev.pillion.protocol.wire.Json;
import dev.pillion.protocol.wire.MalformedJson;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One streaming scan of a request: no tree, and of the texts only the few short ones that tell what
 * the request needs.
 */
final class OutlineScan {
    private final byte[] body;
    private final JsonParser parser;
    private final Set<Need> needs = EnumSet.noneOf(Need.class);
    private final Set<Refusal> refusable = EnumSet.noneOf(Refusal.class);
    private @Nullable String model;
    private int modelStart = -1;
    private int modelEnd = -1;
    private boolean stream;
    private boolean messagesSeen;
    private boolean tools;
    private boolean temperature;
    private boolean topP;
    private boolean toldToThink;
    private boolean thinks = true;
    private boolean usageAsked;
    private Outline.Splice streamOptions = Outline.Splice.NONE;
    private @Nullable Integer maxCompletionTokens;
    private @Nullable Integer maxTokens;

    private OutlineScan(byte[] body, JsonParser parser) {
        this.body = body;
        this.parser = parser;
    }

    static Outline scan(byte[] body) {
        try (JsonParser parser = Json.parserOfUtf8(body, 0, body.length)) {
            return scan(body, parser);
        } catch (IOException e) {
            throw malformed(e, "");
        }
    }

    private static Outline scan(byte[] body, JsonParser parser) {
        var scan = new OutlineScan(body, parser);
        try {
            return scan.root();
        } catch (IOException e) {
            throw malformed(e, parser.getParsingContext().pathAsPointer().toString());
        }
    }

    private static FaultException malformed(IOException e, String pointer) {
        String what =
                e instanceof JsonProcessingException json
                        ? MalformedJson.of(json).getMessage()
                        : "not UTF-8 text";
        return Fault.invalid("the body is not valid JSON: " + what, pointer).asException();
    }

    private Outline root() throws IOException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw wrong("", "an object");
        }
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            JsonToken value = parser.nextToken();
            if (value == JsonToken.VALUE_NULL && !name.equals("stream_options")) {
                continue;
            }
            field(name, value);
        }
        if (parser.nextToken() != null) {
            throw Fault.invalid("the body goes on after its JSON value", "").asException();
        }
        return outline();
    }

    private Outline outline() {
        if (!messagesSeen) {
            throw Fault.invalid("/messages: missing (expected: an array)", "/messages")
                    .asException();
        }
        if (stream) {
            needs.add(Need.STREAM);
        }
        refusable.add(Refusal.CHAT);
        if (tools && thinks) {
            refusable.add(Refusal.TOOLS_ON_CHAT);
        }
        if (tools && toldToThink) {
            refusable.add(Refusal.TOOLS_ON_CHAT_THINKING);
        }
        sampling();
        return new Outline(
                model,
                stream,
                needs,
                refusable,
                body.length,
                modelStart,
                modelEnd,
                maxCompletionTokens == null ? maxTokens : maxCompletionTokens,
                usageAsked,
                streamOptions,
                null);
    }

    private void field(String name, JsonToken value) throws IOException {
        switch (name) {
            case "model" -> model(value);
            case "messages" -> {
                expect(value, JsonToken.START_ARRAY, "/messages", "an array");
                messagesSeen = true;
                new MessageScan(parser, needs, refusable).scan();
            }
            case "stream" -> stream = bool(value, "/stream");
            case "stream_options" -> streamOptions(value);
            case "tools", "functions" -> {
                expect(value, JsonToken.START_ARRAY, "/" + name, "an array");
                tools(name);
            }
            case "max_completion_tokens" -> maxCompletionTokens = positive(value, name);
            case "max_tokens" -> {
                maxTokens = positive(value, name);
                refusable.add(Refusal.MAX_TOKENS_ON_CHAT);
            }
            case "response_format" -> responseFormat(value);
            case SearchOptions.FIELD -> webSearch(value);
            default -> refusable(name, value);
        }
    }

    private void model(JsonToken value) throws IOException {
        expect(value, JsonToken.VALUE_STRING, "/model", "a string");
        modelStart = (int) parser.currentTokenLocation().getByteOffset();
        model = parser.getText();
        modelEnd = (int) parser.currentLocation().getByteOffset();
        if (model.isEmpty()) {
            throw Fault.invalid("/model: \"\" (expected: a model's name)", "/model").asException();
        }
    }

    private void streamOptions(JsonToken value) throws IOException {
        int start = (int) parser.currentTokenLocation().getByteOffset();
        if (value == JsonToken.START_OBJECT) {
            for (String name = parser.nextFieldName();
                    name != null;
                    name = parser.nextFieldName()) {
                JsonToken option = parser.nextToken();
                if (name.equals("include_usage")) {
                    usageAsked = option == JsonToken.VALUE_TRUE;
                }
                parser.skipChildren();
            }
        } else {
            expect(value, JsonToken.VALUE_NULL, "/stream_options", "an object");
        }
        int end = (int) parser.currentLocation().getByteOffset();
        streamOptions = new Outline.Splice(start, end);
    }

    private void tools(String name) throws IOException {
        JsonToken first = parser.nextToken();
        if (first == JsonToken.END_ARRAY) {
            return;
        }
        tools = true;
        needs.add(Need.TOOLS);
        while (first != JsonToken.END_ARRAY) {
            expect(first, JsonToken.START_OBJECT, "/" + name + "/0", "an object");
            parser.skipChildren();
            first = parser.nextToken();
        }
    }

    private void responseFormat(JsonToken value) throws IOException {
        expect(value, JsonToken.START_OBJECT, "/response_format", "an object");
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            JsonToken field = parser.nextToken();
            if (name.equals("type") && field == JsonToken.VALUE_STRING) {
                switch (parser.getText()) {
                    case "json_object" -> needs.add(Need.JSON);
                    case "json_schema" -> needs.add(Need.JSON_SCHEMA);
                    default -> {}
                }
            }
            parser.skipChildren();
        }
    }

    private void webSearch(JsonToken value) throws IOException {
        expect(value, JsonToken.START_OBJECT, "/" + SearchOptions.FIELD, "an object");
        needs.add(Need.WEBSEARCH);
        parser.skipChildren();
    }

    private boolean isWish(JsonToken value) throws IOException {
        return !value.isNumeric() || parser.getDoubleValue() != 1;
    }

    /** What some models refuse, and some take. */
    private void refusable(String name, JsonToken value) throws IOException {
        switch (name) {
            case "temperature" -> temperature = isWish(value);
            case "top_p" -> topP = isWish(value);
            case "frequency_penalty", "presence_penalty" -> {
                if (!value.isNumeric() || parser.getDoubleValue() != 0) {
                    refusable.add(Refusal.PENALTIES);
                }
            }
            case "logit_bias" -> {
                if (parser.nextToken() != JsonToken.END_OBJECT) {
                    refusable.add(Refusal.PENALTIES);
                    skipRest();
                }
            }
            case "stop" -> refusable.add(Refusal.STOP);
            case "reasoning_effort" -> effort(value);
            case "tool_choice", "function_call" -> toolChoice(value);
            case "modalities" -> modalities(value);
            default -> {}
        }
        parser.skipChildren();
    }

    /** To the end of the object whose first field name has been read. */
    private void skipRest() throws IOException {
        JsonToken at = parser.currentToken();
        while (at == JsonToken.FIELD_NAME) {
            parser.nextToken();
            parser.skipChildren();
            at = parser.nextToken();
        }
    }

    /** The same as {@code Needs.refusable} finds in the decoded request. */
    private void sampling() {
        if (thinks && (temperature || topP)) {
            refusable.add(Refusal.SAMPLING); // Whoever can be told not to think takes it then.
        }
        if (toldToThink && (temperature || topP)) {
            refusable.add(Refusal.SAMPLING_THINKING);
        }
        if (temperature && topP) {
            refusable.add(Refusal.TEMPERATURE_WITH_TOP_P);
        }
    }

    private void effort(JsonToken value) throws IOException {
        expect(value, JsonToken.VALUE_STRING, "/reasoning_effort", "a string");
        if (parser.getText().equals("none")) {
            thinks = false;
            refusable.add(Refusal.THINKING_OFF);
        } else {
            toldToThink = true;
        }
    }

    private void toolChoice(JsonToken value) throws IOException {
        boolean free = value == JsonToken.VALUE_STRING && isFree(parser.getText());
        if (!free) {
            refusable.add(Refusal.FORCED_TOOLS);
        }
    }

    private static boolean isFree(String choice) {
        return choice.equals("auto") || choice.equals("none");
    }

    private void modalities(JsonToken value) throws IOException {
        expect(value, JsonToken.START_ARRAY, "/modalities", "an array");
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() == JsonToken.VALUE_STRING
                    && parser.getText().equals("audio")) {
                needs.add(Need.AUDIO);
            }
            parser.skipChildren();
        }
    }

    private boolean bool(JsonToken value, String pointer) {
        if (!value.isBoolean()) {
            throw wrong(pointer, "true or false");
        }
        return value == JsonToken.VALUE_TRUE;
    }

    private Integer positive(JsonToken value, String name) throws IOException {
        expect(value, JsonToken.VALUE_NUMBER_INT, "/" + name, "an integer >= 1");
        boolean fits = parser.getNumberType() == JsonParser.NumberType.INT;
        if (!fits || parser.getIntValue() < 1) {
            throw wrong("/" + name, "an integer >= 1");
        }
        return parser.getIntValue();
    }

    private static void expect(JsonToken found, JsonToken wanted, String pointer, String what) {
        if (found != wanted) {
            throw wrong(pointer, what);
        }
    }

    private static FaultException wrong(String pointer, String expected) {
        String where = pointer.isEmpty() ? "the body" : pointer;
        return Fault.invalid(where + " is of the wrong kind (expected: " + expected + ")", pointer)
                .asException();
    }
}
