package dev.pillion.sidecar.simulate.xai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.sidecar.simulate.kit.Problem;
import dev.pillion.sidecar.simulate.kit.SchemaFlaw;
import dev.pillion.sidecar.simulate.kit.Trees;
import dev.pillion.sidecar.simulate.kit.VendorError;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The vendor's words, in its three shapes: an object where the type says more than nothing, a code
 * beside a text where there is a code, otherwise only a text.
 */
final class XaiErrors {
    private static final String ARGUMENT = "invalid-argument";

    private XaiErrors() {}

    static VendorError invalid(String message) {
        return new VendorError(400, "", message, null, ARGUMENT);
    }

    static VendorError unsupported(String model, String parameter) {
        return invalid("Model " + model + " does not support parameter " + parameter + ".");
    }

    static VendorError noSuchModel(String id) {
        return new VendorError(
                404,
                "",
                "The model "
                        + id
                        + " does not exist or your team does not have access to it. Please ensure"
                        + " you're using the correct API key.",
                null,
                "not-found");
    }

    static VendorError tooLong(int tokens, int limit) {
        return invalid(
                "This model's maximum prompt length is "
                        + limit
                        + " but the request contains "
                        + tokens
                        + " tokens.");
    }

    /** A wrong key is a bad argument to this vendor, not a lack of authority. */
    static VendorError wrongKey(String key) {
        var shown =
                key.length() < 8
                        ? "***"
                        : key.substring(0, 2) + "***" + key.substring(key.length() - 2);
        return invalid(
                "Incorrect API key provided: "
                        + shown
                        + ". You can obtain an API key from https://console.x.ai.");
    }

    static VendorError noKey() {
        return new VendorError(
                401,
                "",
                "No API key provided. Specify your API key in an Authorization header using Bearer"
                        + " auth (i.e. Authorization: Bearer YOUR_KEY).",
                null,
                "unauthenticated");
    }

    static VendorError liveSearch() {
        return plain(
                410,
                "Live search is deprecated. Please switch to the Agent Tools API:"
                        + " https://docs.x.ai/docs/guides/tools/overview");
    }

    static VendorError plain(int status, String message) {
        return new VendorError(status, "", message, null, null);
    }

    static VendorError usual(int status) {
        return switch (status) {
            case 200 ->
                    new VendorError(
                            200,
                            "",
                            "The service is currently unavailable. Please try again.",
                            null,
                            "The service is currently unavailable");
            case 400 -> invalid("Invalid request content.");
            case 401 -> noKey();
            case 403 ->
                    new VendorError(
                            403,
                            "",
                            "Your team has either used all available credits or reached its monthly"
                                    + " spending limit.",
                            null,
                            "permission-denied");
            case 404 -> noSuchModel("a-model");
            case 429 ->
                    object(
                            429,
                            "rate_limit_exceeded",
                            "Too many requests for team 00000000 and model grok-4.7. Your team's"
                                + " rate limit is: Requests per Second (actual/limit): 151/150.");
            default ->
                    status < 500
                            ? plain(status, "Status " + status)
                            : object(
                                    status,
                                    status == 503 ? "service_unavailable" : "server_error",
                                    "The service had an error.");
        };
    }

    private static VendorError object(int status, String type, String message) {
        return new VendorError(status, type, message, null, type);
    }

    /** Text that came from reading the body into the vendor's own types. */
    static VendorError of(Problem problem) {
        var path = problem.path().bracketed();
        var words =
                switch (problem.kind()) {
                    case MISSING -> "missing field `" + problem.path().segment() + "`";
                    case UNKNOWN_FIELD ->
                            "unknown field `" + problem.path().segment() + "` is not supported";
                    case WRONG_TYPE ->
                            "invalid type: "
                                    + shown(problem.got())
                                    + ", expected "
                                    + problem.expectation();
                    case WRONG_VALUE, WRONG_TAG ->
                            "unknown variant "
                                    + shown(problem.got())
                                    + ", expected one of "
                                    + problem.expected().stream()
                                            .map(value -> "`" + value + "`")
                                            .collect(Collectors.joining(", "));
                    case TOO_SMALL, TOO_LARGE, TOO_SHORT, TOO_LONG, PATTERN -> null;
                };
        return words == null
                ? invalid(
                        "Invalid value of "
                                + path
                                + ": "
                                + shown(problem.got())
                                + " (limit: "
                                + problem.expectation()
                                + ").")
                : plain(
                        422,
                        "Failed to deserialize the JSON body into the target type: "
                                + path
                                + ": "
                                + words);
    }

    static VendorError of(SchemaFlaw flaw, String subject) {
        return invalid(
                "Invalid schema for "
                        + subject
                        + ": '"
                        + flaw.word()
                        + "' at "
                        + flaw.path().dotted()
                        + " is not supported.");
    }

    private static String shown(@Nullable JsonNode got) {
        var text = got == null ? "nothing" : "`" + got.asText(got.getNodeType().name()) + "`";
        return text.length() > 80 ? text.substring(0, 80) + "…" : text;
    }

    /**
     * An error's body.
     *
     * @param legacy whether it is that of Chat Completions, whose codes are sentences
     */
    static String body(VendorError error, boolean legacy) {
        var body = Trees.object();
        if (!error.type().isEmpty()) {
            body.putObject("error")
                    .put("message", error.message())
                    .put("type", error.type())
                    .put("code", error.code());
        } else if (error.code() == null) {
            body.put("error", error.message());
        } else {
            boolean sentence = legacy && error.code().equals(ARGUMENT);
            body.put("code", sentence ? "Client specified an invalid argument" : error.code())
                    .put("error", error.message());
        }
        return Trees.write(body);
    }

    /** An error inside a stream of Responses: flat, unlike OpenAI's. */
    static String event(VendorError error, int sequenceNumber) {
        return Trees.write(
                Trees.object()
                        .put("type", "error")
                        .put("sequence_number", sequenceNumber)
                        .put("code", error.code())
                        .put("message", error.message())
                        .put("param", error.param()));
    }
}
