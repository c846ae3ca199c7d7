/**
 * Google's Gemini API, simulated: generateContent, streamGenerateContent, countTokens and
 * embeddings, versions v1 and v1beta, as documented and recorded until 2026-11-22.
 */
@NullMarked
package dev.pillion.sidecar.simulate.gemini;

import org.jspecify.annotations.NullMarked;
