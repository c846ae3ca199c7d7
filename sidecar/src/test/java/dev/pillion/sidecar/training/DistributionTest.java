package dev.pillion.sidecar.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A distribution, assembled here as the build does it, and what may happen to one. */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DistributionTest {
    private static final Map<String, String> MUST_USE_CACHE =
            Map.of("PILLION_JVM_FLAGS", "-XX:AOTMode=on");

    @TempDir static Path folder;
    private Path made;
    private Path tools;
    private Path home;

    /** How the launcher ended and all that it wrote. */
    private record Ran(int code, String said) {}

    @BeforeAll
    void assemble() throws Exception {
        made = Files.createDirectories(folder.resolve("made"));
        Files.createDirectories(made.resolve("lib"));
        Files.createDirectories(made.resolve("bin"));
        Files.copy(
                Path.of("bin", "pillion"),
                made.resolve("bin/pillion"),
                StandardCopyOption.COPY_ATTRIBUTES);
        jars();
        tools = Files.createDirectories(folder.resolve("tools"));
        for (String tool : List.of("sed", "dirname", "readlink", "stat")) {
            Path script = tools.resolve(tool);
            Files.writeString(script, "#!/bin/sh\nexec /bin/" + tool + " \"$@\"\n");
            assertTrue(script.toFile().setExecutable(true));
        }
        Files.createFile(made.resolve("LICENSE"));
        Path began = Files.createFile(folder.resolve("build-started"));
        Assemble.main(
                new String[] {
                    made.toString(), folder.resolve("kept").toString(), began.toString()
                });
        for (String part : List.of("runtime/bin/java", Trainer.CACHE, "lib/native", ".built")) {
            assertTrue(Files.exists(made.resolve(part)), part + " was not made");
        }
    }

    /** The class path of these tests as jars, for no cache takes folders. */
    private void jars() throws IOException {
        String[] entries = System.getProperty("java.class.path").split(File.pathSeparator, -1);
        for (int i = 0; i < entries.length; i++) {
            Path entry = Path.of(entries[i]);
            Path jar = made.resolve("lib").resolve("%03d-%s".formatted(i, entry.getFileName()));
            if (Files.isDirectory(entry)) {
                jar(entry, jar.resolveSibling(jar.getFileName() + ".jar"));
            } else if (!entries[i].contains("slf4j") && Files.exists(entry)) {
                Files.copy(entry, jar, StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    private static void jar(Path from, Path jar) throws IOException {
        try (OutputStream file = Files.newOutputStream(jar);
                var out = new JarOutputStream(file);
                var files = Files.walk(from)) {
            for (Path each : files.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new ZipEntry(from.relativize(each).toString()));
                Files.copy(each, out);
                out.closeEntry();
            }
        }
    }

    /** Each test has a copy of its own, moved as {@code cp -a} does it. */
    @BeforeEach
    void copy() throws IOException {
        home = Files.createTempDirectory(folder, "a copy ");
        Files.walkFileTree(
                made,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(Path each, BasicFileAttributes a)
                            throws IOException {
                        Files.createDirectories(home.resolve(made.relativize(each).toString()));
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path each, BasicFileAttributes a)
                            throws IOException {
                        Files.copy(
                                each,
                                home.resolve(made.relativize(each).toString()),
                                StandardCopyOption.COPY_ATTRIBUTES);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }

    @AfterEach
    void delete() throws IOException {
        Linker.delete(home);
    }

    /** Runs the launcher where there is no Java: an environment of its own, few tools on PATH. */
    private Ran launch(Map<String, String> environment, String... words) throws Exception {
        var command = new java.util.ArrayList<String>();
        command.add(home.resolve("bin/pillion").toString());
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().put("PATH", tools.toString());
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        process.onExit()
                .orTimeout(60, TimeUnit.SECONDS)
                .exceptionally(_ -> {
                    process.destroyForcibly();
                    return process;
                });
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ran(process.waitFor(), said);
    }

    private void startsAndSaysNothingElse() throws Exception {
        Ran ran = launch(Map.of(), "--version");
        assertEquals(0, ran.code(), ran.said());
        assertTrue(ran.said().matches("pillion [^\\n]*\\n"), ran.said());
    }

    private Path cache() {
        return home.resolve(Trainer.CACHE);
    }

    @Test
    void itStartsWithoutJavaOnThePathByItsOwnRuntime() throws Exception {
        startsAndSaysNothingElse();
        Ran dry = launch(Map.of("PILLION_DRY_RUN", "1"), "run");
        String java = dry.said().lines().findFirst().orElseThrow();
        assertEquals(home.toRealPath().resolve("runtime/bin/java").toString(), java);
    }

    @Test
    void theCacheIsUsedWhereTheDistributionWasCopiedTo() throws Exception {
        assertEquals(0, launch(MUST_USE_CACHE, "--version").code());
        assertEquals(0, launch(MUST_USE_CACHE, "config", "schema").code());
    }

    @Test
    void aDaemonComesUpAndNeedsNoTemporaryFolder() throws Exception {
        var environment = new HashMap<>(MUST_USE_CACHE);
        environment.put("OPENAI_API_KEY", "k");
        environment.put(
                "PILLION_JVM_FLAGS",
                "-XX:AOTMode=on -Djava.io.tmpdir=/nowhere -Xlog:library*=info");
        environment.put("PILLION_TCP", "off");
        environment.put("PILLION_PROBES", "off");
        environment.put("PILLION_SOCKET", home.resolve("LICENSE/p.sock").toString());
        environment.put("PILLION_ADMIN_SOCKET", home.resolve("a.sock").toString());
        environment.put("PILLION_STATE_DIR", home.resolve("state").toString());
        Ran ran = launch(environment, "run");
        // Its last step is to open its doors, and this one, below a file, can't be opened.
        assertTrue(ran.said().contains("cannot create the directory"), ran.said());
        assertTrue(ran.said().contains("/lib/native/libnetty_transport_native_epoll"), ran.said());
        assertNotEquals(0, ran.code());
    }

    @Test
    void itStartsWithoutTheCache() throws Exception {
        Files.delete(cache());
        startsAndSaysNothingElse();
    }

    @Test
    void itStartsWithACacheThatIsCut() throws Exception {
        byte[] bytes = Files.readAllBytes(cache());
        Files.write(cache(), java.util.Arrays.copyOf(bytes, bytes.length / 2));
        startsAndSaysNothingElse();
        Files.write(cache(), new byte[0]);
        startsAndSaysNothingElse();
    }

    @Test
    void itStartsWithACacheThatIsNone() throws Exception {
        Files.writeString(cache(), "this is no cache\n".repeat(10_000));
        startsAndSaysNothingElse();
        assertNotEquals(0, launch(MUST_USE_CACHE, "--version").code(), "it was not looked at");
    }

    @Test
    void itStartsWithACacheOfOtherJars() throws Exception {
        assertTrue(usesCache());
        for (Path jar : OldClasses.jars(home.resolve("lib"))) {
            FileTime before = Files.getLastModifiedTime(jar);
            Instant later = before.toInstant().plusSeconds(1);
            Files.setLastModifiedTime(jar, FileTime.from(later));
            assertFalse(usesCache(), jar + " is of another time");
            Files.setLastModifiedTime(jar, before);
        }
        assertTrue(usesCache());
        Files.writeString(home.resolve("lib/another.jar"), "");
        assertFalse(usesCache(), "there is one more");
        startsAndSaysNothingElse();
        Files.delete(home.resolve("lib/another.jar"));
        Files.delete(OldClasses.jars(home.resolve("lib")).getLast());
        assertFalse(usesCache(), "there is one less");
    }

    @Test
    void itPassesOverACacheThatItCannotCompare() throws Exception {
        Files.writeString(home.resolve(Trainer.JARS), "");
        assertFalse(usesCache(), "the jars are not told");
        Files.delete(home.resolve(Trainer.JARS));
        assertFalse(usesCache(), "nothing tells of them");
        startsAndSaysNothingElse();
    }

    private boolean usesCache() throws Exception {
        Ran ran = launch(Map.of("PILLION_DRY_RUN", "1"), "--version");
        return ran.said().contains("-XX:AOTCache=");
    }

    @Test
    void itStartsByAnotherJavaWhereOneIsNamed() throws Exception {
        String jdk = System.getProperty("java.home");
        Map<String, String> named = Map.of("PILLION_JAVA", jdk, "PILLION_DRY_RUN", "1");
        assertTrue(launch(named, "run").said().startsWith(jdk + "/bin/java\n"));
        Ran ran = launch(Map.of("PILLION_JAVA", jdk), "--version");
        assertTrue(ran.said().matches("pillion [^\\n]*\\n"), ran.said());
    }

    @Test
    void itStartsWithoutItsRuntimeWhereThereIsAnother() throws Exception {
        Linker.delete(home.resolve("runtime"));
        Ran ran = launch(Map.of("JAVA_HOME", System.getProperty("java.home")), "--version");
        assertTrue(ran.said().matches("pillion [^\\n]*\\n"), ran.said());
    }

    @Test
    void anUnknownProfileIsRefused() throws Exception {
        Ran ran = launch(Map.of("PILLION_PROFILE", "tiny"), "--version");
        assertEquals(1, ran.code());
        assertEquals("pillion: PILLION_PROFILE=tiny (expected: small, or nothing)\n", ran.said());
    }
}
