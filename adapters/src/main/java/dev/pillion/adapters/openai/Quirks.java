package dev.pillion.adapters.openai;

import dev.pillion.protocol.chat.Effort;

/**
 * How a server that speaks Chat Completions differs from the format's common ground.
 *
 * @param maxTokensField the field for the answer's bound
 * @param usageInStream whether usage must be asked for in a stream
 * @param obfuscation whether the server pads its events with noise unless told not to
 * @param allowedTools whether {@code tool_choice} may name the allowed tools; otherwise only those
 *     are sent
 * @param maxEffort the highest effort level that the format takes there
 */
public record Quirks(
        String maxTokensField,
        boolean usageInStream,
        boolean obfuscation,
        boolean allowedTools,
        Effort maxEffort) {
    /** Any compatible server. */
    public static final Quirks NONE =
            new Quirks("max_completion_tokens", true, false, false, Effort.MAX);

    /** OpenAI's own servers: Chat Completions ends at {@code xhigh} there. */
    public static final Quirks OPENAI =
            new Quirks("max_completion_tokens", true, true, true, Effort.XHIGH);

    /** The differences of a configured provider, by its name. */
    static Quirks of(String provider) {
        return provider.equals(Marks.SPEAKS) ? OPENAI : NONE;
    }
}
