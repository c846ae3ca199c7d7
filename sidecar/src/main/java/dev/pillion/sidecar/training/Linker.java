package dev.pillion.sidecar.training;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Comparator;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/**
 * The Java runtime that the distribution brings: of the JDK that runs this, with the modules that
 * the daemon needs, and no debugging information. A JDK without {@code jmods} links out of its own
 * image where its maker lets it (JEP 493).
 */
final class Linker {
    /**
     * What jdeps finds, less what libraries only use where it is there: Jackson java.desktop and
     * java.sql, Netty jdk.jfr and java.naming (names are looked up by Netty's own resolver).
     */
    private static final String MODULES = "java.base,java.logging,jdk.unsupported";

    private static final List<String> OPTIONS =
            List.of(
                    "--add-modules=" + MODULES,
                    "--strip-debug",
                    "--no-header-files",
                    "--no-man-pages",
                    "--compress=zip-6");

    private static final String MADE_OF = "made-of";

    private final Path jdk = Path.of(System.getProperty("java.home"));
    private final Path kept;

    /**
     * Makes it.
     *
     * @param kept where a runtime is kept for the next build, which then need not link
     */
    Linker(Path kept) {
        this.kept = kept;
    }

    String link(Path target) throws Trouble, IOException {
        String wanted = madeOf();
        Path note = kept.resolve(MADE_OF);
        boolean again = !Files.exists(note) || !Files.readString(note).equals(wanted);
        if (again) {
            delete(kept);
            jlink();
            Files.writeString(note, wanted);
        }
        delete(target);
        copy(kept, target);
        Files.delete(target.resolve(MADE_OF));
        return (size(target) >> 20) + " MiB, " + (again ? "linked" : "as linked before");
    }

    /** What another runtime would come of: the JDK's build, its place, and our options. */
    private String madeOf() throws Trouble, IOException {
        Path release = jdk.resolve("release");
        if (!Files.isReadable(release)) {
            throw new Trouble(jdk + " has no file release");
        }
        return jdk + "\n" + Files.readString(release) + OPTIONS;
    }

    private void jlink() throws Trouble {
        ToolProvider jlink =
                ToolProvider.findFirst("jlink")
                        .orElseThrow(() -> new Trouble("the JDK " + jdk + " has no jlink"));
        var said = new StringWriter();
        var writer = new PrintWriter(said);
        String[] arguments =
                Stream.concat(OPTIONS.stream(), Stream.of("--output=" + kept))
                        .toArray(String[]::new);
        int code = jlink.run(writer, writer, arguments);
        if (code != 0) {
            String why = said.toString().strip().replaceAll("\\s*\\R\\s*", "; ");
            throw new Trouble("jlink of " + jdk + " ended with " + code + ": " + why);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.walkFileTree(
                from,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(
                            Path folder, BasicFileAttributes attributes) throws IOException {
                        Files.createDirectories(to.resolve(from.relativize(folder).toString()));
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.copy(
                                file,
                                to.resolve(from.relativize(file).toString()),
                                StandardCopyOption.COPY_ATTRIBUTES);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }

    private static long size(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            long bytes = 0;
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                bytes += Files.size(file);
            }
            return bytes;
        }
    }

    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
