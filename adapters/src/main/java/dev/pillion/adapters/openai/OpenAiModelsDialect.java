package dev.pillion.adapters.openai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.ErrorShape;
import dev.pillion.adapters.ListedModel;
import dev.pillion.adapters.ModelsDialect;
import dev.pillion.adapters.QueryFields;
import dev.pillion.protocol.wire.Json;
import java.util.List;

/** {@code GET /v1/models[/ID]}, which has no pages. Source: OpenAI API 2.3.0, 2026-11. */
public final class OpenAiModelsDialect implements ModelsDialect {
    @Override
    public String vendor() {
        return Marks.SPEAKS;
    }

    @Override
    public byte[] list(List<ListedModel> models, QueryFields query) {
        ObjectNode list = Json.object().put("object", "list");
        ArrayNode data = list.putArray("data");
        models.forEach(model -> data.add(node(model)));
        return Json.bytes(list);
    }

    @Override
    public byte[] one(ListedModel model) {
        return Json.bytes(node(model));
    }

    /** When a model was made is not known; SDKs want a number. */
    private static ObjectNode node(ListedModel model) {
        return Json.object()
                .put("id", model.id())
                .put("object", "model")
                .put("created", 0)
                .put("owned_by", model.owner());
    }

    @Override
    public ErrorShape errors() {
        return Errors.SHAPE;
    }
}
