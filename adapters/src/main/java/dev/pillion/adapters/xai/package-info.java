/**
 * xAI, outbound (docs.x.ai, as of 2026-11-22): Responses with its differences, and legacy Chat
 * Completions where only that can express a request and the model takes it.
 *
 * <p>What is particular here:
 *
 * <ul>
 *   <li>Chat Completions counts thinking outside of the completion, Responses inside: the output is
 *       what the total leaves after the prompt. More may be cached than the prompt seems to have.
 *   <li>Server-side tools appear as {@code custom_tool_call} items, which are already executed:
 *       they are vendor items, never tool calls. A custom (free text) tool of the caller is sent as
 *       a function with one text argument.
 *   <li>Schemas are always enforced, but for keywords that may be ignored: the answer is checked
 *       here.
 *   <li>Errors come in three shapes, a bad key as 400, empty accounts and unsafe content as 403,
 *       and errors inside 200.
 * </ul>
 */
@NullMarked
package dev.pillion.adapters.xai;

import org.jspecify.annotations.NullMarked;
