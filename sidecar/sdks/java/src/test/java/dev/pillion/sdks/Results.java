package dev.pillion.sdks;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The file of cells, one JSON line each; anew in each run. */
final class Results {
    private static final Path FILE = Path.of("target", "results.jsonl");
    private static final JsonMapper JSON = new JsonMapper();

    private static boolean begun;

    private Results() {}

    /**
     * Appends a cell.
     *
     * @param result {@code works}, {@code refused}, {@code fails} or {@code none}
     */
    static synchronized void add(
            Row row, String feature, Vendor vendor, String result, String why) {
        var cell =
                JSON.createObjectNode()
                        .put("sdk", row.sdk())
                        .put("version", row.version())
                        .put("api", row.api())
                        .put("feature", feature)
                        .put("vendor", vendor.id())
                        .put("result", result)
                        .put("why", why);
        try {
            if (!begun) {
                Files.createDirectories(FILE.getParent());
                Files.deleteIfExists(FILE);
                begun = true;
            }
            Files.writeString(
                    FILE, cell + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
