package dev.pillion.adapters.gemini;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.Capability;
import dev.pillion.adapters.ErrorShape;
import dev.pillion.adapters.ListedModel;
import dev.pillion.adapters.ModelTraits;
import dev.pillion.adapters.ModelsDialect;
import dev.pillion.adapters.QueryFields;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.Json;
import java.util.List;

/**
 * {@code GET /v1beta/models[/ID]}, and {@code /v1/models} with a key of Google's. A page's token is
 * the last name of the page before. Source: Gemini API v1 and v1beta, SDKs 3.x of 2026-11.
 */
public final class GeminiModelsDialect implements ModelsDialect {
    private static final int PAGE = 50;
    private static final int MAX_PAGE = 1_000;
    private static final String PREFIX = "models/";

    @Override
    public String vendor() {
        return GeminiApi.NAME;
    }

    @Override
    public byte[] list(List<ListedModel> models, QueryFields query) {
        int asked = query.number(PAGE, "pageSize", "page_size");
        int size = asked == 0 ? PAGE : Math.min(asked, MAX_PAGE);
        String token = query.first("pageToken", "page_token");
        int first = token == null ? 0 : after(models, token);
        int end = Math.min(models.size(), first + size);
        ObjectNode page = Json.object();
        ArrayNode list = page.putArray("models");
        models.subList(first, end).forEach(model -> list.add(node(model)));
        if (end < models.size()) {
            page.put("nextPageToken", models.get(end - 1).id());
        }
        return Json.bytes(page);
    }

    private static int after(List<ListedModel> models, String token) {
        for (int i = 0; i < models.size(); i++) {
            if (models.get(i).id().equals(token)) {
                return i + 1;
            }
        }
        throw Fault.invalid("pageToken: unknown (expected: a nextPageToken of this list)", null)
                .asException();
    }

    @Override
    public byte[] one(ListedModel model) {
        return Json.bytes(node(model));
    }

    private static ObjectNode node(ListedModel model) {
        ModelTraits traits = model.traits();
        ObjectNode node = Json.object().put("name", PREFIX + model.id());
        node.put("baseModelId", model.id()).put("version", "");
        node.put("displayName", model.id()).put("description", "by " + model.owner());
        if (traits.contextTokens() > 0) {
            node.put("inputTokenLimit", traits.contextTokens());
        }
        if (traits.maxOutputTokens() > 0) {
            node.put("outputTokenLimit", traits.maxOutputTokens());
        }
        ArrayNode methods = node.putArray("supportedGenerationMethods");
        if (traits.chats()) {
            methods.add(GeminiPath.WHOLE).add(GeminiPath.STREAM);
        }
        if (traits.can(Capability.EMBEDDINGS)) {
            methods.add("embedContent").add("batchEmbedContents");
        }
        if (model.counts()) {
            methods.add(GeminiCounter.METHOD);
        }
        return node.put("thinking", traits.thinking() != null);
    }

    @Override
    public ErrorShape errors() {
        return GeminiErrors.SHAPE;
    }
}
