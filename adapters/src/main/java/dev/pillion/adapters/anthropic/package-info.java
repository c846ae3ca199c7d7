/**
 * Anthropic Messages ({@code POST /v1/messages}, versions 2023-06-01 and 2026-10-21, as of
 * 2026-11-22), in both directions.
 */
@NullMarked
package dev.pillion.adapters.anthropic;

import org.jspecify.annotations.NullMarked;
