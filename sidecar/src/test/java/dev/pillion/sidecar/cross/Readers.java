package dev.pillion.sidecar.cross;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.sidecar.cross.Content.Kind;
import java.util.function.Consumer;

/** Reads {@link Content} from a request's body in each vendor's format. */
final class Readers {
    private Readers() {}

    static Content chat(JsonNode body) {
        var content = Content.empty();
        for (JsonNode message : body.path("messages")) {
            switch (message.path("role").asText()) {
                case "system", "developer" ->
                        texts(message.path("content"), t -> content.say(Kind.SYSTEM, t));
                case "tool", "function" ->
                        texts(message.path("content"), t -> content.say(Kind.RESULT, t));
                default -> {
                    chatParts(message.path("content"), content);
                    content.say(Kind.TEXT, message.path("refusal").asText(""));
                    chatCalls(message, content);
                }
            }
        }
        for (JsonNode tool : body.path("tools")) {
            JsonNode f = tool.path("function");
            if (f.has("name") && isAllowed(body, f.path("name").asText())) {
                content.function(f.path("name").asText(), f.path("parameters"));
            }
        }
        for (JsonNode f : body.path("functions")) {
            content.function(f.path("name").asText(), f.path("parameters"));
        }
        return content;
    }

    /** Where only some functions may be called, the others need not be told of. */
    private static boolean isAllowed(JsonNode body, String function) {
        JsonNode choice = body.path("tool_choice");
        if (!choice.path("type").asText().equals("allowed_tools")) {
            return true;
        }
        return choice.findValuesAsText("name").contains(function);
    }

    private static void chatCalls(JsonNode message, Content content) {
        JsonNode legacy = message.path("function_call");
        if (legacy.isObject()) {
            content.call(legacy.path("name").asText(), legacy.path("arguments"));
        }
        for (JsonNode call : message.path("tool_calls")) {
            JsonNode f = call.path("function");
            content.call(f.path("name").asText(), f.path("arguments"));
        }
    }

    private static void chatParts(JsonNode parts, Content content) {
        if (parts.isTextual()) {
            content.say(Kind.TEXT, parts.asText());
        }
        if (!parts.isArray()) {
            return;
        }
        for (JsonNode part : parts) {
            switch (part.path("type").asText()) {
                case "image_url" -> {
                    JsonNode image = part.path("image_url");
                    content.media(image.path("url").asText(image.asText()));
                }
                case "input_audio" -> content.media(part.at("/input_audio/data").asText());
                case "file" ->
                        content.media(
                                part.at("/file/file_data")
                                        .asText(part.at("/file/file_id").asText()));
                case "refusal" -> content.say(Kind.TEXT, part.path("refusal").asText());
                default -> content.say(Kind.TEXT, part.path("text").asText());
            }
        }
    }

    static Content messages(JsonNode body) {
        var content = Content.empty();
        texts(body.path("system"), t -> content.say(Kind.SYSTEM, t));
        for (JsonNode message : body.path("messages")) {
            JsonNode parts = message.path("content");
            Kind words = message.path("role").asText().equals("system") ? Kind.SYSTEM : Kind.TEXT;
            if (parts.isTextual()) {
                content.say(words, parts.asText());
            } else {
                parts.forEach(part -> block(part, words, content));
            }
        }
        for (JsonNode tool : body.path("tools")) {
            if (tool.has("input_schema")) {
                content.function(tool.path("name").asText(), tool.path("input_schema"));
            }
        }
        return content;
    }

    private static void block(JsonNode part, Kind words, Content content) {
        switch (part.path("type").asText()) {
            case "text" -> content.say(words, part.path("text").asText());
            case "image", "document" -> source(part.path("source"), words, content);
            case "tool_use" -> content.call(part.path("name").asText(), part.path("input"));
            case "tool_result" -> {
                JsonNode result = part.path("content");
                if (result.isTextual()) {
                    content.say(Kind.RESULT, result.asText());
                } else {
                    result.forEach(each -> block(each, Kind.RESULT, content));
                }
            }
            default -> {
                // Thinking and the traces of vendors' own tools do not travel.
            }
        }
    }

    private static void source(JsonNode source, Kind words, Content content) {
        Kind kind = words == Kind.RESULT ? Kind.RESULT_MEDIA : Kind.MEDIA;
        switch (source.path("type").asText()) {
            case "url" -> content.media(kind, source.path("url").asText());
            case "text" -> content.say(words, source.path("data").asText());
            case "content" -> texts(source.path("content"), t -> content.say(words, t));
            case "file" -> content.media(kind, source.path("file_id").asText());
            default -> content.media(kind, source.path("data").asText());
        }
    }

    static Content responses(JsonNode body) {
        var content = Content.empty();
        content.say(Kind.SYSTEM, body.path("instructions").asText(""));
        JsonNode input = body.path("input");
        if (input.isTextual()) {
            content.say(Kind.TEXT, input.asText());
        } else {
            input.forEach(item -> item(item, content));
        }
        for (JsonNode tool : body.path("tools")) {
            boolean function = tool.path("type").asText().equals("function");
            if (function && isAllowed(body, tool.path("name").asText())) {
                content.function(tool.path("name").asText(), tool.path("parameters"));
            }
        }
        return content;
    }

    private static void item(JsonNode item, Content content) {
        switch (item.path("type").asText("message")) {
            case "message" -> {
                String role = item.path("role").asText();
                boolean system = role.equals("system") || role.equals("developer");
                responseParts(item.path("content"), system ? Kind.SYSTEM : Kind.TEXT, content);
            }
            case "function_call" ->
                    content.call(item.path("name").asText(), item.path("arguments"));
            case "function_call_output" -> responseParts(item.path("output"), Kind.RESULT, content);
            default -> {
                // Reasoning and the traces of vendors' own tools do not travel.
            }
        }
    }

    private static void responseParts(JsonNode parts, Kind words, Content content) {
        if (parts.isTextual()) {
            content.say(words, parts.asText());
            return;
        }
        Kind kind = words == Kind.RESULT ? Kind.RESULT_MEDIA : Kind.MEDIA;
        for (JsonNode part : parts) {
            switch (part.path("type").asText()) {
                case "input_image" ->
                        content.media(kind, part.path("image_url").asText(fileId(part)));
                case "input_file" ->
                        content.media(
                                kind,
                                part.path("file_data")
                                        .asText(part.path("file_url").asText(fileId(part))));
                case "refusal" -> content.say(words, part.path("refusal").asText());
                default -> content.say(words, part.path("text").asText());
            }
        }
    }

    private static String fileId(JsonNode part) {
        return part.path("file_id").asText();
    }

    static Content gemini(JsonNode body) {
        var content = Content.empty();
        for (JsonNode part : body.at("/systemInstruction/parts")) {
            content.say(Kind.SYSTEM, part.path("text").asText());
        }
        for (JsonNode message : body.path("contents")) {
            message.path("parts").forEach(part -> geminiPart(part, Kind.MEDIA, content));
        }
        for (JsonNode tool : body.path("tools")) {
            for (JsonNode f : tool.path("functionDeclarations")) {
                JsonNode schema = f.path("parametersJsonSchema");
                content.function(
                        f.path("name").asText(),
                        schema.isMissingNode() ? f.path("parameters") : schema);
            }
        }
        return content;
    }

    private static void geminiPart(JsonNode part, Kind kind, Content content) {
        if (part.has("inlineData")) {
            JsonNode data = part.path("inlineData");
            String address = "data:" + data.path("mimeType").asText() + ";base64,";
            content.media(kind, address + data.path("data").asText());
        } else if (part.has("fileData")) {
            content.media(kind, part.at("/fileData/fileUri").asText());
        } else if (part.has("functionCall")) {
            JsonNode call = part.path("functionCall");
            content.call(call.path("name").asText(), call.path("args"));
        } else if (part.has("functionResponse")) {
            JsonNode response = part.at("/functionResponse/response");
            leaves(response, t -> content.say(Kind.RESULT, t));
            content.say(Kind.RESULT, response.toString());
            for (JsonNode each : part.at("/functionResponse/parts")) {
                geminiPart(each, Kind.RESULT_MEDIA, content);
            }
        } else if (!part.path("thought").asBoolean()) {
            content.say(Kind.TEXT, part.path("text").asText());
        }
    }

    private static void leaves(JsonNode node, Consumer<String> out) {
        if (node.isValueNode()) {
            out.accept(node.asText());
        } else {
            node.forEach(each -> leaves(each, out));
        }
    }

    private static void texts(JsonNode content, Consumer<String> out) {
        if (content.isTextual()) {
            out.accept(content.asText());
            return;
        }
        for (JsonNode part : content) {
            out.accept(part.path("text").asText(part.path("refusal").asText()));
        }
    }
}
