package dev.pillion.sidecar.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.QueryFields;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.fault.FaultException;
import dev.pillion.protocol.wire.Headers;
import dev.pillion.protocol.wire.Json;
import dev.pillion.sidecar.exchange.Handler;
import dev.pillion.sidecar.exchange.Inbound;
import dev.pillion.sidecar.exchange.Responder;
import dev.pillion.sidecar.telemetry.Diagnostics;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The admin socket: answers in JSON, off the loop, since some of it reads files. */
public final class AdminHandler implements Handler {
    private static final Headers JSON = Headers.of("content-type", "application/json");

    private final Desk desk;
    private final Executor offLoop;
    private final Diagnostics diagnostics;

    public AdminHandler(Desk desk, Executor offLoop, Diagnostics diagnostics) {
        this.desk = desk;
        this.offLoop = offLoop;
        this.diagnostics = diagnostics;
    }

    private record Answer(int status, ObjectNode body) {}

    @Override
    public void handle(Inbound request, Responder out) {
        switch (request.method() + " " + request.path()) {
            case "GET /status" -> answer(out, () -> new Answer(200, desk.status()));
            case "GET /limits" -> answer(out, () -> new Answer(200, desk.limits()));
            case "POST /explain" -> answer(out, () -> explain(request));
            case "GET /routes" -> answer(out, () -> new Answer(200, desk.routes()));
            case "GET /health" -> answer(out, () -> new Answer(200, desk.health()));
            case "GET /version" -> answer(out, () -> new Answer(200, desk.version()));
            case "GET /usage" -> answer(out, () -> usage(request.query()));
            case "POST /reload" -> answer(out, this::reload);
            default ->
                    answer(
                            out,
                            () ->
                                    error(
                                            404,
                                            "nothing is served here (expected: GET /status, GET"
                                                    + " /routes, GET /health, GET /usage, GET"
                                                    + " /limits, GET /version, POST /explain or"
                                                    + " POST /reload)"));
        }
    }

    private Answer usage(@Nullable String query) {
        try {
            QueryFields asked = QueryFields.of(query);
            return new Answer(
                    200, desk.usage(asked.first("by"), asked.first("since"), asked.first("until")));
        } catch (FaultException e) {
            return error(400, e.fault().message());
        } catch (IllegalArgumentException e) {
            return error(400, String.valueOf(e.getMessage()));
        }
    }

    private Answer explain(Inbound request) {
        try {
            String path = QueryFields.of(request.query()).first("path");
            String surface = path == null ? "/v1/generate" : path;
            return new Answer(200, desk.explain(surface, request.headers(), request.body()));
        } catch (FaultException e) {
            return wrong(e.fault());
        }
    }

    private static Answer wrong(Fault fault) {
        String pointer = fault.pointer();
        boolean said = pointer == null || fault.message().contains(pointer);
        String message = said ? fault.message() : fault.message() + " (at " + pointer + ")";
        Answer answer = error(fault.kind().status(), message);
        answer.body().withObject("/error").put("kind", fault.kind().wire()).put("pointer", pointer);
        return answer;
    }

    private Answer reload() {
        Desk.Reloaded reloaded = desk.reload();
        if (!reloaded.problems().isEmpty()) {
            return error(
                    409,
                    "the configuration is refused, the one in force stays: "
                            + String.join("; ", reloaded.problems()));
        }
        ObjectNode body = Json.object().put("reloaded", true);
        ArrayNode warnings = body.putArray("warnings");
        reloaded.warnings().forEach(warnings::add);
        return new Answer(200, body);
    }

    private static Answer error(int status, String message) {
        ObjectNode body = Json.object();
        body.putObject("error").put("message", message);
        return new Answer(status, body);
    }

    private void answer(Responder out, Supplier<Answer> work) {
        offLoop.execute(() -> {
            Answer answer;
            try {
                answer = work.get();
            } catch (RuntimeException e) {
                diagnostics.defect("the admin socket", e);
                answer = error(500, "a defect in Pillion; see its standard error");
            }
            Answer made = answer;
            byte[] body = Json.bytes(made.body());
            out.loop().execute(() -> out.reply(made.status(), JSON, body));
        });
    }
}
