package dev.pillion.adapters.xai;

import java.util.Set;

/** Words of the format. */
final class Names {
    /** The format's name in {@code speaks:}, extras and seals. */
    static final String SPEAKS = "xai";

    /** The format whose raw fields xAI knows in part. */
    static final String OPENAI = "openai";

    /**
     * What xAI calls its own tools in {@code custom_tool_call} items, which it has run itself
     * ({@code @ai-sdk/xai} 5.0.12).
     */
    static final Set<String> SERVER_TOOLS =
            Set.of(
                    "x_keyword_search",
                    "x_semantic_search",
                    "x_user_search",
                    "x_thread_fetch",
                    "view_x_video",
                    "view_image",
                    "web_search",
                    "web_search_with_snippets",
                    "browse_page",
                    "code_execution");

    private Names() {}
}
