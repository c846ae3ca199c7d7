// Anthropic's SDK through Pillion: a stream, and a web search with its citations. Over the Unix
// socket, where PILLION_SOCKET names one, and else over TCP.
import Anthropic from "@anthropic-ai/sdk";
import { Agent, fetch } from "undici";

const socketPath = process.env.PILLION_SOCKET;
const client = socketPath
  ? new Anthropic({
      baseURL: "http://pillion", // the name is free: the socket says where Pillion is
      apiKey: "unused",
      fetch,
      fetchOptions: { dispatcher: new Agent({ connect: { socketPath } }) },
    })
  : new Anthropic({ baseURL: process.env.PILLION_URL ?? "http://127.0.0.1:4141", apiKey: "unused" });

// A class in place of a model, streamed.
const stream = client.messages.stream({
  model: "class:fast",
  max_tokens: 500,
  messages: [{ role: "user", content: "What does a sidecar carry?" }],
});
console.log("stream:", await stream.finalText());

// A web search; its sources come as this SDK's own citations.
const answer = await client.messages.create({
  model: "anthropic/claude-sonnet-5-5",
  max_tokens: 1000,
  tools: [{ type: "web_search_20250305", name: "web_search", max_uses: 1 }],
  messages: [{ role: "user", content: "What is new in the city of Zürich?" }],
});
for (const block of answer.content) {
  if (block.type !== "text") continue;
  console.log("search:", block.text);
  for (const citation of block.citations ?? []) console.log("  source:", citation.url);
}
