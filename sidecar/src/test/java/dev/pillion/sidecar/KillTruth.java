package dev.pillion.sidecar;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.wire.Json;
import dev.pillion.sidecar.simulate.Misbehaviour;
import dev.pillion.sidecar.simulate.SeenRequest;
import dev.pillion.sidecar.simulate.Simulator;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the simulated vendors saw, kept apart from anything that Pillion says; what they count for a
 * request they are asked again, without Pillion between.
 */
final class KillTruth implements AutoCloseable {
    private static final Pattern NUMBER = Pattern.compile("This is number (\\d+)\\.");
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Map<String, Simulator> vendors;
    private final Map<String, Integer> seen = new HashMap<>();
    private final Map<String, Integer> reset = new HashMap<>();
    private final Map<String, SeenRequest> latest = new HashMap<>();
    private final Map<String, Used> used = new HashMap<>();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    KillTruth(Map<String, Simulator> vendors) {
        this.vendors = vendors;
    }

    /** What a vendor counts for one request. */
    record Used(long inputTokens, long outputTokens) {
        /** At prices in USD per million tokens. */
        BigDecimal cost(String input, String output) {
            BigDecimal in = new BigDecimal(input).multiply(BigDecimal.valueOf(inputTokens));
            BigDecimal out = new BigDecimal(output).multiply(BigDecimal.valueOf(outputTokens));
            return in.add(out).movePointLeft(6);
        }
    }

    /** Takes note of what came since the last time; nobody may be asking any more. */
    void collect() throws InterruptedException {
        for (Map.Entry<String, Simulator> vendor : vendors.entrySet()) {
            var log = vendor.getValue().log();
            if (!log.await(PATIENCE, each -> each.openConnectionCount() == 0)) {
                throw new IllegalStateException("a killed daemon's connections stay open");
            }
            if (log.requestCount() > log.requests().size()) {
                throw new IllegalStateException("more requests than the vendor's log keeps");
            }
            for (SeenRequest request : log.requests()) {
                String key = vendor.getKey() + " " + number(request);
                seen.merge(key, 1, Integer::sum);
                latest.put(key, request);
                if (request.misbehaviour() instanceof Misbehaviour.Break cut
                        && cut.afterEvents() < 0) {
                    reset.merge(key, 1, Integer::sum);
                }
            }
            log.clear();
        }
    }

    private static int number(SeenRequest request) {
        Matcher found = NUMBER.matcher(request.body());
        if (!found.find()) {
            throw new IllegalStateException("no number in " + request.body());
        }
        return Integer.parseInt(found.group(1));
    }

    /** How often the vendor was asked for that number. */
    int seen(String vendor, int number) {
        return seen.getOrDefault(vendor + " " + number, 0);
    }

    /**
     * How often it did not answer that number at all. On a connection that had served another
     * request that looks as one that was closed for having been idle, and the same attempt asks
     * again.
     */
    int reset(String vendor, int number) {
        return reset.getOrDefault(vendor + " " + number, 0);
    }

    int seen() {
        return seen.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** What the vendor counts for that number's request. */
    Used used(String vendor, int number) throws Exception {
        SeenRequest request = Objects.requireNonNull(latest.get(vendor + " " + number));
        ObjectNode body = (ObjectNode) Json.read(request.body());
        body.put("stream", false);
        body.remove("stream_options");
        String text = Json.text(body);
        String key = vendor + NUMBER.matcher(text).replaceFirst(found -> shape(found.group(1)));
        Used known = used.get(key);
        if (known == null) {
            known = ask(vendors.get(vendor), request, text);
            used.put(key, known);
        }
        return known;
    }

    /** Numbers of one length have one count. */
    private static String shape(String number) {
        return "#".repeat(number.length());
    }

    private Used ask(Simulator vendor, SeenRequest like, String body) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(vendor.origin() + like.path()))
                        .timeout(PATIENCE)
                        .POST(HttpRequest.BodyPublishers.ofString(body));
        for (String name :
                new String[] {"content-type", "x-api-key", "authorization", "anthropic-version"}) {
            if (!like.header(name).isEmpty()) {
                request.header(name, like.header(name));
            }
        }
        HttpResponse<String> answer =
                http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        JsonNode usage = Json.read(answer.body()).path("usage");
        if (answer.statusCode() != 200 || usage.isMissingNode()) {
            throw new IllegalStateException(answer.statusCode() + " " + answer.body());
        }
        return new Used(usage.path("input_tokens").asLong(), usage.path("output_tokens").asLong());
    }

    @Override
    public void close() {
        http.close();
    }
}
