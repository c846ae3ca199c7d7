package dev.pillion.sidecar.account;

/**
 * What in a request's JSON may become tokens, found by one scan of its bytes, whatever its format.
 *
 * @param text words and marks in what is said, about one token each
 * @param values how many texts, numbers and roles those are
 * @param tools words and marks in tools, names of fields included
 * @param format words and marks in the schema of the answer, likewise
 * @param opaque characters that only machines read, and earlier thinking
 * @param media pictures and other large things, as far as the scan can tell
 * @param mostTokens more than any tokenizer makes of it: one for each byte, but for letters and
 *     spaces, of which two make at most 1.2; media by their bytes as well
 * @param leastTokens fewer than any tokenizer makes of what is said: three for four words; at most
 *     {@link #LEAST_PER_BYTE} of the body's bytes
 */
public record PromptSize(
        int text,
        int values,
        int tools,
        int format,
        int opaque,
        int media,
        long mostTokens,
        long leastTokens) {
    public static final PromptSize NOTHING = new PromptSize(0, 0, 0, 0, 0, 0, 0, 0);

    /** Between two words is a byte at least. */
    public static final double LEAST_PER_BYTE = 0.375;

    /** The size of a body, which is JSON in UTF-8; of what is not, some number. */
    public static PromptSize of(byte[] body) {
        return new PromptScan(body).scan();
    }
}
