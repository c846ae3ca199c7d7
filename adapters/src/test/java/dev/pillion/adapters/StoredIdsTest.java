package dev.pillion.adapters;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoredIdsTest {
    private static final String UUID = "0a1b2c3d-0123-4567-89ab-0123456789ab";
    private static final Pattern FORM =
            Pattern.compile(
                    "(?=[A-Za-z0-9_/.-]{1,128}$)(?:"
                            + "(?:resp|conv|cntr|container|vs|batch|msgbatch|skill|file|collection"
                            + "|audio|rs)_.+|file-.+"
                            + "|(?:files|cachedContents|batches|fileSearchStores)/[^/]+"
                            + "|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})");

    /** Pieces that make ids, what is nearly one, and what stands around them in JSON. */
    private static final String[] WORDS = {
        "resp_",
        "rs_",
        "file-",
        "files/",
        "batches/",
        "container_",
        "audio_",
        "a",
        "9",
        "_",
        "/",
        "-",
        ".",
        " ",
        "\"",
        "\\",
        ",",
        ":",
        "é",
        "x".repeat(120),
        UUID,
        "deadbeef",
        "{\"id\":\""
    };

    @ParameterizedTest
    @ValueSource(
            strings = {
                "resp_0a",
                "msgbatch_01",
                "file-Ab9",
                "files/abc-1",
                "fileSearchStores/a",
                "cachedContents/x.1",
                "container_a/b",
                UUID
            })
    void findsAnIdHoweverItIsCut(String id) {
        byte[] body = ("data: {\"id\": \"" + id + "\",\"n\":1}\n\n").getBytes(UTF_8);
        for (int cut = 0; cut <= body.length; cut++) {
            assertEquals(List.of(id), in(body, cut, body.length), "cut at " + cut);
        }
        assertEquals(List.of(id), in(body, 1, 1), "byte by byte");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"text\":\"see resp_1 there\"}",
                "{\"text\":\"she said \\\"resp_1\\\" twice\"}",
                "{\"text\":\"ends with \\\"resp_1\"}",
                "{\"text\":\"resp_1\\\\\"}",
                "{\"text\":\"resp_\"}",
                "{\"text\":\"files/a/b\"}",
                "{\"id\":\"chatcmpl-1\",\"finish_reason\":null}",
                "{\"id\":\"0A1b2c3d-0123-4567-89ab-0123456789ab\"}",
                "{\"id\":\"0a1b2c3d-0123-4567-89ab_0123456789ab\"}"
            })
    void passesOverWhatIsNone(String body) {
        byte[] bytes = body.getBytes(UTF_8);
        assertEquals(List.of(), in(bytes, bytes.length, bytes.length));
        assertEquals(List.of(), in(bytes, 1, 1));
    }

    @Test
    void anIdIsAsLongAsItMayBeAndNoLonger() {
        String longest = "resp_" + "1".repeat(123);
        byte[] body = ("[\"" + longest + "\",\"" + longest + "1\"]").getBytes(UTF_8);
        assertEquals(List.of(longest), in(body, body.length, body.length));
        assertEquals(List.of(longest), in(body, 7, 64));
    }

    @Test
    void findsAllThatAParserFinds() {
        var random = new Random(7);
        int seen = 0;
        for (int round = 0; round < 2_000; round++) {
            JsonNode tree = tree(random, 4);
            List<String> expected = new ArrayList<>();
            strings(tree, expected);
            byte[] body = tree.toString().getBytes(UTF_8);
            List<String> found = in(body, 1 + random.nextInt(50), 1 + random.nextInt(5_000));
            assertEquals(new TreeSet<>(expected), new TreeSet<>(found), tree::toString);
            seen += found.size();
        }
        assertFalse(seen < 1_000, "ids in the bodies: " + seen);
    }

    /** What is found in pieces: one of the first length, then as many as needed of the other. */
    private static List<String> in(byte[] body, int first, int each) {
        List<String> found = new ArrayList<>();
        var ids = new StoredIds(found::add);
        int at = 0;
        int length = Math.min(first, body.length);
        while (at < body.length) {
            ByteBuffer piece = ByteBuffer.allocateDirect(length).put(body, at, length).flip();
            ids.body(piece);
            assertEquals(length, piece.remaining(), "bytes left unread");
            at += length;
            length = Math.min(each, body.length - at);
        }
        return found;
    }

    private static void strings(JsonNode node, List<String> ids) {
        if (node.isTextual() && FORM.matcher(node.textValue()).matches()) {
            ids.add(node.textValue());
        }
        node.fieldNames()
                .forEachRemaining(name -> {
                    if (FORM.matcher(name).matches()) {
                        ids.add(name);
                    }
                });
        node.forEach(child -> strings(child, ids));
    }

    private static JsonNode tree(Random random, int depth) {
        return switch (random.nextInt(depth == 0 ? 2 : 4)) {
            case 0 -> JsonNodeFactory.instance.numberNode(random.nextInt(1_000));
            case 1 -> JsonNodeFactory.instance.textNode(text(random));
            case 2 -> {
                ArrayNode array = JsonNodeFactory.instance.arrayNode();
                for (int i = random.nextInt(5); i >= 0; i--) {
                    array.add(tree(random, depth - 1));
                }
                yield array;
            }
            default -> {
                ObjectNode object = JsonNodeFactory.instance.objectNode();
                for (int i = random.nextInt(5); i >= 0; i--) {
                    object.set(text(random), tree(random, depth - 1));
                }
                yield object;
            }
        };
    }

    private static String text(Random random) {
        var text = new StringBuilder();
        for (int i = random.nextInt(4); i >= 0; i--) {
            text.append(WORDS[random.nextInt(WORDS.length)]);
        }
        return text.toString();
    }
}
