package dev.pillion.adapters.streams;

import dev.pillion.adapters.corpus.Corpus;
import dev.pillion.adapters.corpus.Recording;
import dev.pillion.adapters.streams.Streamed.Vendor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Answers of all vendors: those of the golden files, and the recorded ones where they are. */
final class Answers {
    private static final Path GOLDEN = Path.of("src/test/resources/golden");

    private static List<Answer> recorded;

    private Answers() {}

    /** One answer as its vendor sent it; the bytes are never changed. */
    @SuppressWarnings("ArrayRecordComponent")
    record Answer(String id, Vendor vendor, byte[] bytes, boolean stream) {
        @Override
        public String toString() {
            return vendor + " " + id;
        }

        String text() {
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    static List<Answer> golden() {
        List<Answer> all = new ArrayList<>();
        golden("anthropic", Vendor.ANTHROPIC, all);
        golden("openai", Vendor.OPENAI_CHAT, all);
        golden("openai-responses", Vendor.OPENAI_RESPONSES, all);
        golden("gemini", Vendor.GEMINI, all);
        golden("xai", Vendor.XAI_RESPONSES, all);
        return all;
    }

    private static void golden(String folder, Vendor vendor, List<Answer> all) {
        for (String kind : List.of("stream", "reply")) {
            boolean stream = kind.equals("stream");
            try (Stream<Path> cases = Files.list(GOLDEN.resolve(folder).resolve(kind))) {
                for (Path each : cases.sorted().toList()) {
                    byte[] bytes =
                            Files.readAllBytes(each.resolve(stream ? "vendor.sse" : "vendor.json"));
                    String id = folder + "/" + kind + "/" + each.getFileName();
                    all.add(new Answer(id, vendor, bytes, stream));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Those of the corpus; the test is skipped where there is none. */
    static synchronized List<Answer> recorded() {
        if (recorded == null) {
            recorded = read();
        }
        return recorded;
    }

    private static List<Answer> read() {
        List<Answer> all = new ArrayList<>();
        recorded("anthropic.jsonl", "messages", Vendor.ANTHROPIC, all);
        recorded("openai.jsonl", "chat.completions", Vendor.OPENAI_CHAT, all);
        recorded("openai.jsonl", "responses", Vendor.OPENAI_RESPONSES, all);
        recorded("xai.jsonl", "chat.completions", Vendor.XAI_CHAT, all);
        recorded("xai.jsonl", "responses", Vendor.XAI_RESPONSES, all);
        recorded("gemini.jsonl", "streamGenerateContent", Vendor.GEMINI, all);
        recorded("gemini.jsonl", "generateContent", Vendor.GEMINI, all);
        return all;
    }

    private static void recorded(String file, String endpoint, Vendor vendor, List<Answer> all) {
        for (Recording recording : Corpus.read(file, endpoint)) {
            if (recording.isOk()) {
                String text = recording.isStream() ? recording.text() : recording.body().toString();
                byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                all.add(new Answer(recording.id(), vendor, bytes, recording.isStream()));
            }
        }
    }
}
