package dev.pillion.adapters.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pillion.adapters.ReplyContext;
import dev.pillion.adapters.ReplyEncoder;
import dev.pillion.adapters.Surface;
import dev.pillion.protocol.chat.ChatEvent;
import dev.pillion.protocol.chat.ChatReply;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.Cost;
import dev.pillion.protocol.chat.Ending;
import dev.pillion.protocol.chat.ReplyFold;
import dev.pillion.protocol.chat.Stop;
import dev.pillion.protocol.chat.StopReason;
import dev.pillion.protocol.chat.Usage;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.fault.FaultException;
import dev.pillion.protocol.wire.ByteSink;
import dev.pillion.protocol.wire.Headers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** A client of the surface, for tests: what it sends, and what it gets back. */
final class GeminiSurface {
    static final GeminiDialect DIALECT = new GeminiDialect();
    static final String WHOLE = "/v1beta/models/gemini-x:generateContent";
    static final String STREAM = "/v1beta/models/gemini-x:streamGenerateContent";
    static final Usage USAGE = new Usage(100, 40, 0, 0, 30, 10, 0, 0, 0, null, false);

    private static final ObjectMapper JSON = new ObjectMapper();

    private GeminiSurface() {}

    /** JSON with single quotes, for the eye. */
    static Surface surface(String path, String query, String body) {
        byte[] utf8 = body.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        return new Surface(path, query, Headers.NONE, utf8);
    }

    static ChatRequest decode(String body) {
        return DIALECT.decode(surface(WHOLE, null, body));
    }

    /** The fault of a request that is refused. */
    static Optional<Fault> refused(Surface surface) {
        try {
            DIALECT.decode(surface);
            return Optional.empty();
        } catch (FaultException e) {
            return Optional.of(e.fault());
        }
    }

    static ReplyContext context(Surface client) {
        return new ReplyContext("req-1", "gemini-x", 0, true, client);
    }

    static Ending ending(Stop stop, ReplyFold fold) {
        return new Ending(stop, USAGE, Cost.UNKNOWN, null, fold.sources());
    }

    /** The whole answer of the events. */
    static JsonNode whole(Surface client, List<ChatEvent> events, StopReason reason) {
        return whole(client, events, new Stop(reason));
    }

    static JsonNode whole(Surface client, List<ChatEvent> events, Stop stop) {
        var fold = new ReplyFold();
        events.forEach(fold::accept);
        var reply = new ChatReply("id", "m", fold.content(), ending(stop, fold));
        return json(DIALECT.reply(reply, context(client)));
    }

    /** The stream of the events, as it goes to the client. */
    static String stream(Surface client, List<ChatEvent> events, Stop stop) {
        var fold = new ReplyFold();
        events.forEach(fold::accept);
        ReplyEncoder encoder = DIALECT.encoder(context(client));
        var out = new ByteSink();
        events.forEach(event -> encoder.event(event, out));
        encoder.finish(ending(stop, fold), out);
        return new String(out.toByteArray(), StandardCharsets.UTF_8);
    }

    static JsonNode json(byte[] utf8) {
        try {
            return JSON.readTree(utf8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode json(String text) {
        return json(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    static JsonNode exact(String text) {
        return json(text.getBytes(StandardCharsets.UTF_8));
    }
}
