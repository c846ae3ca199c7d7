package dev.pillion.sidecar.simulate.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.sidecar.simulate.kit.Problem;
import dev.pillion.sidecar.simulate.kit.SchemaFlaw;
import dev.pillion.sidecar.simulate.kit.Trees;
import dev.pillion.sidecar.simulate.kit.VendorError;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The vendor's words for what is wrong. */
final class OpenAiErrors {
    private static final String INVALID = "invalid_request_error";

    private OpenAiErrors() {}

    static VendorError invalid(String message, @Nullable String param, @Nullable String code) {
        return new VendorError(400, INVALID, message, param, code);
    }

    static VendorError unsupportedParameter(String name) {
        return invalid(
                "Unsupported parameter: '" + name + "' is not supported with this model.",
                name,
                "unsupported_parameter");
    }

    static VendorError unsupportedValue(String name, String value) {
        return invalid(
                "Unsupported value: '" + name + "' does not support " + value + " with this model.",
                name,
                "unsupported_value");
    }

    static VendorError noSuchModel(String id) {
        return new VendorError(
                404,
                INVALID,
                "The model `" + id + "` does not exist or you do not have access to it.",
                null,
                "model_not_found");
    }

    static VendorError tooLong(int tokens, int limit) {
        return invalid(
                "This model's maximum context length is "
                        + limit
                        + " tokens. However, your messages resulted in "
                        + tokens
                        + " tokens. Please reduce the length of the messages.",
                "messages",
                "context_length_exceeded");
    }

    /** The same on Responses. */
    static VendorError inputTooLong() {
        return invalid(
                "Your input exceeds the context window of this model. Please adjust your input and"
                        + " try again.",
                "input",
                "context_length_exceeded");
    }

    static VendorError notFound(String message, @Nullable String param) {
        return new VendorError(404, INVALID, message, param, null);
    }

    static VendorError wrongKey(String key) {
        var shown =
                key.length() < 8
                        ? key
                        : key.substring(0, 4) + "****" + key.substring(key.length() - 4);
        return new VendorError(
                401,
                INVALID,
                "Incorrect API key provided: "
                        + shown
                        + ". You can find your API key at"
                        + " https://platform.openai.com/account/api-keys.",
                null,
                "invalid_api_key");
    }

    static VendorError noKey() {
        return new VendorError(
                401,
                INVALID,
                "You didn't provide an API key. You need to provide your API key in an"
                        + " Authorization header using Bearer auth (i.e. Authorization: Bearer"
                        + " YOUR_KEY).",
                null,
                null);
    }

    static VendorError usual(int status) {
        return switch (status) {
            case 401 -> noKey();
            case 402, 403 ->
                    new VendorError(status, INVALID, "You are not allowed to do this.", null, null);
            case 404 -> noSuchModel("a-model");
            case 429 ->
                    new VendorError(
                            429,
                            "requests",
                            "Rate limit reached for requests. Please try again in 1s.",
                            null,
                            "rate_limit_exceeded");
            case 503 ->
                    new VendorError(
                            503,
                            "service_unavailable_error",
                            "The server is overloaded or not ready yet.",
                            null,
                            "server_is_overloaded");
            default ->
                    status < 500
                            ? new VendorError(status, INVALID, "Status " + status, null, null)
                            : new VendorError(
                                    status,
                                    "server_error",
                                    "The server had an error while processing your request. Sorry"
                                            + " about that!",
                                    null,
                                    null);
        };
    }

    static VendorError of(Problem problem) {
        var path = problem.path().bracketed();
        return switch (problem.kind()) {
            case MISSING ->
                    invalid(
                            "Missing required parameter: '" + path + "'.",
                            path,
                            "missing_required_parameter");
            case UNKNOWN_FIELD ->
                    invalid("Unknown parameter: '" + path + "'.", path, "unknown_parameter");
            case WRONG_TYPE ->
                    invalid(
                            "Invalid type for '"
                                    + path
                                    + "': expected "
                                    + a(problem.expectation().replace(", ", " or "))
                                    + ", but got "
                                    + a(kind(problem.got()))
                                    + " instead.",
                            path,
                            "invalid_type");
            case WRONG_VALUE, WRONG_TAG ->
                    invalid(
                            "Invalid value: '"
                                    + shown(problem.got())
                                    + "'. Supported values are: "
                                    + quoted(problem.expected())
                                    + ".",
                            path,
                            "invalid_value");
            case TOO_SMALL, TOO_LARGE, TOO_SHORT, TOO_LONG, PATTERN -> range(problem, path);
        };
    }

    private static VendorError range(Problem problem, String path) {
        var limit = problem.expectation();
        var got = problem.got();
        boolean array = got != null && got.isArray();
        return switch (problem.kind()) {
            case TOO_SMALL ->
                    invalid(
                            "Invalid '"
                                    + path
                                    + "': value below minimum. Expected a value >= "
                                    + limit
                                    + ", but got "
                                    + shown(got)
                                    + " instead.",
                            path,
                            "integer_below_min_value");
            case TOO_LARGE ->
                    invalid(
                            "Invalid '"
                                    + path
                                    + "': value above maximum. Expected a value <= "
                                    + limit
                                    + ", but got "
                                    + shown(got)
                                    + " instead.",
                            path,
                            "integer_above_max_value");
            case TOO_SHORT ->
                    invalid(
                            "Invalid '"
                                    + path
                                    + (array ? "': empty array." : "': empty string.")
                                    + " Expected a minimum length of "
                                    + limit
                                    + ".",
                            path,
                            array ? "empty_array" : "empty_string");
            case TOO_LONG ->
                    invalid(
                            "Invalid '"
                                    + path
                                    + "': too long. Expected a maximum length of "
                                    + limit
                                    + ".",
                            path,
                            array ? "array_above_max_length" : "string_above_max_length");
            default ->
                    invalid(
                            "Invalid '"
                                    + path
                                    + "': string does not match pattern. Expected a string that"
                                    + " matches the pattern '^"
                                    + limit
                                    + "$'.",
                            path,
                            "invalid_value");
        };
    }

    /**
     * @param subject {@code response_format 'NAME'} or {@code function 'NAME'}
     */
    static VendorError of(SchemaFlaw flaw, String subject, String param, @Nullable String code) {
        var context = "In context=(" + flaw.path().dotted().replace('.', ',') + "), ";
        var words =
                switch (flaw.kind()) {
                    case MALFORMED ->
                            "'" + flaw.word() + "' is not valid under any of the schemas.";
                    case ROOT_NOT_OBJECT ->
                            "schema must be a JSON Schema of 'type: \"object\"', got '"
                                    + flaw.word()
                                    + "'.";
                    case KEYWORD -> "'" + flaw.word() + "' is not permitted.";
                    case OPEN_OBJECT ->
                            "'additionalProperties' is required to be supplied and to be false.";
                    case NOT_REQUIRED ->
                            "'required' is required to be supplied and to be an array including"
                                    + " every key in properties. Missing '"
                                    + flaw.word()
                                    + "'.";
                    case FORMAT -> "'" + flaw.word() + "' is not a valid format.";
                    case MIN_ITEMS -> "'minItems' is not permitted.";
                    case RECURSION, DANGLING_REF ->
                            "reference can only point to definitions: " + flaw.word();
                    case TOO_MANY_OPTIONAL, TOO_MANY_PROPERTIES -> "too many object properties.";
                    case TOO_MANY_ENUM_VALUES -> "too many enum values.";
                    case TOO_DEEP -> "schema exceeds the maximum nesting depth of 10 levels.";
                };
        return invalid("Invalid schema for " + subject + ": " + context + words, param, code);
    }

    private static String a(String kind) {
        boolean vowel = "aeiou".indexOf(kind.charAt(0)) >= 0;
        return (vowel ? "an " : "a ") + kind;
    }

    private static String kind(@Nullable JsonNode got) {
        if (got == null || got.isNull()) {
            return "null";
        }
        if (got.isIntegralNumber()) {
            return "integer";
        }
        if (got.isNumber()) {
            return "decimal";
        }
        if (got.isTextual()) {
            return "string";
        }
        return got.isBoolean() ? "boolean" : got.isArray() ? "array" : "object";
    }

    private static String shown(@Nullable JsonNode got) {
        return got == null ? "" : got.asText();
    }

    private static String quoted(List<String> values) {
        return String.join(", ", values.stream().map(value -> "'" + value + "'").toList());
    }

    static String body(VendorError error) {
        return Trees.write(Trees.object().set("error", inner(error)));
    }

    /** An error inside a stream of Responses: nested, as it really comes, not as documented. */
    static String event(VendorError error, int sequenceNumber) {
        var event = Trees.object().put("type", "error").put("sequence_number", sequenceNumber);
        return Trees.write(event.set("error", inner(error)));
    }

    private static ObjectNode inner(VendorError error) {
        return Trees.object()
                .put("message", error.message())
                .put("type", error.type())
                .put("param", error.param())
                .put("code", error.code());
    }
}
