/**
 * Gemini API, {@code generateContent} and {@code streamGenerateContent}: towards the vendor as
 * {@code v1beta} (as of 2026-11-22; official SDKs 3.1.0 of 2026-11-10).
 *
 * <p>How its state travels in the uniform form, whichever way it goes:
 *
 * <ul>
 *   <li>A part's {@code thoughtSignature} is the data of that part's seal, as sent. Text that
 *       carries one is a part of its own, also where it is empty (the closing part of an answer);
 *       {@code thought:true} makes a thinking part.
 *   <li>{@code executableCode}, {@code codeExecutionResult}, {@code toolCall}, {@code toolResponse}
 *       and whatever no other part says are vendor items of the whole part, its signature in it.
 *       Their seal holds {@link dev.pillion.adapters.gemini.GeminiApi#ITEM_SEAL} and says only
 *       whose they are.
 *   <li>A vendor item with fields of a candidate ({@code groundingMetadata}, {@code
 *       urlContextMetadata}, {@code continuationToken}) instead of a part's is what an answer had
 *       beside its parts; it is never sent back as a part, and a {@code continuationToken} in the
 *       last assistant message asks for that answer to be gone on with.
 *   <li>A call without an id gets one of {@link dev.pillion.adapters.gemini.GeminiCallIds}, which
 *       is left out again towards the vendor.
 *   <li>Raw fields ({@code Extras} of {@code gemini}): of a request, merged key by key into the
 *       body; of a message, into its content; of a part, into the part ({@code videoMetadata},
 *       {@code fileData.mimeType}), where those of a tool's result go into its {@code
 *       functionResponse} and those of a tool call into its part; of a function, into its
 *       declaration ({@code parameters} there replaces the schema); of a web search, into the
 *       {@code googleSearch} object.
 * </ul>
 *
 * <p>Towards clients of that surface:
 *
 * <ul>
 *   <li>Thinking is shown as {@code thought} parts to a client that asks with {@code
 *       includeThoughts}, as the vendor does; its sealed state goes to every client.
 *   <li>Seals, and items of other vendors, travel in {@code thoughtSignature}: base64 of the text
 *       that {@link dev.pillion.protocol.chat.Seals} writes ({@code GeminiSeals}, {@code Carrier}).
 *   <li>Model contents that follow each other, as a client's history of a stream has them, are one
 *       message.
 * </ul>
 */
@NullMarked
package dev.pillion.adapters.gemini;

import org.jspecify.annotations.NullMarked;
