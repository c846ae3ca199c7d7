/** The catalog, and which targets may serve a request, in which order. */
@NullMarked
package dev.pillion.sidecar.plan;

import org.jspecify.annotations.NullMarked;
