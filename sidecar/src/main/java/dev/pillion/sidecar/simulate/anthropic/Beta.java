package dev.pillion.sidecar.simulate.anthropic;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** What a request may use only with its {@code anthropic-beta} value. */
enum Beta {
    MCP("mcp-client-"),
    CONTEXT_MANAGEMENT("context-management-", "compact-"),
    COMPACTION("compact-", "context-management-"),
    OUTPUT_FORMAT("structured-outputs-"),
    THREADS("message-threads-"),
    FALLBACKS("server-side-fallback-", "fallback-credit-"),
    ADVISOR("advisor-tool-"),
    COMPUTER_USE("computer-use-"),
    TASK_BUDGET("task-budgets-"),
    TOOL_CHANGES("mid-conversation-tool-changes-", "advanced-tool-use-", "inline-tools-"),
    SYSTEM_CLEAR("mid-conversation-system-clear-at-", "mid-conversation-output-config-"),
    BINDING("thinking-binding-controls-"),
    THINKING_UPDATES("thinking-display-updates-"),
    LONG_CONTEXT("context-1m-"),
    INTERLEAVED("interleaved-thinking-"),
    BILLING("user-profiles-billing-");

    private final String prefixes;

    Beta(String... prefixes) {
        this.prefixes = String.join(",", prefixes);
    }

    /**
     * What a request has switched on: by header, or all of it by the old {@code ?beta=true}, which
     * the SDKs' beta methods added.
     */
    static Set<Beta> of(String header, String query) {
        var on =
                query.contains("beta=true")
                        ? EnumSet.complementOf(EnumSet.of(LONG_CONTEXT, INTERLEAVED))
                        : EnumSet.noneOf(Beta.class);
        for (var beta : values()) {
            for (var name : header.split(",", -1)) {
                if (beta.isSwitchedOnBy(name.strip())) {
                    on.add(beta);
                }
            }
        }
        return on;
    }

    private boolean isSwitchedOnBy(String name) {
        return List.of(prefixes.split(",", -1)).stream().anyMatch(name::startsWith);
    }
}
