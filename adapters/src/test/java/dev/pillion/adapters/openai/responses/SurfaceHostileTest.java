package dev.pillion.adapters.openai.responses;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.chat.ChatReply;
import dev.pillion.protocol.chat.Cost;
import dev.pillion.protocol.chat.Ending;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.chat.Seal;
import dev.pillion.protocol.chat.Stop;
import dev.pillion.protocol.chat.StopReason;
import dev.pillion.protocol.chat.Usage;
import dev.pillion.protocol.fault.FaultException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Requests of this surface that are broken in one place. */
class SurfaceHostileTest {
    private static final String RICH =
            """
            {"model":"m","instructions":"i","stream":true,"max_output_tokens":9,"store":false,
             "reasoning":{"effort":"low","summary":"auto"},"include":["a"],"metadata":{"k":"v"},
             "text":{"format":{"type":"json_schema","name":"n","schema":{"type":"object"},"strict":true}},
             "tools":[{"type":"function","name":"f","parameters":{"type":"object"},"strict":true},
              {"type":"web_search","filters":{"allowed_domains":["a.org"]},
               "user_location":{"type":"approximate","city":"Oslo"}},
              {"type":"custom","name":"c","format":{"type":"text"}}],
             "tool_choice":{"type":"allowed_tools","mode":"auto","tools":[{"type":"function","name":"f"}]},
             "input":[{"role":"system","content":"s"},
              {"role":"user","content":[{"type":"input_text","text":"t",
                "prompt_cache_breakpoint":{"mode":"explicit"}},
               {"type":"input_image","image_url":"data:image/png;base64,aGk=","detail":"low"},
               {"type":"input_file","file_data":"data:application/pdf;base64,aGk=","filename":"a"},
               {"type":"input_audio","input_audio":{"data":"aGk=","format":"wav"}}]},
              {"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"x"}],
               "encrypted_content":"SEAL"},
              {"type":"message","role":"assistant","phase":"commentary","content":[
               {"type":"output_text","text":"t","annotations":[{"type":"url_citation","url":"u",
                "title":"t","start_index":0,"end_index":1}]},{"type":"refusal","refusal":"r"}]},
              {"type":"function_call","call_id":"c1","name":"f","arguments":"{}"},
              {"type":"custom_tool_call","call_id":"c2","name":"c","input":"x"},
              {"type":"web_search_call","id":"ws","status":"completed","action":{"type":"search"}},
              {"type":"image_generation_call","id":"ig_pln_1","result":"aGk="},
              {"type":"function_call_output","call_id":"c1","output":[{"type":"input_text","text":"o"}]},
              {"type":"custom_tool_call_output","call_id":"c2","output":"o"},
              {"type":"tool_search_output","execution":"client","tools":[]}]}\
            """;

    @Test
    @DisplayName("F4 F54: a request broken in any one place is refused or read, and never more")
    void aRequestBrokenInAnyOnePlaceIsRefusedOrRead() {
        var notes = new Carried.Notes();
        notes.call("c1", new Seal("gemini", null, null, "x"));
        JsonNode base = Accumulated.json(RICH.replace("SEAL", notes.carrier()));
        var random = new Random(31);
        int refused = 0;
        for (int i = 0; i < 5_000; i++) {
            String body = broken(base, random);
            try {
                var request = SurfaceRoundTripTest.decode(body);
                var context = SurfaceRoundTripTest.context(body);
                var ending =
                        new Ending(
                                new Stop(StopReason.END),
                                Usage.NONE,
                                Cost.UNKNOWN,
                                null,
                                List.of());
                var reply = new ChatReply("x", "m", List.of(new Part.Text("Hi")), ending);
                new ResponsesDialect().reply(reply, context);
                assertFalse(request.messages().isEmpty() && request.system().isEmpty(), body);
            } catch (FaultException e) {
                refused++;
                assertTrue(e.fault().pointer() != null, body);
            }
        }
        assertTrue(refused > 500, "so few: " + refused);
    }

    private static final List<String> VALUES =
            List.of("null", "true", "-1", "1e400", "\"\"", "\"x\"", "[]", "[null]", "{}", "[[1]]");

    /** The JSON with one value made another, or gone. */
    private static String broken(JsonNode tree, Random random) {
        JsonNode copy = tree.deepCopy();
        List<ObjectNode> objects = new ArrayList<>();
        collect(copy, objects);
        ObjectNode object = objects.get(random.nextInt(objects.size()));
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        String name = names.get(random.nextInt(names.size()));
        if (random.nextInt(5) == 0) {
            object.remove(name);
        } else {
            object.set(name, Accumulated.json(VALUES.get(random.nextInt(VALUES.size()))));
        }
        return copy.toString();
    }

    private static void collect(JsonNode node, List<ObjectNode> into) {
        if (node instanceof ObjectNode object && !object.isEmpty()) {
            into.add(object);
        }
        node.forEach(child -> collect(child, into));
    }
}
