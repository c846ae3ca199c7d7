package dev.pillion.sidecar;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.corpus.AnthropicMessages;
import dev.pillion.adapters.corpus.AnthropicRules;
import dev.pillion.adapters.corpus.ChatReading;
import dev.pillion.adapters.corpus.Corpus;
import dev.pillion.adapters.corpus.EmbeddingRules;
import dev.pillion.adapters.corpus.GeminiAnswers;
import dev.pillion.adapters.corpus.GeminiReading;
import dev.pillion.adapters.corpus.GeminiRules;
import dev.pillion.adapters.corpus.Meaning;
import dev.pillion.adapters.corpus.OpenAiRules;
import dev.pillion.adapters.corpus.Recording;
import dev.pillion.adapters.corpus.ResponsesAnswers;
import dev.pillion.adapters.corpus.ResponsesRules;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** An endpoint that is served: its recordings, and how its requests and answers are read. */
final class RecordedEndpoint {
    static final RecordedEndpoint ANTHROPIC_MESSAGES =
            new RecordedEndpoint(
                    "anthropic",
                    "messages",
                    "anthropic",
                    AnthropicRules.REQUEST,
                    AnthropicRules.REPLY,
                    RecordedEndpoint::message);

    static final RecordedEndpoint ANTHROPIC_COUNT =
            new RecordedEndpoint(
                    "anthropic",
                    "count_tokens",
                    "anthropic",
                    AnthropicRules.REQUEST,
                    List.of(),
                    Recording::body);

    static final RecordedEndpoint OPENAI_CHAT =
            new RecordedEndpoint(
                    "openai",
                    "chat.completions",
                    "house",
                    OpenAiRules.REQUEST,
                    List.of(),
                    ChatReading::of);

    static final RecordedEndpoint OPENAI_RESPONSES =
            new RecordedEndpoint(
                    "openai",
                    "responses",
                    "openai",
                    ResponsesRules.REQUEST,
                    List.of(),
                    RecordedEndpoint::response);

    static final RecordedEndpoint OPENAI_COUNT =
            new RecordedEndpoint(
                    "openai",
                    "count_tokens",
                    "openai",
                    ResponsesRules.REQUEST,
                    List.of(),
                    Recording::body);

    static final RecordedEndpoint OPENAI_EMBEDDINGS =
            new RecordedEndpoint(
                    "openai",
                    "embeddings",
                    "openai",
                    EmbeddingRules.OPENAI_REQUEST,
                    List.of(),
                    RecordedEndpoint::vectors);

    static final RecordedEndpoint GEMINI_GENERATE =
            new RecordedEndpoint(
                    "gemini",
                    "generateContent",
                    "gemini",
                    GeminiRules.REQUEST,
                    List.of(),
                    RecordedEndpoint::gemini);

    static final RecordedEndpoint GEMINI_STREAM =
            new RecordedEndpoint(
                    "gemini",
                    "streamGenerateContent",
                    "gemini",
                    GeminiRules.REQUEST,
                    List.of(),
                    RecordedEndpoint::gemini);

    static final RecordedEndpoint GEMINI_COUNT =
            new RecordedEndpoint(
                    "gemini",
                    "count_tokens",
                    "gemini",
                    EmbeddingRules.GEMINI_COUNT,
                    List.of(),
                    Recording::body);

    static final RecordedEndpoint GEMINI_EMBEDDINGS =
            new RecordedEndpoint(
                    "gemini",
                    "embeddings",
                    "gemini",
                    EmbeddingRules.GEMINI_REQUEST,
                    List.of(),
                    RecordedEndpoint::vectors);

    /** What xAI answers on its older API, to clients of a server that speaks nothing else. */
    static final RecordedEndpoint XAI_CHAT =
            new RecordedEndpoint(
                    "xai",
                    "chat.completions",
                    "house",
                    OpenAiRules.REQUEST,
                    List.of(),
                    ChatReading::of);

    private final String file;
    private final String endpoint;
    private final String translator;
    private final Meaning requests;
    private final Meaning answers;
    private final Function<Recording, JsonNode> reading;
    private List<Recording> recordings;

    private RecordedEndpoint(
            String file,
            String endpoint,
            String translator,
            List<Meaning.Rule> requests,
            List<Meaning.Rule> answers,
            Function<Recording, JsonNode> reading) {
        this.file = file;
        this.endpoint = endpoint;
        this.translator = translator;
        this.requests = new Meaning(requests);
        this.answers = new Meaning(answers);
        this.reading = reading;
    }

    static List<RecordedEndpoint> all() {
        return List.of(
                ANTHROPIC_MESSAGES,
                ANTHROPIC_COUNT,
                OPENAI_CHAT,
                OPENAI_RESPONSES,
                OPENAI_COUNT,
                OPENAI_EMBEDDINGS,
                GEMINI_GENERATE,
                GEMINI_STREAM,
                GEMINI_COUNT,
                GEMINI_EMBEDDINGS,
                XAI_CHAT);
    }

    /** Those with a body, in their order; read once. */
    synchronized List<Recording> recordings() {
        if (recordings == null) {
            recordings =
                    Corpus.read(file + ".jsonl", endpoint).stream()
                            .filter(r -> r.requestBody() != null && r.requestBody().isObject())
                            .toList();
        }
        return recordings;
    }

    /**
     * The provider that is asked.
     *
     * @param translated whether by translation: a server that is asked in this format alone then
     */
    String provider(boolean translated) {
        return translated || this == XAI_CHAT ? translator : file;
    }

    /** How the request reached the vendor otherwise than it was meant. */
    List<String> requestDiffers(Recording recording, byte[] sent) {
        JsonNode body = Corpus.json(sent);
        List<String> found = new ArrayList<>(requests.differences(recording.requestBody(), body));
        if (!recording.requestBody().has("model")) {
            found.removeIf(difference -> difference.startsWith("/model: nothing"));
        }
        if (translator.equals("house")) {
            // Hints to OpenAI's own cache, which change no answer.
            found.removeIf(difference -> difference.startsWith("/prompt_cache_"));
        }
        return found;
    }

    /** How the answer reached the client otherwise than it was meant. */
    List<String> answerDiffers(Recording recording, byte[] got) {
        String text = new String(got, StandardCharsets.UTF_8);
        boolean stream = recording.isStream();
        JsonNode body = stream ? null : Corpus.json(text);
        var answer =
                new Recording(
                        recording.id(),
                        recording.provider(),
                        recording.endpoint(),
                        recording.path(),
                        recording.requestHeaders(),
                        recording.requestBody(),
                        200,
                        recording.replyHeaders(),
                        body,
                        stream ? text : null,
                        recording.tags());
        List<String> found =
                new ArrayList<>(
                        answers.differences(reading.apply(recording), reading.apply(answer)));
        if (endpoint.equals("chat.completions")) {
            found.removeIf(RecordedEndpoint::isUntold);
        }
        return found;
    }

    /**
     * How it ended and what it used, where one side does not tell: old answers, streams whose
     * client did not ask; nor is told how much was cached by whoever counts that beside the prompt.
     */
    private static boolean isUntold(String difference) {
        return difference.startsWith("/finish: \"\"")
                || difference.matches("/(input|output|cached): (0 became .*|.* became 0)")
                || difference.startsWith("/cached: ");
    }

    /** The model is named as it is in the catalog. */
    private static JsonNode message(Recording recording) {
        return AnthropicMessages.of(recording).without("model");
    }

    private static JsonNode gemini(Recording recording) {
        ObjectNode read = GeminiReading.of(GeminiAnswers.chunks(recording));
        if (read.at("/usage/total").asLong() == 0) {
            read.remove("usage"); // What a vendor does not count is estimated.
        }
        return read;
    }

    private static JsonNode response(Recording recording) {
        ObjectNode read = ResponsesAnswers.expected(ResponsesAnswers.response(recording));
        read.remove(List.of("id", "model"));
        // Its own tests look at state, which is sealed for the client; the tier is echoed.
        read.path("parts").forEach(part -> ((ObjectNode) part).remove("state"));
        ((ObjectNode) read.path("usage")).remove("tier");
        return read;
    }

    private static JsonNode vectors(Recording recording) {
        ObjectNode read = (ObjectNode) Corpus.json("{}");
        var all = read.putArray("vectors");
        for (float[] vector : EmbeddingRules.vectors(recording.body())) {
            var one = all.addArray();
            for (float value : vector) {
                one.add(value);
            }
        }
        read.set("usage", recording.body().path("usage"));
        return read;
    }

    @Override
    public String toString() {
        return file + " " + endpoint;
    }
}
