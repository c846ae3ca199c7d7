package dev.pillion.sidecar.simulate.anthropic;

import static dev.pillion.sidecar.simulate.kit.Shape.FLAG;
import static dev.pillion.sidecar.simulate.kit.Shape.TEXT;
import static dev.pillion.sidecar.simulate.kit.Shape.items;
import static dev.pillion.sidecar.simulate.kit.Shape.orNull;
import static dev.pillion.sidecar.simulate.kit.Shape.typed;

import dev.pillion.sidecar.simulate.kit.Shape;
import dev.pillion.sidecar.simulate.kit.Shape.Fields;
import dev.pillion.sidecar.simulate.kit.Shape.Whole;
import java.util.Map;

/** What code execution and tool search brought, as it is sent back (Anthropic SDK types, 2026). */
final class CodeResultShapes {
    private static final Shape NUMBER = new Whole(Integer.MIN_VALUE, Integer.MAX_VALUE);

    /** The content of each result block, by the block's type. */
    static final Map<String, Shape> CONTENT =
            Map.of(
                    "code_execution_tool_result", code(),
                    "bash_code_execution_tool_result", bash(),
                    "text_editor_code_execution_tool_result", textEditor(),
                    "tool_search_tool_result", toolSearch());

    private CodeResultShapes() {}

    private static Shape code() {
        var encrypted =
                typed("encrypted_code_execution_result")
                        .must("encrypted_stdout", TEXT)
                        .must("stderr", TEXT)
                        .must("return_code", NUMBER)
                        .must("content", outputs("code_execution_output"));
        return BlockShapes.tagged(
                Map.of(
                        "code_execution_result",
                        ran("code_execution_result", "code_execution_output"),
                        "encrypted_code_execution_result",
                        encrypted,
                        "code_execution_tool_result_error",
                        failed("code_execution_tool_result_error")));
    }

    private static Shape bash() {
        return BlockShapes.tagged(
                Map.of(
                        "bash_code_execution_result",
                        ran("bash_code_execution_result", "bash_code_execution_output"),
                        "bash_code_execution_tool_result_error",
                        failed("bash_code_execution_tool_result_error")));
    }

    private static Fields ran(String type, String output) {
        return typed(type)
                .must("stdout", TEXT)
                .must("stderr", TEXT)
                .must("return_code", NUMBER)
                .must("content", outputs(output));
    }

    private static Shape outputs(String type) {
        return items(typed(type).must("file_id", TEXT));
    }

    private static Shape textEditor() {
        var view =
                typed("text_editor_code_execution_view_result")
                        .must("file_type", TEXT)
                        .must("content", TEXT)
                        .may("num_lines", orNull(NUMBER))
                        .may("start_line", orNull(NUMBER))
                        .may("total_lines", orNull(NUMBER));
        var create = typed("text_editor_code_execution_create_result").must("is_file_update", FLAG);
        var replace =
                typed("text_editor_code_execution_str_replace_result")
                        .may("lines", orNull(items(TEXT)))
                        .may("old_start", orNull(NUMBER))
                        .may("old_lines", orNull(NUMBER))
                        .may("new_start", orNull(NUMBER))
                        .may("new_lines", orNull(NUMBER));
        var error = "text_editor_code_execution_tool_result_error";
        return BlockShapes.tagged(
                Map.of(
                        "text_editor_code_execution_view_result",
                        view,
                        "text_editor_code_execution_create_result",
                        create,
                        "text_editor_code_execution_str_replace_result",
                        replace,
                        error,
                        failed(error)));
    }

    private static Shape toolSearch() {
        var reference = typed("tool_reference").must("tool_name", TEXT);
        return BlockShapes.tagged(
                Map.of(
                        "tool_search_tool_search_result",
                        typed("tool_search_tool_search_result")
                                .must("tool_references", items(reference)),
                        "tool_search_tool_result_error",
                        failed("tool_search_tool_result_error")));
    }

    private static Fields failed(String type) {
        return typed(type).must("error_code", TEXT).may("error_message", orNull(TEXT));
    }
}
