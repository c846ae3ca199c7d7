// Google's SDK through Pillion: an answer, and a stream. Over TCP by its base URL: this SDK takes no
// dispatcher of its own.
import { GoogleGenAI } from "@google/genai";

const baseUrl = process.env.PILLION_URL ?? "http://127.0.0.1:4141";
const client = new GoogleGenAI({ apiKey: "unused", httpOptions: { baseUrl } });

const answer = await client.models.generateContent({
  model: "gemini/gemini-4-hydrogen",
  contents: "What does a sidecar carry?",
});
console.log("chat:", answer.text);

// A class in place of a model, streamed.
const stream = await client.models.generateContentStream({
  model: "class:fast",
  contents: "Tell me something short.",
});
let text = "";
for await (const piece of stream) text += piece.text ?? "";
console.log("stream:", text);
