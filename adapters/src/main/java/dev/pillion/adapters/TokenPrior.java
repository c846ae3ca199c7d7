package dev.pillion.adapters;

/**
 * What is believed of a vendor's count of a prompt's tokens before any answer told one. The first
 * nine are tokens for one of what they weigh, and only a start: they are learned model by model.
 *
 * @param base of the prompt itself, such as what the vendor puts before it
 * @param tools what having tools at all costs
 * @param text for a word or so of text
 * @param values for one text among the messages: what parts them costs, too
 * @param schemas for a word or so in the tools' schemas
 * @param format what having a schema of the answer costs
 * @param formats for a word or so in that schema
 * @param opaque for a character of what only machines read, such as sealed reasoning
 * @param media for one picture
 * @param mostOverhead what a vendor puts before a prompt at the very most, in tokens
 * @param mostOfTool what it says beforehand of one of its own tools at the very most, in tokens
 * @param mostOfImage what one picture takes at the very most, in tokens, however large
 */
public record TokenPrior(
        double base,
        double tools,
        double text,
        double values,
        double schemas,
        double format,
        double formats,
        double opaque,
        double media,
        int mostOverhead,
        int mostOfTool,
        int mostOfImage) {

    /** Of a server of which nothing is known. */
    public static final TokenPrior UNKNOWN =
            new TokenPrior(60, 60, 1, 1, 1, 10, 1, 0.1, 1_000, 1_024, 4_096, 65_536);
}
