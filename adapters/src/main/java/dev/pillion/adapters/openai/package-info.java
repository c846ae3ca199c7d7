/** OpenAI Chat Completions, in both directions. */
@NullMarked
package dev.pillion.adapters.openai;

import org.jspecify.annotations.NullMarked;
