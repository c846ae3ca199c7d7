package dev.pillion.adapters.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.EncodeContext;
import dev.pillion.adapters.RateLimits;
import dev.pillion.adapters.ReplyDecoder;
import dev.pillion.adapters.UpstreamCall;
import dev.pillion.adapters.UsageWatch;
import dev.pillion.adapters.openai.responses.ResponsesQuirks;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.Message;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.chat.Role;
import dev.pillion.protocol.chat.Seal;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.Headers;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Chat Completions towards a server of another vendor, with that server's differences. */
public final class ChatCodec {
    private final Quirks quirks;

    public ChatCodec(Quirks quirks) {
        this.quirks = quirks;
    }

    /**
     * Renders the request.
     *
     * @throws dev.pillion.protocol.fault.FaultException {@code unsupported} with the field's name
     */
    public UpstreamCall encode(ChatRequest request, EncodeContext context) {
        return new RequestEncoder(request, context, quirks).call();
    }

    /**
     * Reads the answer.
     *
     * @param heldTo the schema that the answer's text is held to; null: none
     */
    public ReplyDecoder decoder(ChatRequest request, @Nullable ObjectNode heldTo) {
        return new ChatDecoder(Media.audioType("wav"), heldTo, quirks, last(request.messages()));
    }

    /** Finds usage in answers of any method; {@code responses} tells of those of Responses. */
    public UsageWatch usageWatch(ResponsesQuirks responses) {
        return new OpenAiUsageWatch(quirks, responses);
    }

    /** The assistant's text that the conversation ends with; null where it does not. */
    static @Nullable String last(List<Message> messages) {
        if (messages.isEmpty() || messages.getLast().role() != Role.ASSISTANT) {
            return null;
        }
        var text = new StringBuilder();
        for (Part part : messages.getLast().content()) {
            if (part instanceof Part.Text one) {
                text.append(one.text());
            }
        }
        return text.toString();
    }

    /** What an answer other than 2xx means. */
    public static Fault fault(int status, Headers reply, byte[] body) {
        return Faults.of(status, reply, body);
    }

    /** What the answer's headers say of limits. */
    public static RateLimits rateLimits(Headers reply) {
        return RateLimitHeaders.read(reply);
    }

    /** Marks a tool call whose tool takes free text: its arguments are {@code {"input":"…"}}. */
    public static Seal customCall() {
        return Marks.custom();
    }
}
