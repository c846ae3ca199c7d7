package dev.pillion.adapters.anthropic;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.ErrorShape;
import dev.pillion.adapters.ListedModel;
import dev.pillion.adapters.ModelsDialect;
import dev.pillion.adapters.QueryFields;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.Json;
import java.util.List;

/**
 * {@code GET /v1/models[/ID]} with an {@code anthropic-version}. Source: Anthropic API 2026-10-21
 * and 2023-06-01.
 */
public final class AnthropicModelsDialect implements ModelsDialect {
    private static final int PAGE = 20;
    private static final int MAX_PAGE = 1_000;

    @Override
    public String vendor() {
        return Api.NAME;
    }

    @Override
    public byte[] list(List<ListedModel> models, QueryFields query) {
        int limit = query.number(PAGE, "limit");
        if (limit < 1 || limit > MAX_PAGE) {
            throw invalid("limit: out of range (expected: 1 to " + MAX_PAGE + ")");
        }
        List<String> stages = query.all("lifecycle");
        List<ListedModel> known =
                stages.isEmpty() || stages.contains("active") ? models : List.of();
        String after = query.first("after_id");
        String before = query.first("before_id");
        if (after != null && before != null) {
            throw invalid("after_id: not together with before_id (expected: one of them)");
        }
        int first = after == null ? 0 : index(models, after, "after_id") + 1;
        int end = before == null ? known.size() : index(models, before, "before_id");
        boolean more = end - first > limit;
        if (before == null) {
            end = Math.min(end, first + limit);
        } else {
            first = Math.max(0, end - limit);
        }
        return page(
                first < end ? known.subList(first, Math.min(end, known.size())) : List.of(), more);
    }

    private static int index(List<ListedModel> models, String id, String field) {
        for (int i = 0; i < models.size(); i++) {
            if (models.get(i).id().equals(id)) {
                return i;
            }
        }
        throw invalid(field + ": no such model (expected: an id of the list)");
    }

    private static RuntimeException invalid(String message) {
        return Fault.invalid(message, null).asException();
    }

    private static byte[] page(List<ListedModel> models, boolean more) {
        ObjectNode page = Json.object();
        ArrayNode data = page.putArray("data");
        models.forEach(model -> data.add(ModelInfo.of(model)));
        page.put("has_more", more);
        page.put("first_id", models.isEmpty() ? null : models.getFirst().id());
        page.put("last_id", models.isEmpty() ? null : models.getLast().id());
        return Json.bytes(page);
    }

    @Override
    public byte[] one(ListedModel model) {
        return Json.bytes(ModelInfo.of(model));
    }

    @Override
    public ErrorShape errors() {
        return ErrorBodies.SHAPE;
    }
}
