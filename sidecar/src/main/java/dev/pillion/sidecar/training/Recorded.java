package dev.pillion.sidecar.training;

import dev.pillion.sidecar.Main;
import dev.pillion.sidecar.cli.PillionCommand;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The process that a training run records: it executes the command lines that come by standard
 * input, each on a thread of its own, and tells how each ended. It ends normally, after the last
 * one, when there are no more, since only then the JVM writes what it recorded.
 */
public final class Recorded {
    static final String ENDED = "recorded: ended with ";
    static final String SEPARATOR = "\t";

    private Recorded() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        List<Thread> running = new ArrayList<>();
        var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        System.out.println("recorded: in place of " + Main.class.getName());
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] words = line.split(SEPARATOR, -1);
            running.add(Thread.ofPlatform().name("main").start(() -> execute(words)));
        }
        for (Thread thread : running) {
            thread.join();
        }
    }

    private static void execute(String[] words) {
        int code = PillionCommand.execute(words);
        System.out.println("\n" + ENDED + code);
    }
}
