package dev.pillion.adapters;

import org.jspecify.annotations.Nullable;

/**
 * Something that a request names and that lies stored at a vendor: a response to go on from, a
 * file, cached content, a container.
 *
 * @param vendor whose it is: the wire format, or the provider that the caller named
 * @param surface the vendor whose surface names it; null: the caller named the vendor itself
 * @param id as the request says it
 * @param field its JSON pointer in the request
 * @param needed whether the request means nothing without it; otherwise another vendor goes without
 */
public record Stored(
        String vendor, @Nullable String surface, String id, String field, boolean needed) {

    /** Whether it may lie at the provider; of ids at servers compatible to a vendor's all may. */
    public boolean mayLieAt(String provider, String speaks) {
        return vendor.equals(provider)
                || vendor.equals(speaks)
                || (speaks.equals(surface) && !provider.equals(surface));
    }
}
