package dev.pillion.adapters.openai;

/**
 * The HTTP status that an error's code means by itself, for errors inside a 200: words of OpenAI's
 * and xAI's streams, and the names and sentences of gRPC codes, which xAI's servers use.
 */
final class CodeWords {
    private CodeWords() {}

    /** 0 when the code tells nothing. */
    static int status(String code) {
        return switch (code) {
            case "invalid_request_error",
                    "bad_request",
                    "invalid_prompt",
                    "invalid_image",
                    "invalid_image_format",
                    "invalid_base64_image",
                    "invalid_image_url",
                    "invalid_image_mode",
                    "image_too_large",
                    "image_too_small",
                    "image_parse_error",
                    "image_file_too_large",
                    "image_file_not_found",
                    "unsupported_image_media_type",
                    "empty_image_file",
                    "failed_to_download_image",
                    "invalid-argument",
                    "Client specified an invalid argument",
                    "Operation was attempted past the valid range" ->
                    400;
            case "permission_error",
                    "data_residency_mismatch",
                    "permission-denied",
                    "The caller does not have permission to execute the specified operation" ->
                    403;
            case "not_found_error", "not-found", "Some requested entity was not found" -> 404;
            case "rate_limit_exceeded",
                    "rate_limit_error",
                    "resource-exhausted",
                    "Some resource has been exhausted" ->
                    429;
            case "api_error",
                    "internal_server_error",
                    "server_error",
                    "internal",
                    "Internal error" ->
                    500;
            case "overloaded_error", "service_unavailable" -> 503;
            case "timeout",
                    "vector_store_timeout",
                    "timeout_error",
                    "deadline-exceeded",
                    "Deadline expired before operation could complete" ->
                    504;
            default -> 0;
        };
    }
}
