package dev.pillion.adapters.anthropic;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.Capability;
import dev.pillion.adapters.ListedModel;
import dev.pillion.adapters.ModelTraits;
import dev.pillion.adapters.ModelTraits.Thinking;
import dev.pillion.protocol.chat.Effort;
import dev.pillion.protocol.wire.Json;
import java.util.List;

/**
 * A model as this vendor's list has it. What the catalog does not know of is {@code null}, or not
 * supported; an unknown date is the epoch, as the vendor has it too.
 */
final class ModelInfo {
    private static final String NO_DATE = "1970-01-01T00:00:00Z";
    private static final String SUPPORTED = "supported";
    private static final List<Effort> LEVELS =
            List.of(Effort.LOW, Effort.MEDIUM, Effort.HIGH, Effort.XHIGH, Effort.MAX);

    private ModelInfo() {}

    static ObjectNode of(ListedModel model) {
        ModelTraits traits = model.traits();
        ObjectNode info = Json.object().put("type", "model").put("id", model.id());
        info.put("display_name", model.id()).put("created_at", NO_DATE);
        info.put("lifecycle", "active").putNull("line");
        info.putNull("deprecated_at").putNull("retires_at");
        info.put("max_input_tokens", traits.contextTokens() == 0 ? null : traits.contextTokens());
        info.put("max_tokens", traits.maxOutputTokens() == 0 ? null : traits.maxOutputTokens());
        info.set("capabilities", capabilities(traits));
        return info;
    }

    private static ObjectNode capabilities(ModelTraits traits) {
        ObjectNode can = Json.object();
        can.set("batch", supported(false));
        can.set("citations", supported(traits.can(Capability.WEBSEARCH)));
        can.set("code_execution", supported(false));
        can.set("context_management", supported(false));
        can.set("image_input", supported(traits.can(Capability.VISION)));
        can.set("pdf_input", supported(traits.can(Capability.DOCUMENTS)));
        can.set("structured_outputs", supported(traits.can(Capability.JSON_SCHEMA)));
        ObjectNode tools = can.putObject("server_tools");
        tools.put(SUPPORTED, traits.can(Capability.WEBSEARCH));
        tools.set("web_search", supported(traits.can(Capability.WEBSEARCH)));
        tools.set("code_execution", supported(false));
        ObjectNode effort = can.putObject("effort");
        effort.put(SUPPORTED, LEVELS.stream().anyMatch(traits.efforts()::contains));
        LEVELS.forEach(
                level -> effort.set(level.wire(), supported(traits.efforts().contains(level))));
        ObjectNode thinking = can.putObject("thinking");
        thinking.put(SUPPORTED, traits.thinking() != null);
        ObjectNode types = thinking.putObject("types");
        boolean adapts = traits.thinking() != null && traits.thinking() != Thinking.BUDGET;
        types.set("adaptive", supported(adapts));
        types.set("between_tools", supported(false));
        types.set("disabled", supported(traits.thinking() != Thinking.ALWAYS));
        types.set("enabled", supported(traits.thinking() == Thinking.BUDGET));
        return can;
    }

    private static ObjectNode supported(boolean yes) {
        return Json.object().put(SUPPORTED, yes);
    }
}
