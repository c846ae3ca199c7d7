package dev.pillion.sidecar.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Writes a file so that whoever reads it sees all of it, or what was there before. */
final class WholeFile {
    private WholeFile() {}

    /**
     * Writes or replaces the file; what a link points to is replaced, not the link.
     *
     * @throws IOException with a message for people; then nothing has changed
     */
    static void write(Path to, String text) throws IOException {
        try {
            Path real = Files.exists(to) ? to.toRealPath() : to.toAbsolutePath();
            if (Files.exists(real) && !Files.isRegularFile(real)) {
                throw new IOException("it is there, and no file");
            }
            Path name = real.getFileName();
            Path part = real.resolveSibling("." + name + "." + ProcessHandle.current().pid());
            try {
                Files.writeString(part, text, StandardOpenOption.CREATE_NEW);
                Files.move(part, real, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(part);
            }
        } catch (NoSuchFileException e) {
            throw new IOException("there is no such directory", e);
        } catch (AccessDeniedException e) {
            throw new IOException("permission denied", e);
        }
    }
}
