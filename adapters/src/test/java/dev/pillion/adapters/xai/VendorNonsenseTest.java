package dev.pillion.adapters.xai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.corpus.Corpus;
import dev.pillion.adapters.golden.Golden;
import dev.pillion.protocol.chat.ChatEvent;
import dev.pillion.protocol.chat.ChatRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Answers that a seeded generator has spoilt. */
final class VendorNonsenseTest {
    private static final int SPOILT_EACH = 25;
    private static final String[] ODD = {
        "null", "true", "-1", "1e400", "\"\"", "\"x\"", "[]", "{}", "[[]]", "[null]", "{\"a\":1}"
    };

    @ParameterizedTest
    @EnumSource(Endpoint.class)
    @DisplayName("F4 F10: whatever the vendor says, an answer starts at most once and ends once")
    void whateverTheVendorSaysAnAnswerStartsAtMostOnceAndEndsOnce(Endpoint endpoint) {
        var random = new Random(20261122);
        int count = 0;
        for (String answer : answers()) {
            for (int i = 0; i < SPOILT_EACH; i++) {
                byte[] spoilt =
                        random.nextBoolean() ? cut(answer, random) : changed(answer, random);
                check(spoilt, endpoint, random);
                count++;
            }
        }
        assertTrue(count > 1000, "spoilt " + count);
    }

    private static void check(byte[] spoilt, Endpoint endpoint, Random random) {
        ChatRequest request =
                Xai.uniform("{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
        var decoder = Xai.PROVIDER.decoder(request, Xai.anyModel("m"), endpoint);
        List<ChatEvent> events = Xai.decode(decoder, spoilt, random);
        String shown = new String(spoilt, StandardCharsets.UTF_8);
        long starts = events.stream().filter(ChatEvent.Started.class::isInstance).count();
        long ends = events.stream().filter(VendorNonsenseTest::isEnd).count();
        assertTrue(starts <= 1, shown);
        assertEquals(1, ends, shown);
        assertTrue(isEnd(events.getLast()), shown);
        Xai.fold(events);
    }

    private static boolean isEnd(ChatEvent event) {
        return event instanceof ChatEvent.Finished || event instanceof ChatEvent.Failed;
    }

    private static byte[] cut(String answer, Random random) {
        byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
        byte[] spoilt = Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
        for (int i = 0; i < 3 && spoilt.length > 0; i++) {
            spoilt[random.nextInt(spoilt.length)] = (byte) random.nextInt(256);
        }
        return spoilt;
    }

    /** Still JSON, with one value of it become another. */
    private static byte[] changed(String answer, Random random) {
        if (answer.startsWith("{")) {
            return changedJson(answer, random).getBytes(StandardCharsets.UTF_8);
        }
        String[] lines = answer.split("\n", -1);
        List<Integer> data = new ArrayList<>();
        for (int i = 0; i < lines.length; i++) {
            if (lines[i].startsWith("data: {") && lines[i].strip().endsWith("}")) {
                data.add(i);
            }
        }
        if (!data.isEmpty()) {
            int at = data.get(random.nextInt(data.size()));
            lines[at] = "data: " + changedJson(lines[at].substring(6), random);
        }
        return String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
    }

    private static String changedJson(String json, Random random) {
        JsonNode root;
        try {
            root = Corpus.json(json);
        } catch (UncheckedIOException e) {
            return json; // Spoilt already.
        }
        List<JsonNode> containers = new ArrayList<>();
        containers(root, containers);
        JsonNode odd = Corpus.json(ODD[random.nextInt(ODD.length)]);
        JsonNode container = containers.get(random.nextInt(containers.size()));
        if (container instanceof ObjectNode object) {
            List<String> names = new ArrayList<>();
            object.fieldNames().forEachRemaining(names::add);
            object.set(names.get(random.nextInt(names.size())), odd);
        } else {
            ((ArrayNode) container).set(random.nextInt(container.size()), odd);
        }
        return root.toString();
    }

    private static void containers(JsonNode node, List<JsonNode> found) {
        if (node.isContainerNode() && !node.isEmpty()) {
            found.add(node);
            node.forEach(child -> containers(child, found));
        }
    }

    private static List<String> answers() {
        List<String> answers = new ArrayList<>();
        try {
            for (Path folder : Golden.cases(Names.SPEAKS, "reply")) {
                answers.add(Files.readString(folder.resolve("vendor.json")));
            }
            for (Path folder : Golden.cases(Names.SPEAKS, "stream")) {
                answers.add(Files.readString(folder.resolve("vendor.sse")));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        answers.removeIf(String::isBlank);
        return answers;
    }
}
