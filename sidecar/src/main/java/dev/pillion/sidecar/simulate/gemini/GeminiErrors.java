package dev.pillion.sidecar.simulate.gemini;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.sidecar.simulate.kit.Path;
import dev.pillion.sidecar.simulate.kit.Problem;
import dev.pillion.sidecar.simulate.kit.SchemaFlaw;
import dev.pillion.sidecar.simulate.kit.Trees;
import dev.pillion.sidecar.simulate.kit.VendorError;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The vendor's words for what is wrong. In a {@link VendorError} of this vendor {@code type} is the
 * status' name; {@code code} is what {@code details} give as the reason or the quota, and {@code
 * param} the field, or the time to wait.
 */
final class GeminiErrors {
    private static final String TYPES = "type.googleapis.com/google.rpc.";
    private static final String INVALID = "INVALID_ARGUMENT";
    private static final String SERVICE = "generativelanguage.googleapis.com";

    private GeminiErrors() {}

    static VendorError invalid(String message) {
        return new VendorError(400, INVALID, message, null, null);
    }

    /** About one field, which {@code details} repeat. */
    static VendorError field(Path path, String message) {
        return new VendorError(400, INVALID, message, written(path), null);
    }

    static VendorError wrongKey() {
        return new VendorError(
                400,
                INVALID,
                "API key not valid. Please pass a valid API key.",
                null,
                "API_KEY_INVALID");
    }

    static VendorError noKey() {
        return new VendorError(
                403,
                "PERMISSION_DENIED",
                "Method doesn't allow unregistered callers (callers without established identity)."
                        + " Please use API Key or other form of API consumer identity to call this"
                        + " API.",
                null,
                null);
    }

    static VendorError wrongToken() {
        return new VendorError(
                401,
                "UNAUTHENTICATED",
                "Request had invalid authentication credentials. Expected OAuth 2 access token,"
                        + " login cookie or other valid authentication credential.",
                null,
                "ACCESS_TOKEN_TYPE_UNSUPPORTED");
    }

    static VendorError noSuchModel(String id, String version, String method) {
        return new VendorError(
                404,
                "NOT_FOUND",
                "models/"
                        + id
                        + " is not found for API version "
                        + version
                        + ", or is not supported for "
                        + method
                        + ". Call ListModels to see the list of available models and their"
                        + " supported methods.",
                null,
                null);
    }

    static VendorError tooLong(long tokens, int limit) {
        return invalid(
                "The input token count ("
                        + tokens
                        + ") exceeds the maximum number of tokens allowed ("
                        + limit
                        + ").");
    }

    /** The error of a status; {@code wait}: what RetryInfo says, or null. */
    static VendorError usual(int status, @Nullable String wait) {
        return switch (status) {
            case 400 -> invalid("Request contains an invalid argument.");
            case 401 -> wrongToken();
            case 403 ->
                    new VendorError(
                            403,
                            "PERMISSION_DENIED",
                            "The caller does not have permission",
                            null,
                            null);
            case 404 -> noSuchModel("a-model", "v1beta", "generateContent");
            case 429 ->
                    new VendorError(
                            429,
                            "RESOURCE_EXHAUSTED",
                            "You exceeded your current quota, please check your plan and billing"
                                    + " details."
                                    + (wait == null ? "" : " Please retry in " + wait + "."),
                            wait,
                            "GenerateRequestsPerMinutePerProjectPerModel");
            case 499 ->
                    new VendorError(499, "CANCELLED", "The operation was cancelled.", null, null);
            case 503 ->
                    new VendorError(
                            503,
                            "UNAVAILABLE",
                            "The model is overloaded. Please try again later.",
                            null,
                            null);
            case 504 ->
                    new VendorError(
                            504,
                            "DEADLINE_EXCEEDED",
                            "Deadline expired before operation could complete.",
                            null,
                            null);
            default -> other(status);
        };
    }

    private static VendorError other(int status) {
        return status < 500
                ? new VendorError(status, INVALID, "Status " + status, null, null)
                : new VendorError(
                        status, "INTERNAL", "An internal error has occurred.", null, null);
    }

    static VendorError of(Problem problem) {
        var path = written(problem.path());
        var message =
                switch (problem.kind()) {
                    case MISSING ->
                            "* GenerateContentRequest." + path + ": required field is not set";
                    case UNKNOWN_FIELD -> unknown(problem.path());
                    case WRONG_TYPE, WRONG_VALUE, WRONG_TAG ->
                            "Invalid value at '"
                                    + path
                                    + "' ("
                                    + problem.expectation()
                                    + "), "
                                    + problem.got();
                    case TOO_SMALL, TOO_LARGE, TOO_SHORT, TOO_LONG, PATTERN ->
                            "* GenerateContentRequest."
                                    + path
                                    + ": value is out of range or malformed, limit "
                                    + problem.expectation();
                };
        return field(problem.path(), message);
    }

    private static String unknown(Path path) {
        var parent = path.parent();
        var where =
                parent == null || parent.parent() == null ? "" : " at '" + written(parent) + "'";
        return "Invalid JSON payload received. Unknown name \""
                + path.segment()
                + "\""
                + where
                + ": Cannot find field.";
    }

    static VendorError unknownName(Path path) {
        return field(path, unknown(path));
    }

    static VendorError of(SchemaFlaw flaw) {
        return field(
                flaw.path(),
                "* GenerateContentRequest."
                        + written(flaw.path())
                        + ": schema is not supported: "
                        + flaw.word());
    }

    /** {@code generation_config.response_schema}, as messages have it. */
    static String written(Path path) {
        return ProtoJson.snake(path.bracketed());
    }

    static ObjectNode body(VendorError error) {
        var body = Trees.object();
        var told =
                body.putObject("error")
                        .put("code", error.status())
                        .put("message", error.message())
                        .put("status", error.type());
        var details = details(error);
        if (!details.isEmpty()) {
            told.set("details", details);
        }
        return body;
    }

    private static ArrayNode details(VendorError error) {
        var details = Trees.array();
        var code = error.code();
        var param = error.param();
        if (error.status() == 429) {
            quota(details, code == null ? "" : code);
            if (param != null) {
                details.addObject().put("@type", TYPES + "RetryInfo").put("retryDelay", param);
            }
        } else if (code != null) {
            details.addObject()
                    .put("@type", TYPES + "ErrorInfo")
                    .put("reason", code)
                    .put("domain", "googleapis.com")
                    .putObject("metadata")
                    .put("service", SERVICE);
            details.addObject()
                    .put("@type", TYPES + "LocalizedMessage")
                    .put("locale", "en-US")
                    .put("message", error.message());
        } else if (param != null) {
            details.addObject()
                    .put("@type", TYPES + "BadRequest")
                    .putArray("fieldViolations")
                    .addObject()
                    .put("field", param)
                    .put("description", error.message());
        }
        return details;
    }

    private static void quota(ArrayNode details, String id) {
        details.addObject()
                .put("@type", TYPES + "Help")
                .putArray("links")
                .addObject()
                .put("description", "Learn more about Gemini API quotas")
                .put("url", "https://ai.google.dev/gemini-api/docs/rate-limits");
        var violation =
                details.addObject()
                        .put("@type", TYPES + "QuotaFailure")
                        .putArray("violations")
                        .addObject()
                        .put("quotaMetric", SERVICE + "/generate_content_paid_tier_requests")
                        .put("quotaId", id);
        violation.putObject("quotaDimensions").put("model", "a-model").put("location", "global");
        violation.put("quotaValue", "300");
    }

    /** What a refusal of a stream without {@code alt=sse} looks like. */
    static String listed(VendorError error) {
        return "[" + body(error).toPrettyString() + "\n]";
    }

    /** For a list of choices in a message. */
    static String choices(List<String> values) {
        return String.join(", ", values);
    }
}
