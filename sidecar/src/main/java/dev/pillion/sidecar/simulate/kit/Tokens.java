package dev.pillion.sidecar.simulate.kit;

import com.fasterxml.jackson.databind.JsonNode;

/** Token counts as the simulation estimates them: four characters a token. */
public final class Tokens {
    private static final int CHARS = 4;
    private static final int MEDIA_TOKENS = 1_500;

    private Tokens() {}

    /** At least 1 for any text. */
    public static int of(String text) {
        return Math.max(1, (text.length() + CHARS - 1) / CHARS);
    }

    /** Of a part of a prompt; base64 data counts as one image or document, not by its length. */
    public static int of(JsonNode node) {
        return (int) Math.min(Integer.MAX_VALUE, (chars(node) + CHARS - 1) / CHARS);
    }

    private static long chars(JsonNode node) {
        if (node.isTextual()) {
            return node.textValue().length();
        }
        if (!node.isContainerNode()) {
            return node.isNull() ? 0 : 2;
        }
        long total = 0;
        for (var entry : node.properties()) {
            boolean media = entry.getKey().equals("data") || entry.getKey().equals("file_data");
            total +=
                    media || isDataUrl(entry.getValue())
                            ? (long) MEDIA_TOKENS * CHARS
                            : chars(entry.getValue()) + entry.getKey().length() / 2;
        }
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            total += chars(node.get(i));
        }
        return total;
    }

    private static boolean isDataUrl(JsonNode value) {
        return value.isTextual() && value.textValue().startsWith("data:");
    }

    /** The text cut so that it is at most so many tokens long, never within a character. */
    public static String cut(String text, long tokens) {
        if (text.length() <= tokens * CHARS) {
            return text;
        }
        int end = (int) (tokens * CHARS);
        return text.substring(0, Character.isLowSurrogate(text.charAt(end)) ? end - 1 : end);
    }
}
