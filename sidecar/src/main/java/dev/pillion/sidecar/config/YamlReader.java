package dev.pillion.sidecar.config;

import dev.pillion.sidecar.config.DocumentParser.Malformed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.CoreScalarResolver;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;

/**
 * YAML 1.2 text to {@link Node}s, straight from the parser's events, so that depth and aliases are
 * bounded before anything is built.
 */
final class YamlReader {
    private static final int MOST_ALIASES = 200;
    private static final ScalarResolver RESOLVER = new CoreScalarResolver(false);

    private final Iterator<Event> events;
    private final Map<Anchor, Node> anchors = new HashMap<>();
    private int aliases;

    private YamlReader(Iterator<Event> events) {
        this.events = events;
    }

    static Node parse(String text) throws Malformed {
        LoadSettings settings =
                LoadSettings.builder().setCodePointLimit(DocumentParser.LARGEST_CHARS).build();
        try {
            return new YamlReader(new Parse(settings).parseString(text).iterator()).stream();
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(m -> m.getLine() + 1).orElse(0);
            throw new Malformed("not well-formed YAML: " + unquoted(e.getProblem()), line);
        } catch (YamlEngineException e) {
            throw new Malformed("not well-formed YAML", 0);
        }
    }

    /** What the YAML library says, without the bits of the text that it quotes. */
    private static String unquoted(String problem) {
        return problem.replaceAll("'[^']{4,}'", "'…'")
                .replaceAll("alias .*", "alias")
                .replaceAll("\\s+", " ");
    }

    private Node stream() throws Malformed {
        events.next(); // stream start
        if (events.next().getEventId() == Event.ID.StreamEnd) {
            return new Node.Scalar("", Node.Kind.NULL, 1);
        }
        Node root = node(events.next(), 1);
        events.next(); // document end
        Event next = events.next();
        if (next.getEventId() != Event.ID.StreamEnd) {
            throw new Malformed("more than one YAML document", line(next));
        }
        return root;
    }

    private Node node(Event event, int depth) throws Malformed {
        int line = line(event);
        DocumentParser.limit(depth, line);
        return switch (event) {
            case AliasEvent alias -> alias(alias, line);
            case ScalarEvent scalar -> anchored(scalar.getAnchor(), scalar(scalar, line));
            case MappingStartEvent start -> {
                plainTag(start, Tag.MAP, line);
                yield anchored(start.getAnchor(), mapping(line, depth));
            }
            case SequenceStartEvent start -> {
                plainTag(start, Tag.SEQ, line);
                yield anchored(start.getAnchor(), sequence(line, depth));
            }
            default -> throw new Malformed("not well-formed YAML", line);
        };
    }

    private Node anchored(Optional<Anchor> anchor, Node node) {
        anchor.ifPresent(name -> anchors.put(name, node));
        return node;
    }

    /** The node that was named, whole: one that is still being read can't be meant. */
    private Node alias(AliasEvent alias, int line) throws Malformed {
        Node named = anchors.get(alias.getAlias());
        if (named == null) {
            throw new Malformed("an alias of nothing before it", line);
        }
        if (++aliases > MOST_ALIASES) {
            throw new Malformed("more than " + MOST_ALIASES + " aliases", line);
        }
        return named;
    }

    private Node mapping(int line, int depth) throws Malformed {
        var entries = new ArrayList<Node.Entry>();
        Event event = events.next();
        while (event.getEventId() != Event.ID.MappingEnd) {
            if (!(event instanceof ScalarEvent key)) {
                throw new Malformed("a key that is no text", line(event));
            }
            Node value = node(events.next(), depth + 1);
            entries.add(new Node.Entry(key.getValue(), value, line(key)));
            event = events.next();
        }
        return new Node.Entries(entries, line);
    }

    private Node sequence(int line, int depth) throws Malformed {
        var items = new ArrayList<Node>();
        Event event = events.next();
        while (event.getEventId() != Event.ID.SequenceEnd) {
            items.add(node(event, depth + 1));
            event = events.next();
        }
        return new Node.Items(items, line);
    }

    private static Node scalar(ScalarEvent event, int line) throws Malformed {
        String tag = event.getTag().orElse(null);
        boolean text = tag == null ? !event.isPlain() : isText(tag, line);
        Node.Kind kind = text ? Node.Kind.TEXT : kind(RESOLVER.resolve(event.getValue(), true));
        return new Node.Scalar(event.getValue(), kind, line);
    }

    private static boolean isText(String tag, int line) throws Malformed {
        if (tag.equals("!") || tag.equals(Tag.STR.getValue())) {
            return true;
        }
        throw new Malformed("a YAML tag that documents do not use", line);
    }

    private static void plainTag(CollectionStartEvent start, Tag usual, int line) throws Malformed {
        String tag = start.getTag().orElse(null);
        if (tag != null && !tag.equals("!") && !tag.equals(usual.getValue())) {
            throw new Malformed("a YAML tag that documents do not use", line);
        }
    }

    private static Node.Kind kind(Tag tag) {
        if (Tag.INT.equals(tag) || Tag.FLOAT.equals(tag)) {
            return Node.Kind.NUMBER;
        }
        if (Tag.BOOL.equals(tag)) {
            return Node.Kind.BOOLEAN;
        }
        return Tag.NULL.equals(tag) ? Node.Kind.NULL : Node.Kind.TEXT;
    }

    private static int line(Event event) {
        return event.getStartMark().map(Mark::getLine).orElse(-1) + 1;
    }
}
