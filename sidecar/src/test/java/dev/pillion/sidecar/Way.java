package dev.pillion.sidecar;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.protocol.wire.Json;

/** A way to ask Pillion for something, on one of its surfaces; for tests that walk all of them. */
enum Way {
    GENERATE("gemini/gemini-2.5-flash", "openai/gpt-4.1"),
    CHAT("openai/gpt-4.1", "anthropic/claude-haiku-4-5"),
    RESPONSES("openai/gpt-4.1", "gemini/gemini-2.5-flash"),
    MESSAGES("anthropic/claude-haiku-4-5", "openai/gpt-4.1"),
    GENERATE_CONTENT("gemini/gemini-2.5-flash", "anthropic/claude-haiku-4-5"),
    EMBEDDINGS("openai/text-embedding-3-small", "gemini/gemini-embedding-2"),
    EMBED_CONTENT("gemini/gemini-embedding-2", "openai/text-embedding-3-small"),
    COUNT_MESSAGES("anthropic/claude-haiku-4-5", "openai/gpt-4.1"),
    COUNT_INPUT("openai/gpt-4.1", "gemini/gemini-2.5-flash"),
    COUNT_TOKENS("gemini/gemini-2.5-flash", "anthropic/claude-haiku-4-5");

    /** A model whose vendor speaks the surface's own format, where anyone does. */
    final String own;

    /** A model that is reached by translation. */
    final String other;

    Way(String own, String other) {
        this.own = own;
        this.other = other;
    }

    boolean streams() {
        return compareTo(GENERATE_CONTENT) <= 0;
    }

    String path(String model, boolean stream) {
        String method = stream ? ":streamGenerateContent?alt=sse" : ":generateContent";
        return switch (this) {
            case GENERATE -> "/v1/generate";
            case CHAT -> "/v1/chat/completions";
            case RESPONSES -> "/v1/responses";
            case MESSAGES -> "/v1/messages";
            case GENERATE_CONTENT -> "/v1beta/models/" + encoded(model) + method;
            case EMBEDDINGS -> "/v1/embeddings";
            case EMBED_CONTENT -> "/v1beta/models/" + encoded(model) + ":embedContent";
            case COUNT_MESSAGES -> "/v1/messages/count_tokens";
            case COUNT_INPUT -> "/v1/responses/input_tokens";
            case COUNT_TOKENS -> "/v1beta/models/" + encoded(model) + ":countTokens";
        };
    }

    private static String encoded(String model) {
        return model.replace("/", "%2F");
    }

    /** The body around a text, which stands in it as it is: it must need no escapes. */
    String body(String model, String text, boolean stream) {
        String form =
                switch (this) {
                    case GENERATE ->
                            "{'model':'%s','messages':[{'role':'user','content':'%s'}],'stream':%s}";
                    case CHAT ->
                            "{'model':'%s','max_tokens':500,'messages':[{'role':'user',"
                                    + "'content':'%s'}],'stream':%s}";
                    case RESPONSES -> "{'model':'%s','input':'%s','stream':%s}";
                    case MESSAGES ->
                            "{'model':'%s','max_tokens':500,'messages':[{'role':'user',"
                                    + "'content':'%s'}],'stream':%s}";
                    case EMBEDDINGS, COUNT_INPUT -> "{'model':'%s','input':'%s'}";
                    case COUNT_MESSAGES ->
                            "{'model':'%s','messages':[{'role':'user','content':'%s'}]}";
                    case EMBED_CONTENT -> "{'content':{'parts':[{'text':'%2$s'}]}}";
                    case GENERATE_CONTENT, COUNT_TOKENS ->
                            "{'contents':[{'role':'user','parts':[{'text':'%2$s'}]}]}";
                };
        return form.replace('\'', '"').formatted(model, text, stream);
    }

    /** What stands where the surface's clients look for the kind of an error. */
    String errorType(String body) throws Exception {
        JsonNode error = Json.read(body).path("error");
        return switch (this) {
            case GENERATE -> error.path("kind").asText();
            case CHAT, RESPONSES, EMBEDDINGS, COUNT_INPUT -> error.path("code").asText();
            case MESSAGES, COUNT_MESSAGES -> error.path("type").asText();
            case GENERATE_CONTENT, EMBED_CONTENT, COUNT_TOKENS -> error.path("status").asText();
        };
    }
}
