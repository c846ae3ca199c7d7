package dev.pillion.adapters.openai.responses;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.pillion.adapters.Needs;
import dev.pillion.adapters.Outline;
import dev.pillion.adapters.OwnSeals;
import dev.pillion.adapters.Refusal;
import dev.pillion.adapters.Surface;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.Need;
import dev.pillion.protocol.wire.Json;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One streaming scan of a request: no tree, and of the texts only the few short ones that tell what
 * it needs. What is out of the ordinary, or can't go to the vendor as it is, is decoded whole
 * instead, which also says what is wrong with it.
 */
final class ResponsesScan {
    /** What every id made here contains; see {@link ItemIds}. */
    private static final byte[] OWN_ID = "_pln_".getBytes(StandardCharsets.US_ASCII);

    private static final int MAX_CALL_ID_CHARS = 64;

    private final byte[] body;
    private final JsonParser json;
    private final Set<Need> needs = EnumSet.noneOf(Need.class);
    private final Set<Refusal> refusable = EnumSet.noneOf(Refusal.class);
    private @Nullable String model;
    private int modelStart = -1;
    private int modelEnd = -1;
    private boolean stream;
    private boolean temperature;
    private boolean topP;
    private @Nullable String effort;
    private @Nullable Integer maxOutputTokens;
    private boolean input;
    private boolean odd;

    private ResponsesScan(byte[] body, JsonParser json) {
        this.body = body;
        this.json = json;
    }

    static Outline scan(Surface client) {
        byte[] body = client.body();
        try (JsonParser json = Json.parserOfUtf8(body, 0, body.length)) {
            var scan = new ResponsesScan(body, json);
            scan.root();
            if (!scan.odd && !OwnSeals.in(body) && !hasOwnId(body)) {
                return scan.outline();
            }
        } catch (IOException e) {
            return decoded(client); // Which says what is wrong, and where.
        }
        return decoded(client);
    }

    private static boolean hasOwnId(byte[] body) {
        for (int at = 0; at <= body.length - OWN_ID.length; at++) {
            if (body[at] == '_'
                    && body[at + 1] == 'p'
                    && body[at + 2] == 'l'
                    && body[at + 3] == 'n'
                    && body[at + 4] == '_') {
                return true;
            }
        }
        return false;
    }

    private static Outline decoded(Surface client) {
        ChatRequest request = ResponsesRequestDecoder.decode(client);
        return new Outline(
                request.model(),
                request.stream(),
                Needs.of(request),
                Needs.refusable(request),
                client.body().length,
                -1,
                -1,
                request.output().maxTokens(),
                true,
                Outline.Splice.NONE,
                request);
    }

    private Outline outline() {
        if (stream) {
            needs.add(Need.STREAM);
        }
        if ((temperature || topP) && !"none".equals(effort)) {
            refusable.add(Refusal.SAMPLING);
            if (effort != null) {
                refusable.add(Refusal.SAMPLING_THINKING);
            }
        }
        if (temperature && topP) {
            refusable.add(Refusal.TEMPERATURE_WITH_TOP_P);
        }
        return new Outline(
                model,
                stream,
                needs,
                refusable,
                body.length,
                modelStart,
                modelEnd,
                maxOutputTokens,
                true,
                Outline.Splice.NONE,
                null);
    }

    private void root() throws IOException {
        if (json.nextToken() != JsonToken.START_OBJECT) {
            odd = true;
            return;
        }
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            JsonToken value = json.nextToken();
            if (value != JsonToken.VALUE_NULL) {
                field(name, value);
            }
            json.skipChildren();
        }
        odd |= json.nextToken() != null || !input;
    }

    private void field(String name, JsonToken value) throws IOException {
        switch (name) {
            case "model" -> model(value);
            case "stream" -> {
                odd |= !value.isBoolean();
                stream = value == JsonToken.VALUE_TRUE;
            }
            case "max_output_tokens" -> maxOutputTokens(value);
            case "temperature" -> temperature = isWish(value);
            case "top_p" -> topP = isWish(value);
            case "reasoning" -> object(value, this::reasoning);
            case "text" -> object(value, this::text);
            case "tools" -> tools(value);
            case "tool_choice" -> toolChoice(value);
            case "input" -> input(value);
            case "prompt", "conversation", "previous_response_id" -> input = true;
            case "background" -> odd |= !value.isBoolean();
            case "instructions" -> odd |= value != JsonToken.VALUE_STRING;
            default -> odd |= RawFields.CHAT_ONLY.contains(name);
        }
    }

    private void model(JsonToken value) throws IOException {
        odd |= value != JsonToken.VALUE_STRING || model != null;
        modelStart = (int) json.currentTokenLocation().getByteOffset();
        model = json.getText();
        modelEnd = (int) json.currentLocation().getByteOffset();
    }

    /** Fewer tokens than this API takes can be asked for on the other one. */
    private void maxOutputTokens(JsonToken value) throws IOException {
        if (value == JsonToken.VALUE_NUMBER_INT
                && json.getNumberType() == JsonParser.NumberType.INT
                && json.getIntValue() >= ResponsesCodec.MIN_OUTPUT_TOKENS) {
            maxOutputTokens = json.getIntValue();
        } else {
            odd = true;
        }
    }

    private boolean isWish(JsonToken value) throws IOException {
        odd |= !value.isNumeric();
        return value.isNumeric() && json.getDecimalValue().compareTo(BigDecimal.ONE) != 0;
    }

    /** Takes one field; the parser stands at its value, and may stay there. */
    private interface Field {
        void take(String name, JsonToken value) throws IOException;
    }

    private void object(JsonToken value, Field each) throws IOException {
        if (value != JsonToken.START_OBJECT) {
            odd = true;
            return;
        }
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            each.take(name, json.nextToken());
            json.skipChildren();
        }
    }

    private void reasoning(String name, JsonToken value) throws IOException {
        switch (name) {
            case "effort" -> {
                effort = value == JsonToken.VALUE_STRING ? json.getText() : null;
                odd |= effort == null && value != JsonToken.VALUE_NULL;
            }
            case "summary", "generate_summary" -> {
                if (value != JsonToken.VALUE_NULL) {
                    needs.add(Need.THINKING);
                }
            }
            default -> {}
        }
    }

    private void text(String name, JsonToken value) throws IOException {
        if (name.equals("format") && value != JsonToken.VALUE_NULL) {
            object(value, this::format);
        }
    }

    private void format(String name, JsonToken value) throws IOException {
        if (name.equals("type") && value == JsonToken.VALUE_STRING) {
            switch (json.getText()) {
                case "json_object" -> needs.add(Need.JSON);
                case "json_schema" -> needs.add(Need.JSON_SCHEMA);
                default -> {}
            }
        }
    }

    /** The types of an array's objects, in order. */
    private void tools(JsonToken value) throws IOException {
        odd |= value != JsonToken.START_ARRAY;
        while (!odd && json.nextToken() != JsonToken.END_ARRAY) {
            var tool = new Typed();
            object(json.currentToken(), tool);
            boolean search = SearchTool.is(tool.type) && !needs.contains(Need.WEBSEARCH);
            needs.add(search ? Need.WEBSEARCH : Need.TOOLS);
        }
    }

    private void toolChoice(JsonToken value) throws IOException {
        if (value == JsonToken.VALUE_STRING) {
            String word = json.getText();
            if (word.equals("required")) {
                refusable.add(Refusal.FORCED_TOOLS);
            }
            return;
        }
        var choice = new Typed();
        object(value, choice);
        boolean forced =
                switch (choice.type) {
                    case "function", "custom" -> true;
                    case "allowed_tools" -> choice.mode.equals("required");
                    default -> false;
                };
        if (forced) {
            refusable.add(Refusal.FORCED_TOOLS);
        }
    }

    /** What an object says it is. */
    private class Typed implements Field {
        String type = "";
        String role = "";
        String mode = "";
        String execution = "";

        @Override
        public void take(String name, JsonToken value) throws IOException {
            boolean text = value == JsonToken.VALUE_STRING;
            switch (name) {
                case "type" -> type = text ? json.getText() : "";
                case "role" -> role = text ? json.getText() : "";
                case "execution" -> execution = text ? json.getText() : "";
                case "mode" -> mode = text ? json.getText() : "";
                case "call_id" -> odd |= text && json.getTextLength() > MAX_CALL_ID_CHARS;
                case "content", "output" -> parts(value);
                default -> {}
            }
        }
    }

    private void input(JsonToken value) throws IOException {
        input = true;
        if (value == JsonToken.VALUE_STRING) {
            return;
        }
        odd |= value != JsonToken.START_ARRAY;
        boolean byModel = false;
        while (!odd && json.nextToken() != JsonToken.END_ARRAY) {
            var item = new Typed();
            object(json.currentToken(), item);
            boolean message = item.type.isEmpty() || item.type.equals("message");
            byModel =
                    message
                            ? item.role.equals("assistant")
                            : !InputDecoder.isInput(item.type, item.execution);
        }
        if (byModel) {
            refusable.add(Refusal.PREFILL);
        }
    }

    private void parts(JsonToken value) throws IOException {
        if (value != JsonToken.START_ARRAY) {
            return;
        }
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (json.currentToken() != JsonToken.START_OBJECT) {
                odd = true;
                json.skipChildren();
                continue;
            }
            var part = new Typed();
            object(JsonToken.START_OBJECT, part);
            switch (part.type) {
                case "input_image" -> needs.add(Need.VISION);
                case "input_file" -> needs.add(Need.DOCUMENTS);
                case "input_audio" -> needs.add(Need.AUDIO);
                default -> {}
            }
        }
    }
}
