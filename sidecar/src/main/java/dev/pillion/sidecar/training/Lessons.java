package dev.pillion.sidecar.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The requests of a training run: every surface, each towards every vendor, streamed and not, and
 * what a client may ask besides.
 */
final class Lessons {
    private static final String TEXT = "Which of the three invoices of \\\"March\\\" is wrong?";

    private static final String CHAT =
            """
            {"model":"@MODEL@","stream":@STREAM@,"max_completion_tokens":400,"messages":[\
            {"role":"system","content":"You are a careful assistant to an accountant."},\
            {"role":"user","content":[{"type":"text","text":"@TEXT@"}]},\
            {"role":"assistant","content":"It is the second one."},\
            {"role":"user","content":"And why is that?"}]}\
            """;

    private static final String RESPONSES =
            """
            {"model":"@MODEL@","stream":@STREAM@,"max_output_tokens":400,"instructions":"Answer briefly.",\
            "input":[{"role":"user","content":[{"type":"input_text","text":"@TEXT@"}]}]}\
            """;

    private static final String MESSAGES =
            """
            {"model":"@MODEL@","stream":@STREAM@,"max_tokens":400,"system":"Answer briefly.","messages":[\
            {"role":"user","content":[{"type":"text","text":"@TEXT@"}]}]}\
            """;

    private static final String GENERATE =
            """
            {"model":"@MODEL@","stream":@STREAM@,"output":{"max_tokens":400},"system":"Answer briefly.",\
            "messages":[{"role":"user","content":"@TEXT@"}]}\
            """;

    private static final String CONTENTS =
            """
            {"systemInstruction":{"parts":[{"text":"Answer briefly."}]},"contents":[\
            {"role":"user","parts":[{"text":"@TEXT@"}]}],"generationConfig":{"maxOutputTokens":400}}\
            """;

    private static final String TOOL =
            """
            {"model":"@MODEL@","stream":@STREAM@,"thinking":{"effort":"low"},"messages":[\
            {"role":"user","content":"call get_weather for the city of Oslo"}],"tools":[\
            {"name":"get_weather","description":"The weather of a city","parameters":\
            {"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}}]}\
            """;

    private static final String SCHEMA =
            """
            {"model":"@MODEL@","stream":@STREAM@,"messages":[{"role":"user","content":"Name a city."}],\
            "output":{"schema":{"type":"object","properties":{"city":{"type":"string"}},\
            "required":["city"],"additionalProperties":false}}}\
            """;

    private static final String SEARCH =
            """
            {"model":"@MODEL@","stream":@STREAM@,"websearch":{"via":"native"},"messages":[\
            {"role":"user","content":"What is new in the city of Zürich?"}]}\
            """;

    private static final String CLASS =
            """
            {"class":"fast","stream":@STREAM@,"messages":[{"role":"user","content":"@TEXT@"}]}\
            """;

    /**
     * One request.
     *
     * @param body empty: a GET
     */
    record Lesson(String path, String body, Map<String, String> headers) {
        boolean isGet() {
            return body.isEmpty();
        }
    }

    private Lessons() {}

    /**
     * All of them.
     *
     * @param models by vendor, each as Pillion names it
     */
    static List<Lesson> of(Map<String, String> models) {
        List<Lesson> all = new ArrayList<>();
        models.values().forEach(model -> surfaces(all, model));
        counts(all, models);
        embeddings(all);
        for (boolean stream : List.of(false, true)) {
            all.add(post("/v1/generate", filled(CLASS, "", stream)));
        }
        all.add(get("/v1/models", Map.of()));
        all.add(get("/v1/models", Map.of("anthropic-version", "2023-06-01")));
        all.add(get("/v1beta/models", Map.of()));
        all.add(get("/openai/v1/models", Map.of()));
        return all;
    }

    /** A request that any vendor may answer: what one does not, another does. */
    static Lesson any() {
        return post("/v1/generate", filled(GENERATE, "any", false));
    }

    private static void surfaces(List<Lesson> all, String model) {
        String id = model.substring(model.indexOf('/') + 1);
        for (boolean stream : List.of(false, true)) {
            all.add(post("/v1/chat/completions", filled(CHAT, model, stream)));
            all.add(post("/v1/responses", filled(RESPONSES, model, stream)));
            all.add(post("/v1/messages", filled(MESSAGES, model, stream)));
            all.add(post("/v1/generate", filled(GENERATE, model, stream)));
            all.add(post("/v1/generate", filled(TOOL, model, stream)));
            all.add(post("/v1/generate", filled(SCHEMA, model, stream)));
            all.add(post("/v1/generate", filled(SEARCH, model, stream)));
            String method = stream ? ":streamGenerateContent?alt=sse" : ":generateContent";
            all.add(post("/v1beta/models/" + id + method, filled(CONTENTS, model, stream)));
        }
    }

    private static void counts(List<Lesson> all, Map<String, String> models) {
        String anthropic = models.getOrDefault("anthropic", "");
        String openai = models.getOrDefault("openai", "");
        String gemini = models.getOrDefault("gemini", "");
        all.add(
                post(
                        "/v1/messages/count_tokens",
                        "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
                                .formatted(anthropic, TEXT)));
        all.add(
                post(
                        "/v1/responses/input_tokens",
                        "{\"model\":\"%s\",\"input\":\"%s\"}".formatted(openai, TEXT)));
        all.add(
                post(
                        "/v1beta/models/"
                                + gemini.substring(gemini.indexOf('/') + 1)
                                + ":countTokens",
                        "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"%s\"}]}]}"
                                .formatted(TEXT)));
    }

    private static void embeddings(List<Lesson> all) {
        for (String model : List.of("text-embedding-3-small", "gemini-embedding-001")) {
            all.add(
                    post(
                            "/v1/embeddings",
                            "{\"model\":\"%s\",\"input\":[\"%s\"]}".formatted(model, TEXT)));
            all.add(
                    post(
                            "/v1beta/models/" + model + ":embedContent",
                            "{\"content\":{\"parts\":[{\"text\":\"%s\"}]}}".formatted(TEXT)));
        }
    }

    private static String filled(String body, String model, boolean stream) {
        return body.replace("@MODEL@", model)
                .replace("@STREAM@", Boolean.toString(stream))
                .replace("@TEXT@", TEXT);
    }

    private static Lesson post(String path, String body) {
        return new Lesson(path, body, Map.of("content-type", "application/json"));
    }

    private static Lesson get(String path, Map<String, String> headers) {
        return new Lesson(path, "", headers);
    }
}
