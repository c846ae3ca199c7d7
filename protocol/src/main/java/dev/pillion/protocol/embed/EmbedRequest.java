package dev.pillion.protocol.embed;

import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.wire.Extras;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One request for vectors in the uniform form. Immutable.
 *
 * @param model an id or an alias
 * @param inputs at least one; the answer has one vector for each, in this order
 * @param encoding how the client wants its vectors written; null: not said
 * @param user the caller's own word for its end user, a hint to the vendor; null: none
 * @param extras raw top-level fields of the surface spoken, which the uniform form has no word for
 */
public record EmbedRequest(
        String model,
        List<EmbedInput> inputs,
        @Nullable Encoding encoding,
        @Nullable String user,
        Extras extras) {
    private static final int CHARS_PER_TOKEN = 4;

    /** What a picture or another medium counts for, where nobody says: a picture at Gemini. */
    private static final int TOKENS_PER_MEDIUM = 258;

    public EmbedRequest {
        inputs = List.copyOf(inputs);
    }

    /** How the numbers of a vector are written. */
    public enum Encoding {
        /** A JSON array of numbers. */
        FLOAT,
        /** Base64 of little-endian IEEE-754 single precision numbers. */
        BASE64;

        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** About how many tokens the inputs are, for a vendor that does not say. */
    public long estimatedTokens() {
        long tokens = 0;
        for (EmbedInput input : inputs) {
            tokens +=
                    switch (input.content()) {
                        case EmbedInput.Content.Text text -> tokens(text.text());
                        case EmbedInput.Content.Tokens ready -> ready.tokens().length;
                        case EmbedInput.Content.Parts several -> tokens(several.parts());
                    };
        }
        return tokens;
    }

    private static long tokens(List<Part> parts) {
        long tokens = 0;
        for (Part part : parts) {
            tokens += part instanceof Part.Text text ? tokens(text.text()) : TOKENS_PER_MEDIUM;
        }
        return tokens;
    }

    private static long tokens(String text) {
        return text.length() / CHARS_PER_TOKEN + 1L;
    }
}
