package dev.pillion.sidecar.simulate.xai;

/** What a request costs, from the vendor's own price list; in ticks, 10,000,000,000 a USD. */
final class XaiCost {
    private static final int LONG_TOKENS = 200_000;
    private static final long SERVER_CALL_TICKS = 50_000_000;

    private XaiCost() {}

    /**
     * The whole bill.
     *
     * @param input all tokens of the prompt, those read from the cache among them
     * @param output all tokens made, reasoning among them
     * @param serverCalls calls of tools that the vendor runs and charges for
     */
    static long ticks(XaiModel model, long input, long cached, long output, long serverCalls) {
        var price = model.price();
        long tokens =
                (input - cached) * price.input()
                        + cached * price.cached()
                        + output * price.output();
        // A long prompt doubles all rates, not only those beyond the limit.
        return (input >= LONG_TOKENS ? 2 * tokens : tokens) + serverCalls * SERVER_CALL_TICKS;
    }
}
