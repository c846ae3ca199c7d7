package dev.pillion.sidecar;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Callers who ask until their daemon is gone. Each request has a number of its own, which its
 * prompt, its tags and its caller tell.
 */
final class KillLoad {
    private static final int CLIENTS = 8;
    private static final long PAUSE_NANOS = 4_000_000;
    private static final int CALLERS = 5;
    private static final long FIRST_SECONDS = 60;

    private final AtomicInteger numbers = new AtomicInteger();

    /** An answer that came whole, and when its last byte was read. */
    record Answer(
            int number, int status, String requestId, String attempts, String body, long nanos) {}

    static boolean streams(int number) {
        return number % 2 == 1;
    }

    static String caller(int number) {
        return "caller-" + number % CALLERS;
    }

    /** How many were asked for so far. */
    int sent() {
        return numbers.get();
    }

    /**
     * Asks until the daemon is killed, which this does so long after the first answer; the answers
     * until then.
     */
    List<Answer> until(Daemon daemon, Duration life, Runnable kill) throws Exception {
        Queue<Answer> answers = new ConcurrentLinkedQueue<>();
        var first = new CountDownLatch(1);
        var over = new AtomicBoolean();
        List<Future<?>> clients = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(
                        threads.submit(() -> {
                            askUntil(over, daemon, answers, first);
                            return null;
                        }));
            }
            boolean began = first.await(FIRST_SECONDS, TimeUnit.SECONDS);
            Thread.sleep(life);
            over.set(true);
            kill.run();
            for (Future<?> client : clients) {
                client.get();
            }
            if (!began) {
                throw new IllegalStateException("no answer in " + FIRST_SECONDS + " s");
            }
        }
        return List.copyOf(answers);
    }

    private void askUntil(
            AtomicBoolean over, Daemon daemon, Queue<Answer> answers, CountDownLatch first)
            throws Exception {
        while (!over.get()) {
            try {
                answers.add(ask(daemon, numbers.incrementAndGet()));
            } catch (IOException e) {
                if (!over.get()) {
                    throw new IllegalStateException("the daemon broke off while it lived", e);
                }
            }
            first.countDown();
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private static Answer ask(Daemon daemon, int number) throws Exception {
        String body =
                """
                {"model": "%s", "stream": %s, "output": {"max_tokens": 200},
                 "messages": [{"role": "user", "content": "This is number %d.%s"}]}\
                """
                        .formatted(
                                number % 4 < 2 ? "mix" : "xim",
                                streams(number),
                                number,
                                " word".repeat(number % 50));
        HttpResponse<String> answer =
                daemon.post(
                        "/v1/generate",
                        body.getBytes(StandardCharsets.UTF_8),
                        "x-pillion-caller",
                        caller(number),
                        "x-pillion-tags",
                        "number=" + number);
        return new Answer(
                number,
                answer.statusCode(),
                answer.headers().firstValue("x-pillion-request-id").orElse(""),
                answer.headers().firstValue("x-pillion-attempts").orElse(""),
                answer.body(),
                System.nanoTime());
    }
}
