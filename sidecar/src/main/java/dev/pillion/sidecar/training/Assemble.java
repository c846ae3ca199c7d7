package dev.pillion.sidecar.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.TimeUnit;

/**
 * Completes a distribution that has its {@code bin} and {@code lib}. A part that can't be made is
 * told and left out: the launcher does without any of them.
 */
public final class Assemble {
    private Assemble() {}

    private interface Step {
        /** Makes a part; says what it made. */
        String make() throws Trouble, IOException, InterruptedException;
    }

    /**
     * The build's last step.
     *
     * @param args the distribution's folder, one that keeps the runtime between builds, and the
     *     file that tells when the build began: copied last, for without it nothing counts as built
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        Path home = Path.of(args[0]).toAbsolutePath().normalize();
        Path kept = Path.of(args[1]).toAbsolutePath().normalize();
        step("native libraries", () -> Natives.unpack(home.resolve("lib")));
        step("old classes", () -> OldClasses.renew(home.resolve("lib")));
        step("runtime", () -> new Linker(kept).link(home.resolve("runtime")));
        step("AOT cache", () -> new Trainer(home).train());
        Files.copy(
                Path.of(args[2]),
                home.resolve(".built"),
                StandardCopyOption.COPY_ATTRIBUTES,
                StandardCopyOption.REPLACE_EXISTING);
    }

    private static void step(String part, Step step) throws InterruptedException {
        long began = System.nanoTime();
        try {
            String made = step.make();
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
            System.out.println("distribution: " + part + ": " + made + ", " + millis + " ms");
        } catch (Trouble | IOException | RuntimeException e) {
            System.out.println(
                    "distribution: WITHOUT " + part + " (it works without): " + e.getMessage());
        }
    }
}
