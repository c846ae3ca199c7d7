package dev.pillion.sidecar.cross;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a request says, whichever vendor's format it says it in: the words, pictures, calls and
 * results in their order, and the functions offered. Shares no class with the adapters.
 *
 * @param functions their schemas by name
 */
record Content(List<Said> said, Map<String, JsonNode> functions) {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** One thing said. */
    record Said(Kind kind, String what) {
        /** Where in the other this is found, from a place in it on; -1: not in it. */
        private int where(Said other, int from) {
            boolean words = kind == Kind.TEXT || kind == Kind.SYSTEM || kind == Kind.RESULT;
            boolean alike =
                    kind == other.kind
                            || (words && other.kind == Kind.TEXT)
                            || (kind == Kind.RESULT_MEDIA && other.kind == Kind.MEDIA);
            if (!alike || from > other.what.length()) {
                return -1;
            }
            return words ? other.what.indexOf(what, from) : other.what.equals(what) ? 0 : -1;
        }

        @Override
        public String toString() {
            String shown = what.length() > 60 ? what.substring(0, 60) + "…" : what;
            return kind + " '" + shown + "'";
        }
    }

    /** What it is. Text is text, whoever says it, for some vendors have no word for some roles. */
    enum Kind {
        SYSTEM,
        TEXT,
        MEDIA,
        CALL,
        RESULT,
        /** Within a result, where some vendors keep it apart from the words. */
        RESULT_MEDIA
    }

    static Content empty() {
        return new Content(new ArrayList<>(), new TreeMap<>());
    }

    void say(Kind kind, String what) {
        if (!what.isBlank()) {
            said.add(new Said(kind, what));
        }
    }

    /** A call, its arguments compared as JSON where they are JSON. */
    void call(String name, JsonNode arguments) {
        say(Kind.CALL, name + canonical(arguments));
    }

    /** Pictures, documents and sounds: by address, or by their bytes in base64. */
    void media(String address) {
        media(Kind.MEDIA, address);
    }

    void media(Kind kind, String address) {
        int comma = address.startsWith("data:") ? address.indexOf(',') : -1;
        String data = comma < 0 ? address : address.substring(comma + 1);
        String plain = data.replace('-', '+').replace('_', '/').replace("=", "");
        say(kind, plain);
        if (address.startsWith("data:text/")) {
            say(Kind.TEXT, new String(Base64.getDecoder().decode(plain), UTF_8));
        }
    }

    void function(String name, JsonNode schema) {
        functions.put(name, schema);
    }

    private static String canonical(JsonNode arguments) {
        JsonNode json = arguments;
        if (arguments.isTextual()) {
            try {
                json = arguments.asText().isBlank() ? null : MAPPER.readTree(arguments.asText());
            } catch (IOException e) {
                return arguments.asText(); // Cut or broken arguments are compared as they are.
            }
        }
        if (json == null || json.isMissingNode() || json.isNull()) {
            return "{}";
        }
        try {
            return MAPPER.writeValueAsString(MAPPER.treeToValue(json, Object.class));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * What of this is missing in the other, in words; nothing when all is there. The other may say
     * more, and may say two things of ours in one.
     */
    List<String> missingIn(Content other) {
        var missing = new ArrayList<String>();
        missingWords(List.of(Kind.SYSTEM), other, missing);
        missingWords(List.of(Kind.TEXT, Kind.MEDIA, Kind.CALL, Kind.RESULT), other, missing);
        missingWords(List.of(Kind.RESULT_MEDIA), other, missing);
        functions.forEach((name, schema) -> {
            JsonNode there = other.functions.get(name);
            if (there == null) {
                missing.add("function " + name);
            } else {
                Skeleton.difference(schema, there)
                        .forEach(d -> missing.add("function " + name + " " + d));
            }
        });
        return missing;
    }

    private void missingWords(List<Kind> kinds, Content other, List<String> missing) {
        var there = other.said;
        int at = 0;
        int offset = 0;
        for (Said ours : said) {
            if (!kinds.contains(ours.kind())) {
                continue;
            }
            int found = -1;
            for (int i = at; i < there.size() && found < 0; i++) {
                Said theirs = there.get(i);
                int from = i == at ? offset : 0;
                int where = ours.where(theirs, from);
                if (where >= 0) {
                    found = i;
                    offset =
                            ours.kind() == Kind.TEXT || ours.kind() == Kind.SYSTEM
                                    ? where + ours.what().length()
                                    : Integer.MAX_VALUE;
                }
            }
            if (found < 0) {
                missing.add(ours.toString());
            } else {
                at = found;
            }
        }
    }
}
