package dev.pillion.sidecar.simulate.openai;

import static dev.pillion.sidecar.simulate.kit.Shape.FILLED;
import static dev.pillion.sidecar.simulate.kit.Shape.TEXT;
import static dev.pillion.sidecar.simulate.kit.Shape.choice;
import static dev.pillion.sidecar.simulate.kit.Shape.either;
import static dev.pillion.sidecar.simulate.kit.Shape.items;
import static dev.pillion.sidecar.simulate.kit.Shape.must;
import static dev.pillion.sidecar.simulate.kit.Shape.orNull;
import static dev.pillion.sidecar.simulate.openai.OpenAiErrors.invalid;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.sidecar.simulate.kit.Ask;
import dev.pillion.sidecar.simulate.kit.Rule;
import dev.pillion.sidecar.simulate.kit.Shape;
import dev.pillion.sidecar.simulate.kit.Shape.Whole;
import dev.pillion.sidecar.simulate.kit.ShapeCheck;
import dev.pillion.sidecar.simulate.kit.Tokens;
import dev.pillion.sidecar.simulate.kit.Trees;
import dev.pillion.sidecar.simulate.kit.VendorError;
import dev.pillion.sidecar.simulate.kit.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@code POST /v1/embeddings} takes (OpenAPI document 2.3.0, 2026-08-21). */
final class EmbeddingRules {
    private static final int MAX_TOKENS = 8_192;
    private static final int MAX_ALL_TOKENS = 300_000;
    private static final int MAX_ENTRIES = 2_048;
    private static final Shape TOKEN = new Whole(0, 1_000_000);
    private static final Shape ENTRY = either(TEXT, TOKEN, items(TOKEN, 1, MAX_TOKENS));
    private static final Shape REQUEST =
            must("model", FILLED)
                    .must("input", either(TEXT, items(ENTRY, 1, 1_000_000)))
                    .may("dimensions", orNull(new Whole(1, 100_000)))
                    .may("encoding_format", orNull(choice("float", "base64")))
                    .may("user", orNull(TEXT));
    private static final Map<String, Model> MODELS =
            Map.of(
                    "text-embedding-3-small", new Model("text-embedding-3-small", 1_536, true),
                    "text-embedding-3-large", new Model("text-embedding-3-large", 3_072, true),
                    "text-embedding-ada-002", new Model("text-embedding-ada-002-v2", 1_536, false));
    private static final List<Rule<Request>> RULES =
            List.of(EmbeddingRules::entries, EmbeddingRules::lengths, EmbeddingRules::dimensions);

    private EmbeddingRules() {}

    /**
     * A model of embeddings.
     *
     * @param answers the name it answers with
     * @param shortens whether fewer dimensions may be asked for
     */
    record Model(String answers, int dimensions, boolean shortens) {}

    /** A request whose shape is right; the entries are strings, or arrays of tokens. */
    record Request(JsonNode body, Model model, List<JsonNode> entries) {
        static Request of(JsonNode body, Model model) {
            var input = body.path("input");
            boolean single = input.isTextual() || input.path(0).isIntegralNumber();
            return new Request(body, model, single ? List.of(input) : Trees.items(input));
        }

        int dimensions() {
            return body.path("dimensions").asInt(model.dimensions());
        }

        int promptTokens() {
            return entries.stream().mapToInt(EmbeddingRules::tokens).sum();
        }
    }

    static Verdict<Request> check(Ask ask) {
        return switch (JsonBodies.read(ask)) {
            case Verdict.Bad(var error) -> new Verdict.Bad<>(error);
            case Verdict.Good(var body) -> check(body);
        };
    }

    private static Verdict<Request> check(JsonNode body) {
        var problem = ShapeCheck.check(body, REQUEST);
        if (problem != null) {
            return new Verdict.Bad<>(OpenAiErrors.of(problem));
        }
        var id = Trees.string(body, "model", "");
        var model = MODELS.get(id);
        return model == null
                ? new Verdict.Bad<>(OpenAiErrors.noSuchModel(id))
                : Rule.judge(Request.of(body, model), RULES);
    }

    private static int tokens(JsonNode entry) {
        return entry.isArray() ? entry.size() : Tokens.of(entry.asText());
    }

    private static @Nullable VendorError entries(Request request) {
        if (request.entries().size() > MAX_ENTRIES) {
            return invalid(
                    "Invalid 'input': array too long. Expected an array with maximum length 2048,"
                            + " but got an array with length "
                            + request.entries().size()
                            + " instead.",
                    "input",
                    "array_above_max_length");
        }
        var kinds = new ArrayList<Boolean>();
        for (var entry : request.entries()) {
            if (entry.isIntegralNumber()) {
                return invalidInput();
            }
            kinds.add(entry.isTextual());
        }
        boolean mixed = kinds.contains(true) && kinds.contains(false);
        return mixed ? invalidInput() : null;
    }

    private static VendorError invalidInput() {
        return invalid("'$.input' is invalid. Please check the API reference.", null, null);
    }

    private static @Nullable VendorError lengths(Request request) {
        for (var entry : request.entries()) {
            if (tokens(entry) > MAX_TOKENS) {
                return invalid(
                        "This model's maximum context length is 8192 tokens, however you requested "
                                + tokens(entry)
                                + " tokens. Please reduce your prompt; or completion length.",
                        null,
                        null);
            }
        }
        return request.promptTokens() > MAX_ALL_TOKENS
                ? invalid(
                        "Requested "
                                + request.promptTokens()
                                + " tokens, max 300000 tokens per request",
                        null,
                        "max_tokens_per_request")
                : null;
    }

    private static @Nullable VendorError dimensions(Request request) {
        if (!Trees.has(request.body(), "dimensions")) {
            return null;
        }
        if (!request.model().shortens()) {
            return invalid("This model does not support specifying dimensions.", null, null);
        }
        return request.dimensions() > request.model().dimensions()
                ? invalid(
                        "Invalid value for 'dimensions' = "
                                + request.dimensions()
                                + ". Must be less than or equal to "
                                + request.model().dimensions()
                                + ".",
                        "dimensions",
                        null)
                : null;
    }
}
