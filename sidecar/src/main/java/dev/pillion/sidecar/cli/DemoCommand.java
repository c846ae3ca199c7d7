package dev.pillion.sidecar.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code pillion demo}: the daemon at work on simulated vendors; no key, file or network needed.
 */
@Command(
        name = "demo",
        description = "Shows the daemon at work on simulated vendors.",
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Option(names = "--output", description = "table or json.", defaultValue = "table")
    private Output output = Output.TABLE;

    @Option(names = "--serve", description = "Keep vendors and daemon running.")
    private boolean serve;

    @Option(names = "--socket", description = "The data socket, with --serve.")
    private @Nullable Path socket;

    @Option(
            names = "--tcp",
            paramLabel = "HOST:PORT|off",
            description = "The data port, with --serve.",
            defaultValue = "127.0.0.1:4141")
    private String tcp = "127.0.0.1:4141";

    /** Standard output without the buffer and encoding of {@code System.out}. */
    private static OutputStream standardOutput() {
        return new FileOutputStream(FileDescriptor.out);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        if (serve) {
            try (var stage = DemoStage.open(socket, HostPort.of("--tcp", tcp), standardOutput())) {
                var stopped = new CountDownLatch(1);
                Signals.on("TERM", stopped::countDown);
                Signals.on("INT", stopped::countDown);
                stage.lines().forEach(System.err::println);
                stopped.await();
                stage.drain();
            }
            return Exit.DONE;
        }
        try (var stage = DemoStage.open(null, null, null)) {
            int failed = new Demo(stage, new DemoReport(out, output)).play();
            out.flush();
            return failed == 0 ? Exit.DONE : Exit.FAILED;
        }
    }
}
