package dev.pillion.adapters.gemini;

/** Names and numbers of the Gemini API, v1beta. */
final class GeminiApi {
    /** What {@code speaks:} says, and what seals, extras and vendor items of this format carry. */
    static final String NAME = "gemini";

    /** The version with the widest set of fields. */
    static final String VERSION_PATH = "/v1beta/";

    /** Stands for the signature that a call never had: documented, and taken without a check. */
    static final String NO_SIGNATURE = "skip_thought_signature_validator";

    /** The data of a vendor item's seal: its signature stays in the item itself. */
    static final String ITEM_SEAL = "item";

    static final String CONTINUATION_TOKEN = "continuationToken";

    static final int MAX_STOPS = 5;
    static final int MAX_TEMPERATURE = 2;
    static final int MAX_FUNCTIONS = 512;

    private GeminiApi() {}
}
