/**
 * OpenAI Chat Completions ({@code POST /v1/chat/completions}, OpenAI API 2.3.0, as of 2026-11-22),
 * in both directions: asking OpenAI's own and compatible servers, and answering clients of that
 * surface.
 *
 * <p>What the format cannot say, and what happens then:
 *
 * <ul>
 *   <li>A refusal is a text part with a seal of this format ({@code Marks.REFUSAL}); it goes back
 *       as a refusal, and on this surface comes out as one.
 *   <li>A call of a custom (free text) tool is a tool call with the arguments {@code {"input":"…"}}
 *       and the seal {@code Marks.CUSTOM}.
 *   <li>Tool results are text here: pictures and documents of a result follow in a user message
 *       that names the call; a failed result begins with {@code Error: }.
 *   <li>Thinking of other vendors is left out in whole; seals are kept for the client in the
 *       message's extension field {@code reasoning_details} ({@code SealNotes}).
 * </ul>
 */
@NullMarked
package dev.pillion.adapters.openai;

import org.jspecify.annotations.NullMarked;
