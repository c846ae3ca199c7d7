package dev.pillion.sidecar.simulate.gemini;

import static dev.pillion.sidecar.simulate.kit.Shape.TEXT;
import static dev.pillion.sidecar.simulate.kit.Shape.choice;
import static dev.pillion.sidecar.simulate.kit.Shape.items;
import static dev.pillion.sidecar.simulate.kit.Shape.must;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.sidecar.simulate.gemini.GeminiModel.Skill;
import dev.pillion.sidecar.simulate.kit.Ask;
import dev.pillion.sidecar.simulate.kit.Path;
import dev.pillion.sidecar.simulate.kit.Shape.Fields;
import dev.pillion.sidecar.simulate.kit.Shape.Whole;
import dev.pillion.sidecar.simulate.kit.Tokens;
import dev.pillion.sidecar.simulate.kit.Trees;
import dev.pillion.sidecar.simulate.kit.Vectors;
import dev.pillion.sidecar.simulate.kit.VendorError;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** embedContent and batchEmbedContents. The same text always has the same vector. */
final class Embeddings {
    private static final int DIMENSIONS = 3_072;
    private static final int MIN_DIMENSIONS = 128;
    private static final int MAX_BATCH = 100;
    private static final Fields ONE =
            must("content", PartShapes.CONTENT)
                    .may("model", TEXT)
                    .may(
                            "taskType",
                            choice(
                                    "TASK_TYPE_UNSPECIFIED",
                                    "RETRIEVAL_QUERY",
                                    "RETRIEVAL_DOCUMENT",
                                    "SEMANTIC_SIMILARITY",
                                    "CLASSIFICATION",
                                    "CLUSTERING",
                                    "QUESTION_ANSWERING",
                                    "FACT_VERIFICATION",
                                    "CODE_RETRIEVAL_QUERY"))
                    .may("title", TEXT)
                    .may("outputDimensionality", new Whole(MIN_DIMENSIONS, DIMENSIONS));
    private static final Fields BATCH =
            must("requests", items(ONE.must("model", TEXT), 1, MAX_BATCH));

    private Embeddings() {}

    /** An answer, or the error that it could not be given for. */
    record Outcome(ObjectNode body, @Nullable VendorError error) {}

    static Outcome answer(Ask ask, Route route, GeminiModel model) {
        boolean batch = route.method().equals("batchEmbedContents");
        var read = GeminiValidator.read(ask, batch ? BATCH : ONE);
        if (read.error() != null) {
            return new Outcome(Trees.object(), read.error());
        }
        var requests = batch ? Trees.items(read.body().get("requests")) : List.of(read.body());
        for (int i = 0; i < requests.size(); i++) {
            var path = batch ? Path.ROOT.field("requests").item(i) : Path.ROOT;
            var error = broken(requests.get(i), route, model, path);
            if (error != null) {
                return new Outcome(Trees.object(), error);
            }
        }
        return new Outcome(body(requests, model, batch), null);
    }

    private static @Nullable VendorError broken(
            JsonNode request, Route route, GeminiModel model, Path path) {
        var named = Trees.string(request, "model", "models/" + route.model());
        if (!named.equals("models/" + route.model())) {
            return GeminiErrors.field(
                    path.field("model"), "The model of a request must be that of the call.");
        }
        var parts = request.path("content").path("parts");
        if (parts.isEmpty()) {
            return GeminiErrors.field(
                    path.field("content"), "* EmbedContentRequest.content: empty Part");
        }
        for (var part : parts) {
            boolean media = part.has("inlineData") || part.has("fileData");
            if (media ? !model.can(Skill.EMBED_MEDIA) : !part.has("text")) {
                return GeminiErrors.field(
                        path.field("content"), "The model does not support this kind of part.");
            }
        }
        boolean titled = !Trees.string(request, "title", "").isEmpty();
        boolean document = Trees.string(request, "taskType", "").equals("RETRIEVAL_DOCUMENT");
        return titled && !document
                ? GeminiErrors.field(
                        path.field("title"),
                        "title can only be set when task_type is RETRIEVAL_DOCUMENT")
                : null;
    }

    private static ObjectNode body(List<JsonNode> requests, GeminiModel model, boolean batch) {
        var body = Trees.object();
        int tokens = 0;
        var list = batch ? body.putArray("embeddings") : Trees.array();
        for (var request : requests) {
            list.add(vector(request));
            tokens += Tokens.of(request.path("content").path("parts"));
        }
        if (!batch) {
            body.set("embedding", list.get(0));
        }
        if (model.can(Skill.EMBED_MEDIA)) {
            var usage = body.putObject("usageMetadata").put("promptTokenCount", tokens);
            usage.set("promptTokenDetails", GeminiUsage.details(tokens, 0));
        }
        return body;
    }

    /** Of length 1 in all its dimensions; one that is cut is not made longer again. */
    private static ObjectNode vector(JsonNode request) {
        var text = new StringBuilder();
        for (var part : request.path("content").path("parts")) {
            text.append(part.has("text") ? part.path("text").asText() : part.toString());
        }
        var numbers = Vectors.of(text.toString(), DIMENSIONS);
        var embedding = Trees.object();
        var values = embedding.putArray("values");
        int wanted = request.path("outputDimensionality").asInt(DIMENSIONS);
        for (int i = 0; i < wanted; i++) {
            values.add(numbers[i]);
        }
        return embedding;
    }
}
