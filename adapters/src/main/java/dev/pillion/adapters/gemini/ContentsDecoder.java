package dev.pillion.adapters.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.chat.Message;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.chat.Role;
import dev.pillion.protocol.chat.Seal;
import dev.pillion.protocol.wire.Extras;
import dev.pillion.protocol.wire.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the contents. Function responses become messages of their own; model contents that follow
 * each other are one message, and texts that a stream had cut are one text.
 */
final class ContentsDecoder {
    /**
     * Begins the id of a call that came without one; its number in the conversation follows. It has
     * the form of those that are left out again towards the vendor.
     */
    static final String MADE_ID = "gcall_0000000000000000_";

    /** A call that waits for its response. */
    private record Pending(String id, String name) {
        boolean made() {
            return GeminiCallIds.isMade(id);
        }
    }

    private final List<Message> messages = new ArrayList<>();
    private final List<Part> model = new ArrayList<>();
    private ObjectNode modelFields = Json.object();
    private boolean inModel;
    private final List<Pending> pending = new ArrayList<>();
    private int calls;

    List<Message> decode(List<GeminiObject.Item> contents) {
        for (GeminiObject.Item item : contents) {
            content(item.object());
        }
        endModel();
        return List.copyOf(messages);
    }

    private void content(GeminiObject content) {
        List<GeminiObject.Item> parts = content.list("parts");
        String role = content.text("role");
        switch (role == null || role.isEmpty() ? implied(parts) : role) {
            case "model" -> model(content, parts);
            case "user", "function" -> {
                endModel();
                user(content, parts);
            }
            case "system" -> {
                endModel();
                List<Part> texts = new ArrayList<>();
                for (GeminiObject.Item part : parts) {
                    texts.add(GeminiPartDecoder.ofUser(part.object(), part.node()));
                }
                messages.add(new Message(Role.SYSTEM, List.copyOf(texts), extras(content.rest())));
            }
            default ->
                    throw GeminiObject.wrong(
                            content.get("role"), content.at("role"), "user or model");
        }
    }

    /** Without a role it is the user who speaks, but for calls, which only a model makes. */
    private static String implied(List<GeminiObject.Item> parts) {
        boolean calls = parts.stream().anyMatch(part -> part.object().has("functionCall"));
        return calls ? "model" : "user";
    }

    private static Extras extras(ObjectNode rest) {
        return Extras.of(GeminiApi.NAME, rest);
    }

    private void model(GeminiObject content, List<GeminiObject.Item> items) {
        if (!inModel) {
            pending.clear();
            inModel = true;
        }
        boolean first = true;
        for (GeminiObject.Item item : items) {
            GeminiObject part = item.object();
            if (part.has("functionResponse")) {
                throw GeminiObject.wrong(
                        null, part.at("functionResponse"), "none in a model's content");
            }
            add(
                    GeminiPartDecoder.ofModel(part, item.node(), MADE_ID + (calls + 1)),
                    first,
                    part.at("thoughtSignature"));
            first = false;
        }
        modelFields.setAll(content.rest());
    }

    private void add(Part part, boolean joins, String pointer) {
        Seal seal = part.seal();
        if (part instanceof Part.ToolCall call) {
            calls++;
            pending.add(new Pending(call.id(), call.name()));
        }
        if (seal == null || !Carrier.is(seal)) {
            if (joins && !model.isEmpty()) {
                Part joined = joined(model.getLast(), part);
                if (joined != null) {
                    model.set(model.size() - 1, joined);
                    return;
                }
            }
            model.add(part);
            return;
        }
        Part plain = resealed(part, Carrier.own(seal, pointer));
        boolean text = plain instanceof Part.Text;
        if (text) {
            model.add(plain);
        }
        Carrier.restore(seal, model, pointer);
        if (!text) {
            model.add(plain);
        }
    }

    private static Part resealed(Part part, @Nullable Seal seal) {
        return switch (part) {
            case Part.Text text ->
                    new Part.Text(text.text(), text.citations(), seal, text.cache(), text.extras());
            case Part.ToolCall call ->
                    new Part.ToolCall(
                            call.id(),
                            call.name(),
                            call.arguments(),
                            seal,
                            call.cache(),
                            call.extras());
            case Part.Thinking thinking ->
                    new Part.Thinking(thinking.text(), seal, thinking.extras());
            case Part.Image image ->
                    new Part.Image(image.source(), seal, image.cache(), image.extras());
            case Part.Audio audio ->
                    new Part.Audio(
                            audio.source(),
                            audio.transcript(),
                            seal,
                            audio.cache(),
                            audio.extras());
            case Part.Video video ->
                    new Part.Video(video.source(), seal, video.cache(), video.extras());
            case Part.Document _, Part.ToolResult _, Part.VendorItem _ -> part;
        };
    }

    /** Two pieces of one text, or of one thinking; null when they are not. */
    private static @Nullable Part joined(Part before, Part next) {
        boolean plain =
                before.seal() == null
                        && next.seal() == null
                        && before.extras().isEmpty()
                        && next.extras().isEmpty();
        if (!plain) {
            return null;
        }
        if (before instanceof Part.Text one && next instanceof Part.Text other) {
            return new Part.Text(one.text() + other.text());
        }
        if (before instanceof Part.Thinking one && next instanceof Part.Thinking other) {
            return new Part.Thinking(one.text() + other.text(), null, Extras.NONE);
        }
        return null;
    }

    private void endModel() {
        if (inModel) {
            messages.add(new Message(Role.ASSISTANT, List.copyOf(model), extras(modelFields)));
            model.clear();
            modelFields = Json.object();
            inModel = false;
        }
    }

    /** Responses and what else the user says, in the order they came in. */
    private void user(GeminiObject content, List<GeminiObject.Item> items) {
        List<Part> run = new ArrayList<>();
        Role role = Role.USER;
        Extras left = extras(content.rest());
        for (GeminiObject.Item item : items) {
            GeminiObject part = item.object();
            Role own = part.has("functionResponse") ? Role.TOOL : Role.USER;
            if (own != role && !run.isEmpty()) {
                messages.add(new Message(role, List.copyOf(run), left));
                left = Extras.NONE;
                run.clear();
            }
            role = own;
            run.add(own == Role.TOOL ? response(part) : ofUser(part, item.node()));
        }
        messages.add(new Message(role, List.copyOf(run), left));
    }

    private static Part ofUser(GeminiObject part, JsonNode raw) {
        return GeminiPartDecoder.ofUser(part, raw);
    }

    private Part response(GeminiObject part) {
        GeminiObject response = part.object("functionResponse");
        if (response == null) {
            throw GeminiObject.wrong(null, part.at("functionResponse"), "an object");
        }
        String id = response.text("id");
        String name = response.text("name");
        Pending call = answered(id == null || id.isEmpty() ? null : id, name);
        String used = call != null ? call.id() : id;
        if (used == null || used.isEmpty()) {
            used = MADE_ID + ++calls;
        }
        return GeminiResultDecoder.result(used, response, part, call == null ? null : call.name());
    }

    /** The call that is answered: by id, else the first of that name that has none. */
    private @Nullable Pending answered(@Nullable String id, @Nullable String name) {
        for (Pending call : pending) {
            boolean same = id != null ? call.id().equals(id) : call.name().equals(name);
            if (same) {
                pending.remove(call);
                return call;
            }
        }
        if (id != null) {
            for (Pending call : pending) {
                if (call.made() && call.name().equals(name)) {
                    pending.remove(call);
                    return call;
                }
            }
        }
        return null;
    }
}
