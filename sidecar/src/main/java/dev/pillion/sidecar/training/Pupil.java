package dev.pillion.sidecar.training;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The process of {@link Recorded}, seen from outside: it is given command lines to execute. */
final class Pupil implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 60;

    private final Process process;
    private final Writer commands;
    private final BlockingQueue<String> ends = new LinkedBlockingQueue<>();

    Pupil(List<String> command, Path folder) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectError(folder.resolve("errors").toFile());
        Trainer.clean(builder);
        process = builder.start();
        commands = process.outputWriter(StandardCharsets.UTF_8);
        Thread.ofPlatform().daemon().name("training-output").start(this::listen);
    }

    /** Reads all that it prints, for it prints its request log there too. */
    private void listen() {
        try (var lines =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(Recorded.ENDED)) {
                    ends.add(line.substring(Recorded.ENDED.length()));
                }
            }
        } catch (IOException e) {
            ends.add("its output can't be read: " + e.getMessage());
        }
    }

    void begin(String... words) throws IOException {
        commands.write(String.join(Recorded.SEPARATOR, words) + "\n");
        commands.flush();
    }

    void execute(String... words) throws IOException, Trouble, InterruptedException {
        begin(words);
        ended(String.join(" ", words));
    }

    private void ended(String what) throws Trouble, InterruptedException {
        String code = ends.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (!"0".equals(code)) {
            throw new Trouble(what + " ended with " + code);
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Ends the daemon as a service manager does, and waits until what was recorded is written. */
    void graduate() throws IOException, Trouble, InterruptedException {
        commands.close();
        process.toHandle().destroy(); // by its handle, which leaves its output open
        ended("the daemon");
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new Trouble("the recorded process did not end");
        }
        if (process.exitValue() != 0) {
            throw new Trouble("the recorded process ended with " + process.exitValue());
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
