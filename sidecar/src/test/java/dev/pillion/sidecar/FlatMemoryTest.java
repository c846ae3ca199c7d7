package dev.pillion.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class FlatMemoryTest {
    private static final int CLIENTS = 16;
    private static final int REQUESTS = 100_000;
    private static final int WARM_UP = 10_000;
    private static final long SLACK_BYTES = 24L << 20;

    @Test
    @DisplayName("F1: a hundred thousand requests, some abandoned, leave nothing behind")
    void memoryStaysFlat() throws Exception {
        try (TestSidecar bed = TestSidecar.startWithoutLog()) {
            play(bed, WARM_UP);
            Footprint before = Footprint.now(bed);
            play(bed, REQUESTS);
            Footprint after = Footprint.now(bed);
            System.out.println("F1: before " + before + ", after " + after);
            assertEquals(0, bed.sidecar.inflight());
            assertEquals(0, bed.sidecar.bodies().heldBytes());
            assertTrue(after.heapBytes() < before.heapBytes() + SLACK_BYTES, after.toString());
            assertTrue(after.directBytes() < before.directBytes() + SLACK_BYTES, after.toString());
            assertTrue(after.files() <= before.files() + CLIENTS, after.toString());
        }
    }

    /** What the process holds once it has come to rest. */
    private record Footprint(long heapBytes, long directBytes, long files) {
        static Footprint now(TestSidecar bed) throws IOException {
            long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (bed.sidecar.inflight() > 0 && System.nanoTime() < end) {
                LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
            }
            Runtime runtime = Runtime.getRuntime();
            long heap = Long.MAX_VALUE;
            for (int i = 0; i < 3; i++) {
                System.gc();
                heap = Math.min(heap, runtime.totalMemory() - runtime.freeMemory());
            }
            long direct = PlatformDependent.usedDirectMemory();
            try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
                return new Footprint(heap, direct, files.count());
            }
        }
    }

    private static void play(TestSidecar bed, int requests) throws Exception {
        var left = new AtomicInteger(requests);
        List<Future<Integer>> clients = new ArrayList<>();
        try (var threads = Executors.newFixedThreadPool(CLIENTS)) {
            for (int i = 0; i < CLIENTS; i++) {
                long seed = i;
                clients.add(threads.submit(() -> client(bed, left, new SplittableRandom(seed))));
            }
            int answered = 0;
            for (Future<Integer> client : clients) {
                answered += client.get();
            }
            assertTrue(answered > requests / 2, answered + " of " + requests + " answered whole");
        }
    }

    /** Asks until nothing is left to ask; one request in twenty is abandoned at a random point. */
    private static int client(TestSidecar bed, AtomicInteger left, SplittableRandom random)
            throws IOException {
        int answered = 0;
        while (left.get() > 0) {
            try (var socket =
                    new Socket(InetAddress.getLoopbackAddress(), bed.uri("/").getPort())) {
                boolean whole = true;
                while (whole && left.getAndDecrement() > 0) {
                    whole = ask(socket, random);
                    answered += whole ? 1 : 0;
                }
            }
        }
        return answered;
    }

    private static boolean ask(Socket socket, SplittableRandom random) throws IOException {
        boolean passed = random.nextBoolean();
        String model = passed ? "openai/gpt-4.1" : "anthropic/claude-haiku-4-5";
        String body =
                "{\"model\":\"%s\",\"max_tokens\":100,\"stream\":%s,\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}"
                        .formatted(model, random.nextBoolean());
        String head =
                "POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\ncontent-length: "
                        + body.length()
                        + "\r\n\r\n";
        socket.getOutputStream().write((head + body).getBytes(StandardCharsets.US_ASCII));
        if (random.nextInt(20) == 0) {
            socket.getInputStream().readNBytes(random.nextInt(300));
            return false;
        }
        readAnswer(socket.getInputStream());
        return true;
    }

    private static void readAnswer(InputStream in) throws IOException {
        String head = "";
        var line = new StringBuilder();
        long length = -1;
        for (int b = in.read(); ; b = in.read()) {
            if (b < 0) {
                throw new IOException("cut in the head: " + head);
            }
            if (b == '\n') {
                String text = line.toString().strip();
                line.setLength(0);
                if (text.isEmpty()) {
                    break;
                }
                head = head.isEmpty() ? text : head;
                if (text.startsWith("content-length:")) {
                    length = Long.parseLong(text.substring(15).strip());
                }
            } else {
                line.append((char) b);
            }
        }
        if (!head.contains(" 200 ")) {
            throw new IOException("not answered: " + head);
        }
        if (length >= 0) {
            in.skipNBytes(length);
        } else {
            skipChunks(in);
        }
    }

    private static void skipChunks(InputStream in) throws IOException {
        long size;
        do {
            var line = new StringBuilder();
            for (int b = in.read(); b != '\n'; b = in.read()) {
                if (b < 0) {
                    throw new IOException("cut in a chunk");
                }
                line.append((char) b);
            }
            size = Long.parseLong(line.toString().strip(), 16);
            in.skipNBytes(size + 2);
        } while (size > 0);
    }
}
