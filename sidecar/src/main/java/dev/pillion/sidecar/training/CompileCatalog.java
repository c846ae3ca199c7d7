package dev.pillion.sidecar.training;

import dev.pillion.sidecar.config.ConfigReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;

/** A step of the build: makes of the built-in catalog's YAML what a daemon reads quickly. */
public final class CompileCatalog {
    private CompileCatalog() {}

    /**
     * Writes it, where it is not written already.
     *
     * @param args the file
     */
    public static void main(String[] args) throws IOException {
        Path file = Path.of(args[0]);
        byte[] image = ConfigReader.catalogImage();
        if (!Files.exists(file) || !Arrays.equals(Files.readAllBytes(file), image)) {
            Files.createDirectories(Objects.requireNonNull(file.toAbsolutePath().getParent()));
            Files.write(file, image);
        }
    }
}
