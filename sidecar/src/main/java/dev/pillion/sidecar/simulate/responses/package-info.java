/**
 * The Responses format as its vendors stream it: OpenAI (OpenAPI document 2.3.0, 2026-08-21) and
 * xAI (documentation of autumn 2026). Where they differ is an {@link EventStyle}.
 */
@NullMarked
package dev.pillion.sidecar.simulate.responses;

import org.jspecify.annotations.NullMarked;
