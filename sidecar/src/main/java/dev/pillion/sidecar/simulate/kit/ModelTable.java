package dev.pillion.sidecar.simulate.kit;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A vendor's models; of several that fit an id, the first counts. */
public record ModelTable<M extends ModelTable.Model>(List<M> models) {
    /** A row of the table. */
    public interface Model {
        /** The ids that it is known by. */
        Pattern ids();

        /** One of them, which it is listed under. */
        String sample();
    }

    public @Nullable M find(String id) {
        for (var model : models) {
            if (model.ids().matcher(id).matches()) {
                return model;
            }
        }
        return null;
    }
}
