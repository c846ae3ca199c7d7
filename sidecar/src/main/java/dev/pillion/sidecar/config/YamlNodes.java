package dev.pillion.sidecar.config;

import dev.pillion.sidecar.config.DocumentParser.Malformed;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** YAML 1.2 text to {@link Node}s; what an alias names again is converted once. */
final class YamlNodes {
    private static final int MOST_ALIASES = 50;

    private final IdentityHashMap<org.snakeyaml.engine.v2.nodes.Node, Node> done =
            new IdentityHashMap<>();

    private YamlNodes() {}

    static Node parse(String text) throws Malformed {
        LoadSettings settings =
                LoadSettings.builder()
                        .setSchema(new CoreSchema())
                        .setMaxAliasesForCollections(MOST_ALIASES)
                        .setCodePointLimit(DocumentParser.LARGEST_CHARS)
                        .setUseMarks(true)
                        .build();
        try {
            var root = new Compose(settings).composeString(text);
            return root.isEmpty()
                    ? new Node.Scalar("", Node.Kind.NULL, 1)
                    : new YamlNodes().convert(root.get(), 1);
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(m -> m.getLine() + 1).orElse(0);
            throw new Malformed("not well-formed YAML: " + unquoted(e.getProblem()), line);
        } catch (YamlEngineException e) {
            throw new Malformed("not well-formed YAML", 0);
        }
    }

    /** What the YAML library says, without the bits of the text that it quotes. */
    private static String unquoted(String problem) {
        return problem.replaceAll("'[^']{4,}'", "'…'").replaceAll("\\s+", " ");
    }

    private Node convert(org.snakeyaml.engine.v2.nodes.Node from, int depth) throws Malformed {
        int line = line(from);
        DocumentParser.limit(depth, line); // also ends a node that contains itself
        Node known = done.get(from);
        if (known != null) {
            return known;
        }
        Node made =
                switch (from) {
                    case MappingNode mapping -> mapping(mapping, line, depth);
                    case SequenceNode sequence -> sequence(sequence, line, depth);
                    case ScalarNode scalar -> scalar(scalar, line);
                    default -> throw new Malformed("a YAML node of no known kind", line);
                };
        done.put(from, made);
        return made;
    }

    private Node mapping(MappingNode from, int line, int depth) throws Malformed {
        var entries = new ArrayList<Node.Entry>();
        for (NodeTuple tuple : from.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                throw new Malformed("a key that is no text", line(tuple.getKeyNode()));
            }
            Node value = convert(tuple.getValueNode(), depth + 1);
            entries.add(new Node.Entry(key.getValue(), value, line(key)));
        }
        return new Node.Entries(entries, line);
    }

    private Node sequence(SequenceNode from, int line, int depth) throws Malformed {
        var items = new ArrayList<Node>();
        for (org.snakeyaml.engine.v2.nodes.Node item : from.getValue()) {
            items.add(convert(item, depth + 1));
        }
        return new Node.Items(items, line);
    }

    private static Node scalar(ScalarNode from, int line) throws Malformed {
        return new Node.Scalar(from.getValue(), kind(from.getTag(), line), line);
    }

    private static Node.Kind kind(Tag tag, int line) throws Malformed {
        if (Tag.STR.equals(tag)) {
            return Node.Kind.TEXT;
        }
        if (Tag.INT.equals(tag) || Tag.FLOAT.equals(tag)) {
            return Node.Kind.NUMBER;
        }
        if (Tag.BOOL.equals(tag)) {
            return Node.Kind.BOOLEAN;
        }
        if (Tag.NULL.equals(tag)) {
            return Node.Kind.NULL;
        }
        throw new Malformed("a YAML tag that documents do not use", line);
    }

    private static int line(org.snakeyaml.engine.v2.nodes.Node node) {
        return node.getStartMark().map(Mark::getLine).orElse(-1) + 1;
    }
}
