package dev.pillion.sidecar.simulate.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.sidecar.simulate.kit.Trees;
import dev.pillion.sidecar.simulate.kit.Wording;
import java.util.ArrayList;
import java.util.List;

/** What the search models say: cited, with links in the text. Offsets count code points. */
final class SearchAnswer {
    private static final List<List<String>> PAGES =
            List.of(
                    List.of(
                            "Zürich – Überblick 🏔",
                            "https://example.org/z%C3%BCrich",
                            "Zürich zählt rund 450 000 Einwohner 🏔."),
                    List.of("東京の天気", "https://example.com/tokyo", "東京は晴れ、最高気温は21℃。"));

    private SearchAnswer() {}

    static ChatAnswer of(String question) {
        var text =
                new StringBuilder("On “" + Wording.shorten(question.strip()) + "” the web says: ");
        var annotations = new ArrayList<ObjectNode>();
        for (var page : PAGES) {
            text.append(page.get(2)).append(' ');
            int start = codePoints(text);
            text.append("([example](").append(page.get(1)).append("))");
            var annotation = Trees.object().put("type", "url_citation");
            annotation
                    .putObject("url_citation")
                    .put("start_index", start)
                    .put("end_index", codePoints(text))
                    .put("title", page.get(0))
                    .put("url", page.get(1));
            annotations.add(annotation);
            text.append("\n\n");
        }
        return new ChatAnswer(
                text.toString().strip(), null, List.of(), null, annotations, null, "stop");
    }

    private static int codePoints(StringBuilder text) {
        return text.codePointCount(0, text.length());
    }
}
