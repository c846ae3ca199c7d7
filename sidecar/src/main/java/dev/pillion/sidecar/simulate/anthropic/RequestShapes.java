package dev.pillion.sidecar.simulate.anthropic;

import static dev.pillion.sidecar.simulate.anthropic.BlockShapes.CACHE_CONTROL;
import static dev.pillion.sidecar.simulate.anthropic.BlockShapes.tagged;
import static dev.pillion.sidecar.simulate.kit.Shape.ANY;
import static dev.pillion.sidecar.simulate.kit.Shape.FILLED;
import static dev.pillion.sidecar.simulate.kit.Shape.FLAG;
import static dev.pillion.sidecar.simulate.kit.Shape.OBJECT;
import static dev.pillion.sidecar.simulate.kit.Shape.TEXT;
import static dev.pillion.sidecar.simulate.kit.Shape.choice;
import static dev.pillion.sidecar.simulate.kit.Shape.either;
import static dev.pillion.sidecar.simulate.kit.Shape.items;
import static dev.pillion.sidecar.simulate.kit.Shape.may;
import static dev.pillion.sidecar.simulate.kit.Shape.must;
import static dev.pillion.sidecar.simulate.kit.Shape.orNull;
import static dev.pillion.sidecar.simulate.kit.Shape.typed;

import dev.pillion.sidecar.simulate.kit.Shape;
import dev.pillion.sidecar.simulate.kit.Shape.Decimal;
import dev.pillion.sidecar.simulate.kit.Shape.Fields;
import dev.pillion.sidecar.simulate.kit.Shape.Whole;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The top level of a request, which depends on the API version and the betas switched on. */
final class RequestShapes {
    private static final Whole TOKENS = new Whole(0, 10_000_000);
    private static final Shape DISPLAY = orNull(choice("summarized", "omitted"));
    private static final Shape PARALLEL = FLAG;

    /** What a shape depends on; there are few, so each is built once. */
    private record Key(boolean counting, boolean modern, Set<Beta> betas) {}

    private static final Map<Key, Shape> BUILT = new ConcurrentHashMap<>();

    private RequestShapes() {}

    /**
     * @param counting for {@code /v1/messages/count_tokens}
     * @param modern version 2026-10-21 or later
     */
    static Shape of(boolean counting, boolean modern, Set<Beta> betas) {
        return BUILT.computeIfAbsent(
                new Key(counting, modern, Set.copyOf(betas)), RequestShapes::build);
    }

    private static Shape build(Key key) {
        var shape =
                must("model", FILLED)
                        .must("messages", items(message(key.betas), 1, 100_000))
                        .may("system", either(TEXT, items(BlockShapes.TEXT_BLOCK)))
                        .may("tools", items(ToolShapes.tools(key.betas)))
                        .may("tool_choice", toolChoice())
                        .may("thinking", thinking(key.betas))
                        .may("output_config", outputConfig(key.betas))
                        .may("cache_control", CACHE_CONTROL)
                        .may("speed", orNull(choice("standard", "fast")));
        shape = withBetas(shape, key.betas);
        return key.counting ? shape : creating(shape, key);
    }

    private static Fields creating(Fields shape, Key key) {
        var more =
                shape.must("max_tokens", TOKENS)
                        .may("stream", FLAG)
                        .may("stop_sequences", items(FILLED, 0, 8_191))
                        .may("metadata", may("user_id", orNull(new Shape.Text(0, 512, null))))
                        .may("service_tier", choice("auto", "standard_only"))
                        .may("inference_geo", orNull(TEXT))
                        .may("container", orNull(either(TEXT, container())))
                        .may("diagnostics", may("previous_message_id", orNull(TEXT)));
        return key.modern
                ? more
                : more.may("temperature", new Decimal(0, 1))
                        .may("top_p", new Decimal(0, 1))
                        .may("top_k", new Whole(0, 100_000));
    }

    private static Fields container() {
        var skill =
                must("type", choice("anthropic", "custom"))
                        .must("skill_id", FILLED)
                        .may("version", TEXT);
        return may("id", orNull(TEXT)).may("skills", orNull(items(skill)));
    }

    private static Fields withBetas(Fields shape, Set<Beta> betas) {
        var more = shape;
        if (betas.contains(Beta.CONTEXT_MANAGEMENT)) {
            more = more.may("context_management", orNull(may("edits", items(edit()))));
        }
        if (betas.contains(Beta.COMPACTION)) {
            more = more.may("compaction", typed("summarize").may("instructions", orNull(TEXT)));
        }
        if (betas.contains(Beta.MCP)) {
            more = more.may("mcp_servers", items(mcpServer()));
        }
        if (betas.contains(Beta.OUTPUT_FORMAT)) {
            more = more.may("output_format", orNull(format()));
        }
        if (betas.contains(Beta.FALLBACKS)) {
            more = more.may("fallbacks", either(choice("default"), items(OBJECT)));
            more = more.may("fallback_credit_token", orNull(TEXT));
        }
        if (betas.contains(Beta.THREADS)) {
            more = more.may("thread", OBJECT);
        }
        return betas.contains(Beta.BILLING) ? more.may("billing_policy", OBJECT) : more;
    }

    private static Shape edit() {
        var trigger = must("type", TEXT).must("value", TOKENS);
        var keep = either(TEXT, trigger);
        return tagged(
                Map.of(
                        "clear_tool_uses_20250919",
                        typed("clear_tool_uses_20250919")
                                .may("trigger", orNull(trigger))
                                .may("keep", orNull(trigger))
                                .may("clear_at_least", orNull(trigger))
                                .may("clear_tool_inputs", ANY)
                                .may("exclude_tools", orNull(items(TEXT))),
                        "clear_thinking_20251015",
                        typed("clear_thinking_20251015").may("keep", orNull(keep)),
                        "compact_20260112",
                        typed("compact_20260112")
                                .may("trigger", orNull(trigger))
                                .may("instructions", orNull(TEXT))
                                .may("pause_after_compaction", FLAG)));
    }

    private static Fields mcpServer() {
        return typed("url")
                .must("name", FILLED)
                .must("url", FILLED)
                .may("authorization_token", orNull(TEXT))
                .may(
                        "tool_configuration",
                        orNull(may("enabled", FLAG).may("allowed_tools", orNull(items(TEXT)))));
    }

    private static Fields message(Set<Beta> betas) {
        var message =
                must("role", choice("user", "assistant", "system"))
                        .must("content", either(TEXT, items(BlockShapes.content(betas))));
        return betas.contains(Beta.SYSTEM_CLEAR)
                ? message.may("clear_at", choice("never", "next_user_message"))
                        .may("output_config", may("effort", TEXT))
                : message;
    }

    private static Shape toolChoice() {
        return tagged(
                Map.of(
                        "auto",
                        typed("auto").may("disable_parallel_tool_use", PARALLEL),
                        "any",
                        typed("any").may("disable_parallel_tool_use", PARALLEL),
                        "tool",
                        typed("tool")
                                .must("name", FILLED)
                                .may("disable_parallel_tool_use", PARALLEL),
                        "none",
                        typed("none")));
    }

    private static Shape thinking(Set<Beta> betas) {
        var display =
                betas.contains(Beta.THINKING_UPDATES)
                        ? orNull(choice("summarized", "omitted", "updates"))
                        : DISPLAY;
        var adaptive = typed("adaptive").may("display", display);
        var enabled =
                typed("enabled")
                        .must("budget_tokens", new Whole(1_024, 10_000_000))
                        .may("display", display);
        if (betas.contains(Beta.BINDING)) {
            var binding = may("prefix_mismatch_behavior", choice("error", "drop_block"));
            adaptive = adaptive.may("block_binding", binding);
            enabled = enabled.may("block_binding", binding);
        }
        return tagged(
                Map.of(
                        "adaptive",
                        adaptive,
                        "enabled",
                        enabled,
                        "between_tools",
                        typed("between_tools"),
                        "disabled",
                        typed("disabled")));
    }

    private static Fields outputConfig(Set<Beta> betas) {
        var config =
                may("effort", orNull(choice("low", "medium", "high", "xhigh", "max")))
                        .may("format", orNull(format()));
        return betas.contains(Beta.TASK_BUDGET)
                ? config.may(
                        "task_budget",
                        orNull(typed("tokens").must("total", TOKENS).may("remaining", TOKENS)))
                : config;
    }

    private static Fields format() {
        return typed("json_schema").must("schema", OBJECT);
    }
}
