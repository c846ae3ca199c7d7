package dev.pillion.sidecar.simulate.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.sidecar.simulate.kit.Shape;
import dev.pillion.sidecar.simulate.kit.Trees;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The liberties of proto3 JSON, taken out before a request is checked: names in snake_case, nulls,
 * numbers as strings, enums in any case, and one value where a list is meant.
 */
final class ProtoJson {
    private static final Pattern SNAKE = Pattern.compile("_([a-z0-9])");
    private static final Pattern CAMEL = Pattern.compile("([A-Z])");
    private static final Pattern WHOLE = Pattern.compile("-?\\d{1,18}");
    private static final Pattern DECIMAL =
            Pattern.compile("-?\\d{1,18}(?:\\.\\d{1,18})?(?:[eE][+-]?\\d{1,3})?");

    private ProtoJson() {}

    /** The value as it would be with none of these liberties; what is wrong in it stays wrong. */
    static JsonNode plain(JsonNode node, Shape shape) {
        return switch (shape) {
            case Shape.Fields fields -> node.isObject() ? fields(node, fields) : node;
            case Shape.Items items -> items(node, items);
            case Shape.Choice choice -> node.isTextual() ? choice(node, choice) : node;
            case Shape.Whole _ -> whole(node);
            case Shape.Decimal _ ->
                    node.isTextual() && DECIMAL.matcher(node.textValue()).matches()
                            ? DoubleNode.valueOf(Double.parseDouble(node.textValue()))
                            : node;
            case Shape.Flag _ -> flag(node);
            case Shape.OrNull orNull -> node.isNull() ? node : plain(node, orNull.shape());
            case Shape.Text _,
                    Shape.AnyObject _,
                    Shape.AnyValue _,
                    Shape.Tagged _,
                    Shape.ByKind _ ->
                    node;
        };
    }

    private static JsonNode fields(JsonNode node, Shape.Fields shape) {
        ObjectNode plain = Trees.object();
        for (var entry : node.properties()) {
            var name = known(entry.getKey(), shape.fields());
            var field = shape.fields().get(name);
            if (entry.getValue().isNull() && field != null) {
                continue;
            }
            // A field that is there under both names keeps its wrong one, and is refused by it.
            var free = plain.has(name) ? entry.getKey() : name;
            plain.set(
                    free,
                    field == null ? entry.getValue() : plain(entry.getValue(), field.shape()));
        }
        return plain;
    }

    private static String known(String name, Map<String, Shape.Field> fields) {
        if (fields.containsKey(name)) {
            return name;
        }
        var camel = camel(name);
        return fields.containsKey(camel) ? camel : name;
    }

    private static JsonNode items(JsonNode node, Shape.Items shape) {
        var plain = Trees.array();
        if (!node.isArray()) {
            return plain.add(plain(node, shape.item()));
        }
        node.forEach(item -> plain.add(plain(item, shape.item())));
        return plain;
    }

    private static JsonNode choice(JsonNode node, Shape.Choice shape) {
        var upper = node.textValue().toUpperCase(Locale.ROOT);
        return shape.values().contains(upper) ? Trees.text(upper) : node;
    }

    private static JsonNode whole(JsonNode node) {
        if (node.isTextual() && WHOLE.matcher(node.textValue()).matches()) {
            return LongNode.valueOf(Long.parseLong(node.textValue()));
        }
        boolean round =
                node.isFloatingPointNumber() && Math.rint(node.asDouble()) == node.asDouble();
        return round && node.canConvertToLong() ? LongNode.valueOf(node.longValue()) : node;
    }

    private static JsonNode flag(JsonNode node) {
        return switch (node.asText()) {
            case "true" -> BooleanNode.TRUE;
            case "false" -> BooleanNode.FALSE;
            default -> node;
        };
    }

    /** {@code maxOutputTokens} for {@code max_output_tokens}. */
    static String camel(String name) {
        return SNAKE.matcher(name).replaceAll(match -> match.group(1).toUpperCase(Locale.ROOT));
    }

    /** {@code max_output_tokens} for {@code maxOutputTokens}, as the vendor's messages have it. */
    static String snake(String name) {
        return CAMEL.matcher(name)
                .replaceAll(match -> "_" + match.group(1).toLowerCase(Locale.ROOT));
    }
}
