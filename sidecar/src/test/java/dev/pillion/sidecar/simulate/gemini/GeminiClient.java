package dev.pillion.sidecar.simulate.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.sidecar.simulate.kit.Ask;
import dev.pillion.sidecar.simulate.kit.Corpus.Exchange;
import dev.pillion.sidecar.simulate.kit.Reply;
import dev.pillion.sidecar.simulate.kit.Trees;
import dev.pillion.sidecar.simulate.kit.VendorError;
import dev.pillion.sidecar.simulate.kit.Verdict;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import java.util.Set;

/** Asks a simulated Gemini without a socket. */
final class GeminiClient {
    private static final SimulatedGemini VENDOR = new SimulatedGemini(Set.of(), Clock.systemUTC());

    private GeminiClient() {}

    static Reply reply(Exchange exchange, JsonNode body) {
        return reply(exchange.path(), exchange.query(), body);
    }

    /** The reply as a verdict on the request. */
    static Verdict<Reply> verdict(Exchange exchange, JsonNode body) {
        var reply = reply(exchange, body);
        return reply.status() < 300
                ? new Verdict.Good<>(reply)
                : new Verdict.Bad<>(
                        new VendorError(reply.status(), "", message(reply), null, null));
    }

    static Reply reply(String path, String query, JsonNode body) {
        var bytes = body.toString().getBytes(StandardCharsets.UTF_8);
        var headers = Map.of("x-goog-api-key", "a-key", "content-type", "application/json");
        return VENDOR.answer(new Ask("POST", path, query, headers, bytes, 0));
    }

    /** The message of an error; empty for anything else. */
    static String message(Reply reply) {
        if (!(reply instanceof Reply.Whole whole) || !whole.body().contains("\"error\"")) {
            return "";
        }
        var body = Trees.own(whole.body());
        return (body.isArray() ? body.get(0) : body).path("error").path("message").asText();
    }
}
