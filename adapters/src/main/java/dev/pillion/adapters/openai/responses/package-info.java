/**
 * The Responses API ({@code POST /v1/responses}, OpenAI API 2.3.0, as of 2026-11-22), as OpenAI
 * and, with {@link dev.pillion.adapters.openai.responses.ResponsesQuirks quirks}, xAI speak it.
 *
 * <p>How an answer's items become parts, and go back:
 *
 * <ul>
 *   <li>each {@code output_text} is a text part, with its annotations as citations; each {@code
 *       refusal} one with the seal {@code Marks.REFUSAL}. What a message's fields say beyond that
 *       ({@code phase}) is the seal of its first part, as JSON.
 *   <li>{@code reasoning} is thinking; the item as the vendor sent it is the seal's data.
 *   <li>{@code function_call} is a tool call under its {@code call_id}; other fields that must go
 *       back ({@code namespace}) are its seal, as JSON. A {@code custom_tool_call} has the
 *       arguments {@code {"input":"…"}} and the seal {@code Marks.CUSTOM}.
 *   <li>any other item is a vendor item, whole and unchanged.
 * </ul>
 *
 * <p>What the format has no place for, towards clients of this surface:
 *
 * <ul>
 *   <li>the seal of thinking, whoever issued it, is the {@code encrypted_content} of the reasoning
 *       item, which clients send back unread.
 *   <li>an item of another vendor, and an empty text that is sealed, is a reasoning item without a
 *       summary in the same place ({@code Carried}).
 *   <li>other seals of texts and calls are in one such item at the end, which tells by content what
 *       each belongs to.
 *   <li>ids of items that were made here hold {@code _pln_}, and go to no vendor ({@code ItemIds}).
 * </ul>
 */
@NullMarked
package dev.pillion.adapters.openai.responses;

import org.jspecify.annotations.NullMarked;
