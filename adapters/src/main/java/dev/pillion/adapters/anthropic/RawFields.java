package dev.pillion.adapters.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.EncodeContext;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.Json;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The raw fields that a caller wants merged into an Anthropic request: the uniform {@code vendor}
 * key, by wire format and by the provider's configured name. {@code anthropic-beta} in it is the
 * header; {@code tools} are added to the others; {@code output_config} is merged key by key; any
 * other field replaces.
 */
final class RawFields {
    private final ObjectNode fields = Json.object();
    private final Set<String> betas = new LinkedHashSet<>();

    RawFields(ChatRequest request, EncodeContext context) {
        add(request, Api.NAME);
        if (!context.provider().equals(Api.NAME)) {
            add(request, context.provider());
        }
    }

    private void add(ChatRequest request, String provider) {
        ObjectNode own = request.vendor().get(provider);
        if (own == null) {
            return;
        }
        for (var entry : own.properties()) {
            switch (entry.getKey()) {
                case Api.BETA_HEADER -> beta(entry.getValue());
                case "model", "stream" -> {
                    String at = "/vendor/" + provider + "/" + entry.getKey();
                    throw Fault.invalid(at + ": can't be replaced", at).asException();
                }
                case "output_config" -> merge(entry.getValue(), fields);
                default -> fields.set(entry.getKey(), entry.getValue());
            }
        }
    }

    private void beta(JsonNode value) {
        if (value.isArray()) {
            value.forEach(this::beta);
        } else if (!value.asText().isBlank()) {
            betas.add(value.asText().strip());
        }
    }

    private static void merge(JsonNode config, ObjectNode into) {
        if (config.isObject()) {
            into.withObject("/output_config").setAll((ObjectNode) config);
        } else {
            into.set("output_config", config);
        }
    }

    JsonNode thinking() {
        return fields.path("thinking");
    }

    JsonNode effort() {
        return fields.path("output_config").path("effort");
    }

    boolean hasFormat() {
        return fields.path("output_config").hasNonNull("format") || fields.has("output_format");
    }

    /** Leaves thinking and effort to the table, since the model takes them in another form. */
    void dropThinking() {
        fields.remove("thinking");
        if (fields.get("output_config") instanceof ObjectNode config) {
            ObjectNode rest = config.deepCopy();
            rest.remove("effort");
            fields.set("output_config", rest);
        }
    }

    void mergeInto(ObjectNode body) {
        for (var entry : fields.properties()) {
            if (entry.getKey().equals("output_config")) {
                merge(entry.getValue(), body);
                if (body.path("output_config").isEmpty()) {
                    body.remove("output_config");
                }
            } else if (entry.getKey().equals("tools")
                    && entry.getValue() instanceof ArrayNode more) {
                body.withArray("/tools").addAll(more);
            } else {
                body.set(entry.getKey(), entry.getValue());
            }
        }
    }

    Set<String> betas() {
        return betas;
    }
}
