package dev.pillion.sidecar.simulate.anthropic;

import dev.pillion.sidecar.simulate.kit.Problem;
import dev.pillion.sidecar.simulate.kit.SchemaFlaw;
import dev.pillion.sidecar.simulate.kit.Trees;
import dev.pillion.sidecar.simulate.kit.VendorError;
import java.util.List;
import java.util.Map;

/** The vendor's words for what is wrong. */
final class AnthropicErrors {
    private static final Map<Integer, String> TYPES =
            Map.ofEntries(
                    Map.entry(400, "invalid_request_error"),
                    Map.entry(401, "authentication_error"),
                    Map.entry(402, "billing_error"),
                    Map.entry(403, "permission_error"),
                    Map.entry(404, "not_found_error"),
                    Map.entry(409, "conflict_error"),
                    Map.entry(413, "request_too_large"),
                    Map.entry(429, "rate_limit_error"),
                    Map.entry(500, "api_error"),
                    Map.entry(504, "timeout_error"),
                    Map.entry(529, "overloaded_error"));
    private static final Map<Integer, String> MESSAGES =
            Map.of(
                    401, "invalid x-api-key",
                    429, "This request would exceed your organization's rate limit.",
                    500, "Internal server error",
                    504, "Request timed out",
                    529, "Overloaded");

    private AnthropicErrors() {}

    static VendorError usual(int status) {
        var type = TYPES.getOrDefault(status, status < 500 ? "invalid_request_error" : "api_error");
        return new VendorError(
                status, type, MESSAGES.getOrDefault(status, "Status " + status), null, null);
    }

    static VendorError invalid(String message) {
        return new VendorError(400, "invalid_request_error", message, null, null);
    }

    static VendorError notFound(String message) {
        return new VendorError(404, "not_found_error", message, null, null);
    }

    static VendorError tooLong(int tokens, int limit) {
        return invalid("prompt is too long: " + tokens + " tokens > " + limit + " maximum");
    }

    static VendorError of(Problem problem) {
        var path = problem.path().dotted();
        if (problem.kind() == Problem.Kind.WRONG_TAG) {
            var parent = problem.path().parent();
            return invalid(
                    (parent == null ? path : parent.dotted())
                            + ": Input tag '"
                            + got(problem)
                            + "' found using 'type' does not match any of the expected tags: "
                            + quoted(problem.expected(), ", "));
        }
        return invalid((path.isEmpty() ? "body" : path) + ": " + words(problem));
    }

    private static String words(Problem problem) {
        var limit = problem.expectation();
        return switch (problem.kind()) {
            case MISSING -> "Field required";
            case UNKNOWN_FIELD -> "Extra inputs are not permitted";
            case WRONG_TYPE -> "Input should be a valid " + kinds(problem);
            case WRONG_VALUE, WRONG_TAG -> "Input should be " + quoted(problem.expected(), " or ");
            case TOO_SMALL -> "Input should be greater than or equal to " + limit;
            case TOO_LARGE -> "Input should be less than or equal to " + limit;
            case TOO_SHORT -> thing(problem) + " should have at least " + limit;
            case TOO_LONG -> thing(problem) + " should have at most " + limit;
            case PATTERN -> "String should match pattern '^" + limit + "$'";
        };
    }

    private static String kinds(Problem problem) {
        return String.join(
                " or ",
                problem.expected().stream()
                        .map(kind -> kind.equals("array") ? "list" : kind)
                        .map(kind -> kind.equals("object") ? "dictionary" : kind)
                        .toList());
    }

    private static String thing(Problem problem) {
        var got = problem.got();
        return got != null && got.isArray() ? "List" : "String";
    }

    private static String got(Problem problem) {
        var got = problem.got();
        return got == null ? "" : got.asText();
    }

    private static String quoted(List<String> values, String between) {
        return String.join(between, values.stream().map(value -> "'" + value + "'").toList());
    }

    static VendorError of(SchemaFlaw flaw) {
        var path = flaw.path().dotted();
        return invalid(
                path
                        + ": "
                        + switch (flaw.kind()) {
                            case MALFORMED ->
                                    "JSON schema is invalid. It must match JSON Schema draft"
                                            + " 2020-12";
                            case ROOT_NOT_OBJECT -> "type: Input should be 'object'";
                            case KEYWORD -> "property '" + flaw.word() + "' is not supported";
                            case OPEN_OBJECT ->
                                    "For 'object' type, 'additionalProperties' must be explicitly"
                                            + " set to false";
                            case NOT_REQUIRED -> "'" + flaw.word() + "' is not required";
                            case FORMAT -> "string format '" + flaw.word() + "' is not supported";
                            case MIN_ITEMS -> "For 'array' type, 'minItems' must be 0 or 1";
                            case RECURSION -> "Circular reference detected: " + flaw.word();
                            case DANGLING_REF -> "Unresolvable reference: " + flaw.word();
                            case TOO_MANY_OPTIONAL ->
                                    "Schemas contains too many optional parameters ("
                                            + flaw.word()
                                            + "), which would make grammar compilation"
                                            + " inefficient (limit: 24)";
                            case TOO_MANY_PROPERTIES, TOO_MANY_ENUM_VALUES, TOO_DEEP ->
                                    "Schema is too complex";
                        });
    }

    /** The error as it stands in a body or an event. */
    static String body(VendorError error, String requestId) {
        var body = Trees.object().put("type", "error");
        var inner = body.putObject("error").put("type", error.type());
        inner.put("message", error.message());
        if (error.code() != null) {
            inner.putObject("details").put("error_code", error.code()).putArray("unsupported");
        }
        return Trees.write(body.put("request_id", requestId));
    }
}
