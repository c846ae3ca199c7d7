package dev.pillion.sidecar.plan;

import dev.pillion.adapters.CostFacts;
import dev.pillion.adapters.Refusal;
import dev.pillion.adapters.Stored;
import dev.pillion.protocol.chat.Need;
import dev.pillion.protocol.chat.RouteWish;
import dev.pillion.sidecar.account.PromptSize;
import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a request asks of whoever answers it: the same facts whether it was scanned or decoded.
 *
 * @param task what is to be done; vectors and counts come of one model only
 * @param model an id, an alias or {@code class:NAME}; null: the class decides
 * @param surfaceProvider the vendor whose surface was spoken, for ids that nobody knows; null: none
 * @param modelClass null when a model is named, or for the default class
 * @param refusable what it asks that some models refuse
 * @param accounts vendor accounts that its seals are bound to, as {@code provider/account}
 * @param stored what it names that lies stored at a vendor; only asked for where it matters
 * @param only providers or qualified ids that may serve; empty: any
 * @param not providers or qualified ids that must not
 * @param allowedProviders what the caller may use; null: all
 * @param allowedClasses likewise
 * @param ceiling null: none
 * @param lossy whether what nobody takes may be left out
 * @param load what the answer is expected to weigh
 * @param prompt what its prompt surely weighs
 */
public record Ask(
        Task task,
        @Nullable String model,
        @Nullable String surfaceProvider,
        @Nullable String modelClass,
        Set<Need> needs,
        Set<Refusal> refusable,
        Set<String> accounts,
        Supplier<List<Stored>> stored,
        List<String> only,
        List<String> not,
        boolean failover,
        @Nullable Set<String> allowedProviders,
        @Nullable Set<String> allowedClasses,
        @Nullable Ceiling ceiling,
        boolean lossy,
        RouteWish.Prefer prefer,
        Load load,
        Prompt prompt) {

    /** One whose prompt fits anywhere, as far as anybody knows. */
    public Ask(
            Task task,
            @Nullable String model,
            @Nullable String surfaceProvider,
            @Nullable String modelClass,
            Set<Need> needs,
            Set<Refusal> refusable,
            Set<String> accounts,
            Supplier<List<Stored>> stored,
            List<String> only,
            List<String> not,
            boolean failover,
            @Nullable Set<String> allowedProviders,
            @Nullable Set<String> allowedClasses,
            @Nullable Ceiling ceiling,
            boolean lossy,
            RouteWish.Prefer prefer,
            Load load) {
        this(
                task,
                model,
                surfaceProvider,
                modelClass,
                needs,
                refusable,
                accounts,
                stored,
                only,
                not,
                failover,
                allowedProviders,
                allowedClasses,
                ceiling,
                lossy,
                prefer,
                load,
                Prompt.UNKNOWN);
    }

    /**
     * What is sure of a prompt's length before anybody has counted it.
     *
     * @param atMostTokens that {@code leastTokens} can tell, which costs nothing to know
     * @param leastTokens fewer than any tokenizer makes of it; scans the body when first asked
     */
    public record Prompt(long atMostTokens, LongSupplier leastTokens) {
        public static final Prompt UNKNOWN = new Prompt(0, () -> 0);
    }

    /** The same, where what some models refuse or do not have is left out for them. */
    Ask withLosses() {
        return new Ask(
                task,
                model,
                surfaceProvider,
                modelClass,
                needs,
                Set.of(),
                accounts,
                List::of,
                only,
                not,
                failover,
                allowedProviders,
                allowedClasses,
                ceiling,
                true,
                prefer,
                load,
                prompt);
    }

    /**
     * What the caller will pay at most, and what bounds the cost.
     *
     * @param facts what the body says of its cost
     * @param size of the prompt in it
     * @param outputTokens of each answer; null: the model's own limit
     */
    public record Ceiling(
            BigDecimal maxUsd, CostFacts facts, PromptSize size, @Nullable Integer outputTokens) {}
}
