package dev.pillion.adapters.anthropic;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.pillion.adapters.Outline;
import dev.pillion.adapters.OwnSeals;
import dev.pillion.adapters.Refusal;
import dev.pillion.adapters.Surface;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.Need;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.fault.FaultException;
import dev.pillion.protocol.wire.Json;
import dev.pillion.protocol.wire.MalformedJson;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One streaming scan of a Messages request: what planning needs, and where the model's name is. */
final class RequestScan {
    private final Surface client;
    private final JsonParser json;
    private final boolean toAnswer;
    private final Set<Need> needs = EnumSet.noneOf(Need.class);
    private final Set<Refusal> refusable = EnumSet.noneOf(Refusal.class);
    private @Nullable String model;
    private int modelStart = -1;
    private int modelEnd = -1;
    private boolean stream;
    private boolean temperature;
    private boolean topP;
    private @Nullable Integer maxTokens;
    private String lastRole = "";
    private String lastBlock = "";
    private boolean foreign;

    private RequestScan(Surface client, JsonParser json, boolean toAnswer) {
        this.client = client;
        this.toAnswer = toAnswer;
        this.json = json;
    }

    /** Of a request whose tokens are to be counted. */
    static Outline scanToCount(Surface client) {
        return scan(client, false);
    }

    /** A request to be answered; one that Anthropic can't read as it is comes decoded. */
    static Outline scan(Surface client) {
        return scan(client, true);
    }

    private static Outline scan(Surface client, boolean toAnswer) {
        byte[] body = client.body();
        try (JsonParser json = Json.parserOfUtf8(body, 0, body.length)) {
            return new RequestScan(client, json, toAnswer).outline();
        } catch (JsonProcessingException e) {
            MalformedJson malformed = MalformedJson.of(e);
            throw notJson(malformed.getMessage());
        } catch (IOException e) {
            throw notJson("not UTF-8 text");
        }
    }

    private static FaultException notJson(@Nullable String why) {
        return Fault.invalid("the body is not JSON: " + why, null).asException();
    }

    private Outline outline() throws IOException {
        if (json.nextToken() != JsonToken.START_OBJECT) {
            throw Fields.bad("", "no object", "a JSON object");
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            field(name);
        }
        if (json.nextToken() != null) {
            throw notJson("something follows the object");
        }
        if (model == null) {
            throw Fields.bad("/model", "missing", "a string");
        }
        if (stream) {
            needs.add(Need.STREAM);
        }
        if (lastRole.equals("assistant") && !isOfVendor(lastBlock)) {
            refusable.add(Refusal.PREFILL);
        }
        if (temperature && topP) {
            refusable.add(Refusal.TEMPERATURE_WITH_TOP_P);
        }
        return new Outline(
                model,
                stream,
                needs,
                refusable,
                client.body().length,
                modelStart,
                modelEnd,
                maxTokens,
                true,
                Outline.Splice.NONE,
                foreign || OwnSeals.in(client.body()) ? decoded() : null);
    }

    private ChatRequest decoded() {
        return toAnswer ? RequestDecoder.decode(client) : RequestDecoder.decodeToCount(client);
    }

    /** A turn that ends in what the vendor's own tool did was paused, and goes on. */
    private static boolean isOfVendor(String block) {
        return block.equals("server_tool_use")
                || block.equals("mcp_tool_use")
                || block.endsWith("_tool_result");
    }

    private void field(String name) throws IOException {
        switch (name) {
            case "model" -> model();
            case "stream" -> stream = json.currentToken() == JsonToken.VALUE_TRUE;
            case "max_tokens" -> maxTokens();
            case "temperature" -> temperature = asksSampling();
            case "top_p" -> topP = asksSampling();
            case "top_k" -> asks(Refusal.SAMPLING);
            case "stop_sequences" -> stops();
            case "thinking" -> thinking();
            case "tool_choice" -> {
                String type = type();
                if ("any".equals(type) || "tool".equals(type)) {
                    refusable.add(Refusal.FORCED_TOOLS);
                }
            }
            case "output_format" -> needs(Need.JSON_SCHEMA);
            case "output_config" -> outputConfig();
            case "tools" -> tools();
            case "messages" -> messages();
            default -> json.skipChildren();
        }
    }

    private void model() throws IOException {
        if (json.currentToken() != JsonToken.VALUE_STRING) {
            throw Fields.bad("/model", "no string", "a string");
        }
        modelStart = (int) json.currentTokenLocation().getByteOffset();
        model = json.getText();
        modelEnd = (int) json.currentLocation().getByteOffset();
    }

    private void maxTokens() throws IOException {
        if (json.currentToken() == JsonToken.VALUE_NUMBER_INT
                && json.getNumberType() == JsonParser.NumberType.INT) {
            maxTokens = json.getIntValue();
        } else {
            json.skipChildren();
        }
    }

    private boolean asksSampling() throws IOException {
        boolean asks =
                json.currentToken() != JsonToken.VALUE_NULL
                        && (!json.currentToken().isNumeric() || json.getDoubleValue() != 1);
        if (asks) {
            refusable.add(Refusal.SAMPLING);
        }
        json.skipChildren();
        return asks;
    }

    private void asks(Refusal what) throws IOException {
        if (json.currentToken() != JsonToken.VALUE_NULL) {
            refusable.add(what);
        }
        json.skipChildren();
    }

    private void needs(Need what) throws IOException {
        if (json.currentToken() != JsonToken.VALUE_NULL) {
            needs.add(what);
        }
        json.skipChildren();
    }

    private void stops() throws IOException {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            json.skipChildren();
            return;
        }
        while (json.nextToken() != JsonToken.END_ARRAY) {
            refusable.add(Refusal.STOP);
            json.skipChildren();
        }
    }

    /** The type of the object that the parser stands at; null for anything else. */
    private @Nullable String type() throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            json.skipChildren();
            return null;
        }
        String type = null;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            boolean isType = json.currentName().equals("type");
            if (json.nextToken() == JsonToken.VALUE_STRING && isType) {
                type = json.getText();
            } else {
                json.skipChildren();
            }
        }
        return type;
    }

    private void thinking() throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            json.skipChildren();
            return;
        }
        String type = "";
        String display = "";
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            String value = json.nextToken() == JsonToken.VALUE_STRING ? json.getText() : "";
            switch (field) {
                case "type" -> type = value;
                case "display" -> display = value;
                default -> json.skipChildren();
            }
        }
        if (type.equals("disabled")) {
            refusable.add(Refusal.THINKING_OFF);
        }
        if (RequestDecoder.isShown(type, display)) {
            needs.add(Need.THINKING);
        }
    }

    private void outputConfig() throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            json.skipChildren();
            return;
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            boolean format = json.currentName().equals("format");
            json.nextToken();
            if (format) {
                needs(Need.JSON_SCHEMA);
            } else {
                json.skipChildren();
            }
        }
    }

    private void tools() throws IOException {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            json.skipChildren();
            return;
        }
        while (json.nextToken() != JsonToken.END_ARRAY) {
            String type = type();
            boolean search = type != null && type.startsWith("web_search_");
            needs.add(search && !needs.contains(Need.WEBSEARCH) ? Need.WEBSEARCH : Need.TOOLS);
        }
    }

    private void messages() throws IOException {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            json.skipChildren();
            return;
        }
        while (json.nextToken() != JsonToken.END_ARRAY) {
            lastBlock = "";
            lastRole = "";
            if (json.currentToken() == JsonToken.START_OBJECT) {
                message();
            } else {
                json.skipChildren();
            }
        }
    }

    private void message() throws IOException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            JsonToken value = json.nextToken();
            if (name.equals("role") && value == JsonToken.VALUE_STRING) {
                lastRole = json.getText();
            } else if (name.equals("content") && value == JsonToken.START_ARRAY) {
                blocks();
            } else {
                json.skipChildren();
            }
        }
    }

    private void blocks() throws IOException {
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (json.currentToken() == JsonToken.START_OBJECT) {
                block();
            } else {
                json.skipChildren();
            }
        }
    }

    private void block() throws IOException {
        String type = "";
        boolean signed = false;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            JsonToken value = json.nextToken();
            boolean text = value == JsonToken.VALUE_STRING;
            if (name.equals("type") && text) {
                type = json.getText();
            } else if (name.equals("signature") && text) {
                signed = json.getTextLength() > 0;
            } else if (name.equals("id") || name.equals("tool_use_id")) {
                foreign |= text && !ToolIds.fits(json.getText());
                json.skipChildren();
            } else if (name.equals("content") && value == JsonToken.START_ARRAY) {
                blocks();
            } else {
                json.skipChildren();
            }
        }
        lastBlock = type;
        foreign |= type.equals("thinking") && !signed; // Another vendor thought that.
        if (type.equals("image")) {
            needs.add(Need.VISION);
        } else if (type.equals("document")) {
            needs.add(Need.DOCUMENTS);
        }
    }
}
