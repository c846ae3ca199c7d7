package dev.pillion.sidecar.account;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.chat.Usage;
import dev.pillion.protocol.wire.Json;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Sums of the ledger's entries by what they have in common. A request counts once in each row that
 * has an attempt of it: the ledger has a request's attempts together.
 */
public final class UsageReport {
    /** More rows than this are summed in one of their own, whose names are {@code (others)}. */
    private static final int MAX_ROWS = 10_000;

    private static final String OTHERS = "(others)";

    private final List<GroupBy> by;
    private final Map<List<String>, Sum> rows = new HashMap<>();
    private final Sum total = new Sum();

    public UsageReport(List<GroupBy> by) {
        this.by = List.copyOf(by);
    }

    public void add(Entry entry) {
        List<String> names = new ArrayList<>(by.size());
        for (GroupBy each : by) {
            names.add(each.of(entry));
        }
        if (rows.size() >= MAX_ROWS && !rows.containsKey(names)) {
            names.replaceAll(_ -> OTHERS);
        }
        rows.computeIfAbsent(names, _ -> new Sum()).add(entry);
        total.add(entry);
    }

    /**
     * Rows in the order of their names, and their total.
     *
     * @param missing what is not in them though it should be, a line each; told only where there is
     *     something
     */
    public ObjectNode json(List<String> missing) {
        ObjectNode report = Json.object();
        ArrayNode list = report.putArray("rows");
        var sorted = new TreeMap<String, ObjectNode>();
        rows.forEach((names, sum) -> {
            ObjectNode row = Json.object();
            for (int i = 0; i < names.size(); i++) {
                row.put(by.get(i).field(), names.get(i));
            }
            sum.write(row);
            sorted.put(String.join("\0", names), row);
        });
        sorted.values().forEach(list::add);
        total.write(report.putObject("total"));
        if (!missing.isEmpty()) {
            ArrayNode incomplete = report.putArray("incomplete");
            missing.forEach(incomplete::add);
        }
        return report;
    }

    /** One row. */
    private static final class Sum {
        private long requests;
        private long attempts;
        private long inputTokens;
        private long cachedInputTokens;
        private long cacheWriteTokens;
        private long outputTokens;
        private long thinkingTokens;
        private long webSearches;
        private BigDecimal usd = BigDecimal.ZERO;
        private long estimated;
        private long unpriced;
        private @Nullable String lastRequest;

        void add(Entry entry) {
            if (!entry.requestId().equals(lastRequest)) {
                requests++;
                lastRequest = entry.requestId();
            }
            attempts++;
            Usage usage = entry.usage();
            for (Usage beside : usage.apart().beside()) {
                usage = usage.plusTokens(beside);
            }
            inputTokens += usage.inputTokens();
            cachedInputTokens += usage.cachedInputTokens();
            cacheWriteTokens += usage.cacheWriteTokens();
            outputTokens += usage.outputTokens();
            thinkingTokens += usage.thinkingTokens();
            webSearches += usage.webSearches();
            BigDecimal cost = entry.cost().usd();
            if (cost == null) {
                unpriced++;
            } else {
                usd = usd.add(cost);
            }
            estimated += entry.usage().estimated() || entry.cost().estimated() ? 1 : 0;
        }

        void write(ObjectNode row) {
            row.put("requests", requests);
            row.put("attempts", attempts);
            row.put("input_tokens", inputTokens);
            row.put("cached_input_tokens", cachedInputTokens);
            row.put("cache_write_tokens", cacheWriteTokens);
            row.put("output_tokens", outputTokens);
            row.put("thinking_tokens", thinkingTokens);
            row.put("web_searches", webSearches);
            row.put("cost_usd", usd.signum() == 0 ? "0" : usd.stripTrailingZeros().toPlainString());
            row.put("estimated", estimated);
            row.put("unpriced", unpriced);
        }
    }
}
