package dev.pillion.adapters.corpus;

import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.Message;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.chat.Tool;
import dev.pillion.protocol.chat.WebSearch;
import dev.pillion.protocol.wire.Extras;
import java.util.List;
import java.util.Map;

/** A request with nothing raw in it: what of its meaning the uniform fields alone hold. */
public final class Plain {
    private Plain() {}

    public static ChatRequest of(ChatRequest request) {
        return new ChatRequest(
                request.model(),
                request.modelClass(),
                request.needs(),
                request.system().stream().map(t -> (Part.Text) plain(t)).toList(),
                request.messages().stream()
                        .map(m -> new Message(m.role(), parts(m.content())))
                        .toList(),
                request.tools().stream()
                        .filter(Tool.Function.class::isInstance)
                        .map(Plain::plain)
                        .toList(),
                request.toolChoice(),
                request.parallelTools(),
                request.output(),
                request.effort(),
                request.sampling(),
                plain(request.webSearch()),
                request.budget(),
                request.route(),
                request.cacheOff(),
                Map.of(),
                request.tags(),
                request.stream(),
                Extras.NONE);
    }

    private static WebSearch plain(WebSearch search) {
        return search == null
                ? null
                : new WebSearch(
                        search.via(),
                        search.maxUses(),
                        search.allowedDomains(),
                        search.blockedDomains(),
                        search.location(),
                        search.cache(),
                        Extras.NONE);
    }

    private static Tool plain(Tool tool) {
        var f = (Tool.Function) tool;
        return new Tool.Function(
                f.name(), f.description(), f.parameters(), f.strict(), f.cache(), Extras.NONE);
    }

    private static List<Part> parts(List<Part> parts) {
        return parts.stream()
                .filter(part -> !(part instanceof Part.VendorItem))
                .map(Plain::plain)
                .toList();
    }

    private static Part plain(Part part) {
        return switch (part) {
            case Part.Text t ->
                    new Part.Text(t.text(), t.citations(), t.seal(), t.cache(), Extras.NONE);
            case Part.Image i -> new Part.Image(i.source(), i.cache(), Extras.NONE);
            case Part.Document d ->
                    new Part.Document(d.source(), d.title(), d.cache(), Extras.NONE);
            case Part.ToolCall c ->
                    new Part.ToolCall(
                            c.id(), c.name(), c.arguments(), c.seal(), c.cache(), Extras.NONE);
            case Part.ToolResult r ->
                    new Part.ToolResult(
                            r.toolCallId(), parts(r.content()), r.error(), r.cache(), Extras.NONE);
            case Part.Thinking t -> new Part.Thinking(t.text(), t.seal(), Extras.NONE);
            case Part.Audio a -> new Part.Audio(a.source(), a.transcript(), a.cache(), Extras.NONE);
            case Part.Video v -> new Part.Video(v.source(), v.cache(), Extras.NONE);
            case Part.VendorItem _ -> part;
        };
    }
}
