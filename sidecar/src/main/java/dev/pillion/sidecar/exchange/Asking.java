package dev.pillion.sidecar.exchange;

import dev.pillion.adapters.AnyDialect;
import dev.pillion.adapters.Outline;
import dev.pillion.adapters.Stored;
import dev.pillion.adapters.StoredNames;
import dev.pillion.adapters.Surface;
import dev.pillion.adapters.VendorCuts;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.Need;
import dev.pillion.protocol.chat.RouteWish;
import dev.pillion.protocol.wire.Headers;
import dev.pillion.sidecar.account.PromptSize;
import dev.pillion.sidecar.admit.Admitted;
import dev.pillion.sidecar.admit.Claim;
import dev.pillion.sidecar.config.CallerConfig;
import dev.pillion.sidecar.config.ModelClass;
import dev.pillion.sidecar.dispatch.Work;
import dev.pillion.sidecar.plan.Ask;
import dev.pillion.sidecar.plan.Load;
import dev.pillion.sidecar.plan.Opening;
import dev.pillion.sidecar.plan.Task;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a request asks, by its headers and its body, whether it is to be answered or explained. */
final class Asking {
    /** Bodies over this are decoded off the loop, so that others on it need not wait. */
    static final int MAX_ON_LOOP_BYTES = 1 << 20;

    private static final int BYTES_PER_TOKEN = 4;

    private final Inbound in;
    private final Surface client;
    private final Work work;
    private final AnyDialect dialect;
    private Wishes wishes = Wishes.of(Headers.NONE);
    private Ask.@Nullable Ceiling ceiling;
    private long leastTokens = -1;

    Asking(Inbound in, Surface client, Work work) {
        this.in = in;
        this.client = client;
        this.work = work;
        this.dialect = work.dialect();
    }

    /**
     * Reads it; before that nothing else is known.
     *
     * @throws dev.pillion.protocol.fault.FaultException that says what is wrong with it, and where
     */
    Outline read() {
        wishes = Wishes.of(in.headers());
        if (!(work instanceof Work.Raw)) {
            BodyText.check(in.body());
        }
        Outline outline = dialect.outline(client);
        boolean large = in.body().length > MAX_ON_LOOP_BYTES;
        boolean needed = large && (dialect.passthrough() == null || !wishes.passthrough());
        switch (work) {
            case Work.Chat chat -> {
                chat.request().put(outline.decoded());
                if (needed) {
                    chat.decode();
                }
            }
            case Work.Count count -> {
                count.request().put(outline.decoded());
                count.decode();
            }
            case Work.Embed embed -> embed.decode();
            case Work.Raw raw -> raw.decode();
        }
        if (work.task() != Task.COUNT) {
            ceiling = Ceiling.of(wishes, work.chat(), outline, in.body(), dialect.vendor());
        }
        if (large && work.task() == Task.ANSWER) {
            leastTokens(); // not on the loop
        }
        return outline;
    }

    Wishes wishes() {
        return wishes;
    }

    /** Who says to be asking. */
    Claim claim() {
        ChatRequest decoded = work.chat();
        var tags = wishes.tags().isEmpty() && decoded != null ? decoded.tags() : wishes.tags();
        return new Claim(in.uid(), wishes.caller(), tags);
    }

    /** What the planner must know; the same facts whether the request was scanned or decoded. */
    Ask ask(Outline outline, Admitted caller) {
        ChatRequest decoded = work.chat();
        RouteWish route = decoded == null ? RouteWish.DEFAULT : decoded.route();
        CallerConfig.Allow allow = caller.allow();
        return new Ask(
                work.task(),
                outline.model(),
                dialect.vendor(),
                decoded == null ? null : decoded.modelClass(),
                outline.needs(),
                outline.refusable(),
                decoded == null ? Set.of() : Seals.accounts(decoded),
                this::stored,
                work instanceof Work.Raw raw ? List.of(raw.provider()) : route.only(),
                route.not(),
                failover(),
                allow == null ? null : allow.providers(),
                allow == null || allow.classes() == null ? null : words(allow.classes()),
                ceiling,
                wishes.lossy(),
                prefer(route),
                load(outline, caller.name()),
                prompt());
    }

    private Ask.Prompt prompt() {
        long atMost = (long) (in.body().length * PromptSize.LEAST_PER_BYTE);
        return new Ask.Prompt(atMost, this::leastTokens);
    }

    /** What the vendor may cut is of any length. */
    private long leastTokens() {
        if (leastTokens < 0) {
            byte[] body = in.body();
            leastTokens = VendorCuts.in(body) ? 0 : PromptSize.of(body).leastTokens();
        }
        return leastTokens;
    }

    private RouteWish.Prefer prefer(RouteWish route) {
        RouteWish.Prefer header = wishes.prefer();
        return header == null ? route.prefer() : header;
    }

    /** What is known of the request's weight before anybody has answered it. */
    private Load load(Outline outline, String caller) {
        Integer limit = outline.maxOutputTokens();
        int searches = outline.needs().contains(Need.WEBSEARCH) ? 1 : 0;
        ChatRequest decoded = work.chat();
        String modelClass = decoded == null ? null : decoded.modelClass();
        String what = outline.model() == null ? modelClass : outline.model();
        return new Load(
                outline.stream(),
                outline.bodyBytes() / BYTES_PER_TOKEN,
                limit == null ? Long.MAX_VALUE : limit,
                searches,
                caller + ' ' + what,
                work.task() == Task.ANSWER ? Opening.of(caller, in.body()) : Opening.NONE);
    }

    /** What it names that lies stored at a vendor. */
    List<Stored> stored() {
        return work instanceof Work.Raw(_, String provider, _, _)
                ? StoredNames.inCall(in.path(), in.body(), provider).stream()
                        .map(id -> new Stored(provider, null, id, "", true))
                        .toList()
                : StoredNames.in(in.body(), dialect.vendor());
    }

    private static Set<String> words(Set<ModelClass> classes) {
        return classes.stream().map(ModelClass::wire).collect(Collectors.toSet());
    }

    boolean failover() {
        Boolean header = wishes.failover();
        ChatRequest decoded = work.chat();
        return header != null ? header : decoded == null || decoded.route().failover();
    }

    /** Whether the answer shall say how it was planned. */
    boolean explain() {
        ChatRequest decoded = work.chat();
        return decoded != null && decoded.route().explain();
    }
}
