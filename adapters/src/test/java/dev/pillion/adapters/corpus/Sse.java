package dev.pillion.adapters.corpus;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** The plainest reading of an event stream: the JSON of every frame's data, in order. */
public final class Sse {
    private Sse() {}

    public static List<JsonNode> data(String stream) {
        List<JsonNode> data = new ArrayList<>();
        for (String frame : stream.replace("\r\n", "\n").replace('\r', '\n').split("\n\n", -1)) {
            List<String> lines = new ArrayList<>();
            for (String line : frame.split("\n", -1)) {
                if (line.startsWith("data:")) {
                    lines.add(line.substring(5).stripLeading());
                }
            }
            String text = String.join("\n", lines);
            if (!text.isBlank() && !text.equals("[DONE]")) {
                data.add(Corpus.json(text));
            }
        }
        return data;
    }
}
