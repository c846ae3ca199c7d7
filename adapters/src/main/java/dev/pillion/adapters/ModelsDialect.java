package dev.pillion.adapters;

import dev.pillion.protocol.fault.FaultException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A surface whose clients ask which models there are. No vendor is asked: the answer is what the
 * configuration has for the caller. Stateless.
 */
public non-sealed interface ModelsDialect extends AnyDialect {

    /**
     * The page of the list that the query asks for.
     *
     * @throws FaultException {@code invalid_request} naming the query's field
     */
    byte[] list(List<ListedModel> models, QueryFields query);

    /** One model. */
    byte[] one(ListedModel model);

    @Override
    default String surface() {
        return "models";
    }

    /** Nothing: all that is asked stands in the path and the query. */
    @Override
    default Outline outline(Surface client) {
        return new Outline(
                null,
                false,
                Set.of(),
                Set.of(),
                client.body().length,
                -1,
                -1,
                null,
                false,
                Outline.Splice.NONE,
                null);
    }

    @Override
    default @Nullable Forwarding passthrough() {
        return null;
    }
}
