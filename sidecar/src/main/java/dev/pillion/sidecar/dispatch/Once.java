package dev.pillion.sidecar.dispatch;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Something that is made when it is first asked for, and then kept. One thread at a time; a second
 * one may follow where the first one handed over.
 */
public final class Once<T> implements Supplier<T> {
    private final Supplier<T> maker;
    private @Nullable T made;

    public Once(Supplier<T> maker) {
        this.maker = maker;
    }

    @Override
    public T get() {
        T value = made;
        if (value == null) {
            value = maker.get();
            made = value;
        }
        return value;
    }

    /** What has been made so far; null: nothing yet. */
    public @Nullable T made() {
        return made;
    }

    /** Takes what was made elsewhere. */
    public void put(@Nullable T value) {
        if (value != null) {
            made = value;
        }
    }
}
