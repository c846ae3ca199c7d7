package dev.pillion.adapters.openai.responses;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How a server that speaks the Responses API differs from the others that do.
 *
 * @param provider the format's name of the vendor: what seals, items, files and raw fields carry
 * @param instructionRole the role of instructions in the input
 * @param instructionsBeside whether instructions may stand beside a stored conversation, for this
 *     answer alone; otherwise they are part of the input, and stay
 * @param contentParts whether instructions and assistant messages may be arrays of parts; otherwise
 *     they are strings
 * @param callItemIds whether a function call that is sent back wants its item's id and status
 * @param strictSubset whether strict schemas must lie in OpenAI's subset of JSON Schema, and are
 *     then enforced in whole; otherwise they are always sent as strict, and the answer is held to
 *     them here
 * @param allowedTools whether {@code tool_choice} may name the allowed tools; otherwise only those
 *     are sent
 * @param customTools whether callers may offer tools that take free text; otherwise a {@code
 *     custom_tool_call} is one of the server's own, already done
 * @param inlineFiles whether documents may be sent inline
 * @param imageTypes media types of pictures that may be sent inline
 * @param maxCallIdChars the longest id of a tool call; longer ones are replaced by their hash
 * @param minOutputTokens the least bound of an answer that the server takes
 * @param seed whether a seed may be sent
 * @param summaries whether the thinking shown must be asked for
 * @param obfuscation whether the server pads its events with noise unless told not to
 * @param cacheKey whether a conversation must be named for the server to find its cached prefix
 * @param search the form of the web search tool
 * @param searchCounts where an answer counts its billed searches: JSON pointers into the response,
 *     whose values are added up; where none is there, search calls are counted
 * @param otherCounts calls of other tools that are billed by the call: by the pointer into the
 *     response where it counts them, or by the type of their items, the word for them in a price
 * @param shortPrompts whether more may be cached than the prompt's count has; all was, then
 * @param numberedTitles whether a citation's title is its number or its address, which is no title
 */
public record ResponsesQuirks(
        String provider,
        String instructionRole,
        boolean instructionsBeside,
        boolean contentParts,
        boolean callItemIds,
        boolean strictSubset,
        boolean allowedTools,
        boolean customTools,
        boolean inlineFiles,
        Set<String> imageTypes,
        int maxCallIdChars,
        int minOutputTokens,
        boolean seed,
        boolean summaries,
        boolean obfuscation,
        boolean cacheKey,
        Search search,
        List<String> searchCounts,
        Map<String, String> otherCounts,
        boolean shortPrompts,
        boolean numberedTitles) {

    /**
     * The web search tool.
     *
     * @param filters the object that holds the domain lists; empty: they stand on the tool itself
     * @param blockedName the field of the domains not to search
     * @param maxDomains most domains in a list
     * @param bothLists whether both lists may be given
     * @param typedLocation whether a location has a type, and none at all means a default country
     * @param maxCalls whether {@code max_tool_calls} bounds the searches
     */
    public record Search(
            String filters,
            String blockedName,
            int maxDomains,
            boolean bothLists,
            boolean typedLocation,
            boolean maxCalls) {}

    /** OpenAI's own servers (OpenAI API 2.3.0, as of 2026-11-22). */
    public static final ResponsesQuirks OPENAI =
            new ResponsesQuirks(
                    "openai",
                    "developer",
                    true,
                    true,
                    false,
                    true,
                    true,
                    true,
                    true,
                    Set.of("image/png", "image/jpeg", "image/jpg", "image/gif", "image/webp"),
                    64,
                    16,
                    false,
                    true,
                    true,
                    false,
                    new Search("filters", "blocked_domains", 100, true, true, true),
                    List.of("/tool_usage/web_search/num_requests"),
                    Map.of(
                            "file_search_call",
                            "file_search",
                            "code_interpreter_call",
                            "code_interpreter",
                            "image_generation_call",
                            "image_generation"),
                    false,
                    false);

    /** xAI's servers (docs.x.ai, as of 2026-11-22). */
    public static final ResponsesQuirks XAI =
            new ResponsesQuirks(
                    "xai",
                    "system",
                    false,
                    false,
                    true,
                    false,
                    false,
                    false,
                    false,
                    Set.of("image/png", "image/jpeg", "image/jpg"),
                    64,
                    1,
                    true,
                    false,
                    false,
                    true,
                    new Search("", "excluded_domains", 5, false, false, false),
                    List.of(
                            "/usage/server_side_tool_usage_details/web_search_calls",
                            "/usage/server_side_tool_usage_details/x_search_calls"),
                    Map.of(
                            "/usage/server_side_tool_usage_details/code_interpreter_calls",
                            "code_interpreter",
                            "/usage/server_side_tool_usage_details/file_search_calls",
                            "file_search",
                            "/usage/server_side_tool_usage_details/document_search_calls",
                            "document_search",
                            "/usage/server_side_tool_usage_details/image_generation_calls",
                            "image_generation"),
                    true,
                    true);
}
