/**
 * OpenAI embeddings ({@code POST /v1/embeddings}, OpenAI API 2.3.0, as of 2026-11-22), in both
 * directions: asking OpenAI's own and compatible servers, and answering clients of that surface.
 *
 * <p>The format has one length for all vectors of a request, and embeds text or tokens: what a
 * vector is for, titles, pictures and texts of several parts are refused by name.
 */
@NullMarked
package dev.pillion.adapters.openai.embeddings;

import org.jspecify.annotations.NullMarked;
