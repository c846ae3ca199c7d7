package dev.pillion.sidecar.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** Documents that tests read, and ways to change them. */
final class Documents {
    private Documents() {}

    static String full() {
        try (var in = Documents.class.getResourceAsStream("full.yaml")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode tree(String text) {
        try {
            return tree(DocumentParser.parse(text));
        } catch (DocumentParser.Malformed e) {
            throw new AssertionError(e);
        }
    }

    private static JsonNode tree(Node node) {
        var make = JsonNodeFactory.instance;
        return switch (node) {
            case Node.Entries entries -> {
                var object = make.objectNode();
                entries.entries().forEach(e -> object.set(e.key(), tree(e.value())));
                yield object;
            }
            case Node.Items items -> {
                var array = make.arrayNode();
                items.items().forEach(item -> array.add(tree(item)));
                yield array;
            }
            case Node.Scalar s ->
                    switch (s.kind()) {
                        case TEXT -> make.textNode(s.text());
                        case NUMBER -> make.numberNode(new BigDecimal(s.text()));
                        case BOOLEAN -> make.booleanNode(s.text().equalsIgnoreCase("true"));
                        case NULL -> make.nullNode();
                    };
        };
    }

    static Config config(String text) {
        var result = ConfigReader.read(text);
        if (!result.problems().isEmpty()) {
            throw new AssertionError(lines(result));
        }
        return Objects.requireNonNull(result.config());
    }

    static List<String> lines(ConfigReader.Result result) {
        return result.problems().stream().map(Problem::text).toList();
    }
}
