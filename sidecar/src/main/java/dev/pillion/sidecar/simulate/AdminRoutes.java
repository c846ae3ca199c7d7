package dev.pillion.sidecar.simulate;

import dev.pillion.sidecar.simulate.kit.Ask;
import dev.pillion.sidecar.simulate.kit.Reply;
import dev.pillion.sidecar.simulate.kit.Trees;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The simulator's own paths: {@code /__fault} and {@code /__log}. They are not logged. */
final class AdminRoutes {
    private final FaultSwitch faults;
    private final RequestLog log;

    AdminRoutes(FaultSwitch faults, RequestLog log) {
        this.faults = faults;
        this.log = log;
    }

    /** The answer, or null where the path is the vendor's. */
    @Nullable Reply answer(Ask ask) {
        if (!ask.path().startsWith("/__")) {
            return null;
        }
        return switch (ask.method() + " " + ask.path()) {
            case "POST /__fault" -> arm(ask);
            case "DELETE /__fault" -> {
                faults.clear();
                yield json(200, "{\"armed\": 0}");
            }
            case "GET /__log" -> json(200, Trees.write(log.json()));
            case "DELETE /__log" -> {
                log.clear();
                yield json(200, "{\"requests\": 0}");
            }
            default -> json(404, "{\"error\": \"no such path of the simulator\"}");
        };
    }

    private Reply arm(Ask ask) {
        try {
            FaultJson.arm(Trees.read(ask.body()), faults);
            return json(200, "{\"armed\": true}");
        } catch (IOException | IllegalArgumentException e) {
            var error = Trees.object().put("error", String.valueOf(e.getMessage()));
            return json(400, Trees.write(error));
        }
    }

    private static Reply json(int status, String body) {
        return new Reply.Whole(status, Map.of("content-type", "application/json"), body);
    }
}
