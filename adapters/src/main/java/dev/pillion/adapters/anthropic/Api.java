package dev.pillion.adapters.anthropic;

/** Names and numbers of the Anthropic Messages API. */
final class Api {
    /** What {@code speaks:} says, and what seals, extras and vendor items of this format carry. */
    static final String NAME = "anthropic";

    static final String MESSAGES_PATH = "/v1/messages";
    static final String COUNT_PATH = "/v1/messages/count_tokens";

    /** The version that everything is said in, unless only the older one has a word for it. */
    static final String VERSION = "2026-10-21";

    /** The version that still knows sampling, assistant documents and citations on user text. */
    static final String OLD_VERSION = "2023-06-01";

    static final String VERSION_HEADER = "anthropic-version";
    static final String BETA_HEADER = "anthropic-beta";

    /** The tool version whose searches come back plain, whoever resells the model. */
    static final String WEB_SEARCH = "web_search_20250305";

    static final int MAX_CACHE_MARKS = 4;
    static final int MIN_BUDGET_TOKENS = 1_024;
    static final int MAX_ID_CHARS = 64;
    static final int MAX_TOOL_NAME_CHARS = 128;

    /**
     * The type of a vendor item that holds fields of the answer's message rather than a block:
     * where code ran, what was edited out of the context. Never sent to the vendor.
     */
    static final String MESSAGE_FIELDS = "message_fields";

    private Api() {}
}
