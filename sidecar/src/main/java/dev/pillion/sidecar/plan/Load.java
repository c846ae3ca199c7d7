package dev.pillion.sidecar.plan;

/**
 * What a request weighs as far as it can tell by itself.
 *
 * @param stream whether the answer is read as it comes
 * @param inputTokens of the whole prompt, about
 * @param mostOutputTokens that the answer may have, thinking included
 * @param searches of the web
 * @param habit who asks for what: the name under which is remembered how long such answers are
 * @param opening what its prompt begins with
 */
public record Load(
        boolean stream,
        long inputTokens,
        long mostOutputTokens,
        int searches,
        String habit,
        Opening opening) {}
