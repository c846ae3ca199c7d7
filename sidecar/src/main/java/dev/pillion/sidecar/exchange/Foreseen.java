package dev.pillion.sidecar.exchange;

import dev.pillion.adapters.Outline;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.Need;
import dev.pillion.protocol.chat.Usage;
import dev.pillion.protocol.chat.WebSearch;
import dev.pillion.sidecar.account.PriceBook;
import dev.pillion.sidecar.admit.Reserve;
import dev.pillion.sidecar.config.ModelConfig;
import dev.pillion.sidecar.config.Prices;
import dev.pillion.sidecar.dispatch.Work;
import dev.pillion.sidecar.plan.Plan;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a request is expected to cost, at whom the plan asks first: so much is held back from its
 * caller's budget until it is over. No bound, since a bound would keep most of a budget unused.
 */
final class Foreseen {
    /** Of an answer whose length the request does not limit. */
    static final int USUAL_OUTPUT_TOKENS = 4_096;

    /** Of a request that may search and does not say how often. */
    static final int USUAL_SEARCHES = 3;

    private static final int BYTES_PER_TOKEN = 4;

    /** Pictures, sound and documents have far more bytes than tokens. */
    private static final int MEDIA_BYTES_PER_TOKEN = 64;

    private final Work work;
    private final Outline outline;
    private final Instant at;

    private Foreseen(Work work, Outline outline, Instant at) {
        this.work = work;
        this.outline = outline;
        this.at = at;
    }

    static Reserve of(Work work, Outline outline, Plan plan, String method, Instant at) {
        boolean read = work instanceof Work.Raw && !method.equals("POST");
        boolean free = plan.targets().models().allMatch(Foreseen::isFree);
        if (work instanceof Work.Count || read || free) {
            return Reserve.FREE;
        }
        ModelConfig model = plan.targets().get(0).model();
        var foreseen = new Foreseen(work, outline, at);
        BigDecimal usd = foreseen.usd(model, foreseen.searches());
        if (usd == null) { // what a search costs may be all that is not known
            usd = foreseen.usd(model, 0);
        }
        return usd == null ? Reserve.UNKNOWN : Reserve.of(usd);
    }

    private static boolean isFree(ModelConfig model) {
        return model.prices() instanceof Prices.Free;
    }

    private @Nullable BigDecimal usd(ModelConfig model, int searches) {
        var usage =
                new Usage(
                        inputTokens(), 0, 0, 0, outputTokens(model), 0, 0, 0, searches, null, true);
        return PriceBook.cost(usage, model.prices(), at, null).usd();
    }

    private long inputTokens() {
        boolean media =
                outline.needs().contains(Need.VISION)
                        || outline.needs().contains(Need.DOCUMENTS)
                        || outline.needs().contains(Need.AUDIO)
                        || outline.needs().contains(Need.VIDEO);
        return outline.bodyBytes() / (media ? MEDIA_BYTES_PER_TOKEN : BYTES_PER_TOKEN) + 1L;
    }

    private long outputTokens(ModelConfig model) {
        if (work instanceof Work.Embed || !model.traits().chats()) {
            return 0;
        }
        Integer asked = outline.maxOutputTokens();
        int most = model.traits().maxOutputTokens();
        int expected = asked == null ? USUAL_OUTPUT_TOKENS : asked;
        return most > 0 ? Math.min(expected, most) : expected;
    }

    private int searches() {
        ChatRequest decoded = work.chat();
        WebSearch search = decoded == null ? null : decoded.webSearch();
        Integer most = search == null ? null : search.maxUses();
        if (most != null) {
            return most;
        }
        return search != null || outline.needs().contains(Need.WEBSEARCH) ? USUAL_SEARCHES : 0;
    }
}
