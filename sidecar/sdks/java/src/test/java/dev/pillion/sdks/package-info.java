/**
 * The vendors' official Java SDKs as clients of Pillion, as an application uses them: openai-java,
 * anthropic-java and google-genai, in the releases that the parent POM pins.
 */
@org.jspecify.annotations.NullMarked
package dev.pillion.sdks;
