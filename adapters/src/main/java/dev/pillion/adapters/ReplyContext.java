package dev.pillion.adapters;

/**
 * What an answer is written for.
 *
 * @param requestId Pillion's id of the request
 * @param model the model name to show the client
 * @param createdEpochSeconds when the answer began
 * @param usageAsked whether the client asked for usage in the stream
 * @param client what the client sent, for fields that a surface echoes
 */
public record ReplyContext(
        String requestId,
        String model,
        long createdEpochSeconds,
        boolean usageAsked,
        Surface client) {}
