/** Anthropic Messages, in both directions. */
@NullMarked
package dev.pillion.adapters.anthropic;

import org.jspecify.annotations.NullMarked;
