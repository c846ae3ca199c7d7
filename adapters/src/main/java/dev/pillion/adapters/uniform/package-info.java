/** Pillion's own surface: the uniform interface, {@code POST /v1/generate}. */
@NullMarked
package dev.pillion.adapters.uniform;

import org.jspecify.annotations.NullMarked;
