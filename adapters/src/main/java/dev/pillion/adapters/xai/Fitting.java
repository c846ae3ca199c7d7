package dev.pillion.adapters.xai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.EncodeContext;
import dev.pillion.adapters.Losses;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.Message;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.chat.Tool;
import dev.pillion.protocol.chat.ToolChoice;
import dev.pillion.protocol.chat.WebSearch;
import dev.pillion.protocol.wire.Extras;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes of a request one that xAI can take: what only OpenAI has is turned into xAI's own or
 * refused by name.
 */
final class Fitting {
    private final ChatRequest request;
    private final EncodeContext context;
    private final Endpoint endpoint;
    private final ToolNames names;
    private final RawFields raw;
    private final PartFitting parts;
    private final Losses losses;

    Fitting(ChatRequest request, EncodeContext context, Endpoint endpoint, Losses losses) {
        this.request = request;
        this.context = context;
        this.endpoint = endpoint;
        this.names = new ToolNames(request);
        this.raw = new RawFields(endpoint, losses);
        this.parts = new PartFitting(context, names, raw, losses);
        this.losses = losses;
    }

    ChatRequest fitted() {
        ObjectNode top = raw.take(request);
        return new ChatRequest(
                request.model(),
                request.modelClass(),
                request.needs(),
                system(),
                messages(),
                tools(),
                choice(request.toolChoice()),
                request.parallelTools(),
                request.output(),
                request.effort(),
                request.sampling(),
                search(request.webSearch()),
                request.budget(),
                request.route(),
                request.cacheOff(),
                vendor(),
                request.tags(),
                request.stream(),
                extras(top));
    }

    private Map<String, ObjectNode> vendor() {
        Map<String, ObjectNode> vendor = new HashMap<>(request.vendor());
        ObjectNode own = raw.vendor(request, context.provider());
        vendor.remove(Names.SPEAKS);
        vendor.remove(Names.OPENAI);
        if (!own.isEmpty()) {
            vendor.put(context.provider(), own);
        }
        return vendor;
    }

    /** What other vendors' surfaces left stays, to be refused by name. */
    private Extras extras(ObjectNode top) {
        Map<String, ObjectNode> all = raw.left(request.extras());
        if (!top.isEmpty()) {
            ObjectNode there = all.get(raw.owner());
            all.put(raw.owner(), there == null ? top : there.deepCopy().setAll(top));
        }
        return all.isEmpty() ? Extras.NONE : new Extras(all, request.extras().optional());
    }

    private List<Part.Text> system() {
        List<Part.Text> system = new ArrayList<>();
        for (int i = 0; i < request.system().size(); i++) {
            system.add(parts.text(request.system().get(i), "/system/" + i));
        }
        return system;
    }

    private List<Message> messages() {
        List<Message> messages = new ArrayList<>();
        for (int i = 0; i < request.messages().size(); i++) {
            Message message = request.messages().get(i);
            String at = "/messages/" + i;
            messages.add(
                    new Message(
                            message.role(),
                            parts.all(message.content(), at),
                            raw.within(message.extras(), at)));
        }
        return messages;
    }

    private List<Tool> tools() {
        var fitting = new ToolFitting(endpoint, names, raw, losses);
        List<Tool> tools = new ArrayList<>();
        for (int i = 0; i < request.tools().size(); i++) {
            Tool tool = fitting.fitted(request.tools().get(i), "/tools/" + i);
            if (tool != null) {
                tools.add(tool);
            }
        }
        return tools;
    }

    private boolean isServerTool(String name) {
        for (Tool tool : request.tools()) {
            if (tool instanceof Tool.Vendor vendor
                    && ToolNames.isOwn(vendor)
                    && vendor.definition().path("type").asText().equals(name)) {
                return true;
            }
        }
        return false;
    }

    private @Nullable WebSearch search(@Nullable WebSearch search) {
        return search == null
                ? null
                : new WebSearch(
                        search.via(),
                        search.maxUses(),
                        search.allowedDomains(),
                        search.blockedDomains(),
                        search.location(),
                        search.cache(),
                        raw.within(search.extras(), "/websearch"));
    }

    private @Nullable ToolChoice choice(@Nullable ToolChoice choice) {
        return switch (choice) {
            case ToolChoice.Named named -> {
                if (isServerTool(named.name())) {
                    losses.lose("/tool_choice", "xAI can't be made to use a tool of its own");
                    yield null;
                }
                yield new ToolChoice.Named(names.sent(named.name()));
            }
            case ToolChoice.Allowed allowed ->
                    new ToolChoice.Allowed(
                            allowed.names().stream().map(names::sent).toList(), allowed.required());
            case null -> null;
            case ToolChoice.Auto _, ToolChoice.None _, ToolChoice.Required _ -> choice;
        };
    }
}
