package dev.pillion.adapters.openai.embeddings;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.EncodeContext;
import dev.pillion.adapters.Losses;
import dev.pillion.adapters.UpstreamCall;
import dev.pillion.adapters.openai.Marks;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.embed.EmbedInput;
import dev.pillion.protocol.embed.EmbedInput.Content;
import dev.pillion.protocol.embed.EmbedRequest;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.Headers;
import dev.pillion.protocol.wire.Json;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Renders one request. Deterministic: the same request gives the same bytes. */
final class RequestEncoder {
    static final String PATH = "/embeddings";
    static final Headers HEADERS =
            Headers.of("content-type", "application/json", "accept", "application/json");

    private final EmbedRequest request;
    private final EncodeContext context;
    private final Losses losses;
    private final ObjectNode body = Json.object();

    RequestEncoder(EmbedRequest request, EncodeContext context) {
        this.request = request;
        this.context = context;
        this.losses = new Losses(context.lossy());
    }

    UpstreamCall call() {
        losses.loseForeign(request.extras(), Marks.SPEAKS, "");
        ObjectNode own = request.extras().forVendor(Marks.SPEAKS);
        if (own != null) {
            body.setAll(own);
        }
        body.put("model", context.model().id());
        inputs();
        Integer dimensions = dimensions();
        if (dimensions != null) {
            body.put("dimensions", dimensions);
        }
        if (request.encoding() != null) {
            body.put("encoding_format", request.encoding().wire());
        }
        if (request.user() != null) {
            body.put("user", request.user());
        }
        return new UpstreamCall(
                "POST",
                PATH,
                HEADERS,
                List.of(Json.sink(body).view()),
                false,
                losses.dropped(),
                null);
    }

    private void inputs() {
        ArrayNode inputs = body.putArray("input");
        for (int i = 0; i < request.inputs().size(); i++) {
            String pointer = "/inputs/" + i;
            EmbedInput input = request.inputs().get(i);
            losses.loseForeign(input.extras(), Marks.SPEAKS, pointer);
            if (input.task() != null) {
                losses.lose(pointer + "/task", "OpenAI has no word for what a vector is for");
            }
            if (input.title() != null) {
                losses.lose(pointer + "/title", "OpenAI embeds no titles");
            }
            content(input.content(), pointer, inputs);
        }
    }

    private static void content(Content content, String pointer, ArrayNode inputs) {
        switch (content) {
            case Content.Text text -> inputs.add(text.text());
            case Content.Tokens ready -> {
                ArrayNode tokens = inputs.addArray();
                for (int token : ready.tokens()) {
                    tokens.add(token);
                }
            }
            case Content.Parts several -> inputs.add(onlyText(several.parts(), pointer));
        }
    }

    private static String onlyText(List<Part> parts, String pointer) {
        if (parts.size() == 1 && parts.getFirst() instanceof Part.Text text) {
            return text.text();
        }
        String found = parts.stream().allMatch(Part.Text.class::isInstance) ? "several" : "other";
        String message = pointer + "/content: " + found + " parts (OpenAI embeds one text)";
        throw Fault.unsupported(message, pointer + "/content").asException();
    }

    /** The one length for all. */
    private @Nullable Integer dimensions() {
        Integer first = request.inputs().getFirst().dimensions();
        for (int i = 1; i < request.inputs().size(); i++) {
            Integer other = request.inputs().get(i).dimensions();
            if (!Objects.equals(first, other)) {
                String pointer = "/inputs/" + i + "/dimensions";
                String found = pointer + ": " + shown(other) + ", before " + shown(first);
                throw Fault.unsupported(found + " (OpenAI has one length for all)", pointer)
                        .asException();
            }
        }
        return first;
    }

    private static String shown(@Nullable Integer dimensions) {
        return dimensions == null ? "none" : dimensions.toString();
    }
}
