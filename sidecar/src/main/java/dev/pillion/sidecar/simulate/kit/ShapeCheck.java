package dev.pillion.sidecar.simulate.kit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.sidecar.simulate.kit.Problem.Kind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Compares a JSON value with its {@link Shape} and reports the first difference. */
public final class ShapeCheck {
    private ShapeCheck() {}

    public static @Nullable Problem check(JsonNode node, Shape shape) {
        return check(node, shape, Path.ROOT);
    }

    /** The same, for a value that stands at {@code path}. */
    public static @Nullable Problem check(JsonNode node, Shape shape, Path path) {
        return switch (shape) {
            case Shape.Text text -> text(node, text, path);
            case Shape.Choice choice -> choice(node, choice, path);
            case Shape.Whole whole -> whole(node, whole, path);
            case Shape.Decimal decimal -> decimal(node, decimal, path);
            case Shape.Flag _ -> node.isBoolean() ? null : wrongType(node, "boolean", path);
            case Shape.AnyObject _ -> node.isObject() ? null : wrongType(node, "object", path);
            case Shape.AnyValue _ -> null;
            case Shape.Items items -> items(node, items, path);
            case Shape.Fields fields -> fields(node, fields, path);
            case Shape.Tagged tagged -> tagged(node, tagged, path);
            case Shape.ByKind options -> byKind(node, options, path);
            case Shape.OrNull orNull -> node.isNull() ? null : check(node, orNull.shape(), path);
        };
    }

    private static @Nullable Problem text(JsonNode node, Shape.Text shape, Path path) {
        if (!node.isTextual()) {
            return wrongType(node, "string", path);
        }
        var text = node.textValue();
        if (text.length() < shape.minChars()) {
            return Problem.of(Kind.TOO_SHORT, path, Integer.toString(shape.minChars()), node);
        }
        if (text.length() > shape.maxChars()) {
            return Problem.of(Kind.TOO_LONG, path, Integer.toString(shape.maxChars()), node);
        }
        var pattern = shape.pattern();
        return pattern == null || pattern.matcher(text).matches()
                ? null
                : Problem.of(Kind.PATTERN, path, pattern.pattern(), node);
    }

    private static @Nullable Problem choice(JsonNode node, Shape.Choice shape, Path path) {
        if (!node.isTextual()) {
            return wrongType(node, "string", path);
        }
        return shape.values().contains(node.textValue())
                ? null
                : new Problem(Kind.WRONG_VALUE, path, shape.values(), node);
    }

    private static @Nullable Problem whole(JsonNode node, Shape.Whole shape, Path path) {
        if (!node.isIntegralNumber()) {
            return wrongType(node, "integer", path);
        }
        if (!node.canConvertToLong()) {
            return Problem.of(Kind.TOO_LARGE, path, Long.toString(shape.max()), node);
        }
        if (node.longValue() < shape.min()) {
            return Problem.of(Kind.TOO_SMALL, path, Long.toString(shape.min()), node);
        }
        return node.longValue() <= shape.max()
                ? null
                : Problem.of(Kind.TOO_LARGE, path, Long.toString(shape.max()), node);
    }

    private static @Nullable Problem decimal(JsonNode node, Shape.Decimal shape, Path path) {
        if (!node.isNumber()) {
            return wrongType(node, "number", path);
        }
        if (node.doubleValue() < shape.min()) {
            return Problem.of(Kind.TOO_SMALL, path, plain(shape.min()), node);
        }
        return node.doubleValue() <= shape.max()
                ? null
                : Problem.of(Kind.TOO_LARGE, path, plain(shape.max()), node);
    }

    private static String plain(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }

    private static @Nullable Problem items(JsonNode node, Shape.Items shape, Path path) {
        if (!node.isArray()) {
            return wrongType(node, "array", path);
        }
        if (node.size() < shape.min()) {
            return Problem.of(Kind.TOO_SHORT, path, Integer.toString(shape.min()), node);
        }
        if (node.size() > shape.max()) {
            return Problem.of(Kind.TOO_LONG, path, Integer.toString(shape.max()), node);
        }
        for (int i = 0; i < node.size(); i++) {
            var problem = check(node.get(i), shape.item(), path.item(i));
            if (problem != null) {
                return problem;
            }
        }
        return null;
    }

    private static @Nullable Problem fields(JsonNode node, Shape.Fields shape, Path path) {
        if (!node.isObject()) {
            return wrongType(node, "object", path);
        }
        for (var entry : shape.fields().entrySet()) {
            var value = node.get(entry.getKey());
            var at = path.field(entry.getKey());
            if (value == null && entry.getValue().required()) {
                return new Problem(Kind.MISSING, at, List.of(), null);
            }
            var problem = value == null ? null : check(value, entry.getValue().shape(), at);
            if (problem != null) {
                return problem;
            }
        }
        return unknown(node, shape, path);
    }

    private static @Nullable Problem unknown(JsonNode node, Shape.Fields shape, Path path) {
        for (var names = node.fieldNames(); names.hasNext(); ) {
            var name = names.next();
            if (!shape.fields().containsKey(name)) {
                return new Problem(Kind.UNKNOWN_FIELD, path.field(name), List.of(), node.get(name));
            }
        }
        return null;
    }

    private static @Nullable Problem tagged(JsonNode node, Shape.Tagged shape, Path path) {
        if (!node.isObject()) {
            return wrongType(node, "object", path);
        }
        var tag = node.get(shape.tag());
        var choices = List.copyOf(shape.variants().keySet());
        if (tag == null || (tag.isNull() && shape.untagged() != null)) {
            return shape.untagged() == null
                    ? new Problem(Kind.MISSING, path.field(shape.tag()), choices, null)
                    : check(node, shape.untagged(), path);
        }
        var variant = tag.isTextual() ? shape.variants().get(tag.textValue()) : null;
        return variant == null
                ? new Problem(Kind.WRONG_TAG, path.field(shape.tag()), choices, tag)
                : check(node, variant, path);
    }

    private static @Nullable Problem byKind(JsonNode node, Shape.ByKind shape, Path path) {
        for (var option : shape.options()) {
            if (takes(option, node)) {
                return check(node, option, path);
            }
        }
        var kinds = shape.options().stream().map(ShapeCheck::kind).distinct().toList();
        return new Problem(Kind.WRONG_TYPE, path, kinds, node);
    }

    private static boolean takes(Shape shape, JsonNode node) {
        return switch (kind(shape)) {
            case "string" -> node.isTextual();
            case "integer" -> node.isIntegralNumber();
            case "number" -> node.isNumber();
            case "boolean" -> node.isBoolean();
            case "array" -> node.isArray();
            case "object" -> node.isObject();
            default -> true;
        };
    }

    private static String kind(Shape shape) {
        return switch (shape) {
            case Shape.Text _, Shape.Choice _ -> "string";
            case Shape.Whole _ -> "integer";
            case Shape.Decimal _ -> "number";
            case Shape.Flag _ -> "boolean";
            case Shape.Items _ -> "array";
            case Shape.Fields _, Shape.Tagged _, Shape.AnyObject _ -> "object";
            case Shape.AnyValue _, Shape.ByKind _, Shape.OrNull _ -> "any";
        };
    }

    private static Problem wrongType(JsonNode node, String expected, Path path) {
        return Problem.of(Kind.WRONG_TYPE, path, expected, node);
    }
}
