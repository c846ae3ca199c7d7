// OpenAI's SDK through Pillion: an answer, a stream, and a tool loop. Over TCP by its base URL.
import OpenAI from "openai";

const baseURL = (process.env.PILLION_URL ?? "http://127.0.0.1:4141") + "/v1";
const client = new OpenAI({ baseURL, apiKey: "unused" }); // the real keys are Pillion's

// A class in place of a model: whichever configured vendor has a model of that class.
const answer = await client.responses.create({
  model: "class:fast",
  input: "What does a sidecar carry?",
});
console.log("chat:", answer.output_text);

// A stream from another vendor, in the same format.
const stream = await client.chat.completions.create({
  model: "anthropic/claude-sonnet-5-5",
  messages: [{ role: "user", content: "Tell me something short." }],
  stream: true,
});
let text = "";
for await (const piece of stream) text += piece.choices[0]?.delta?.content ?? "";
console.log("stream:", text);

// A tool loop, run by the SDK.
const getWeather = ({ city }) => {
  console.log("tool call: get_weather", city);
  return "4 °C, light rain";
};
const loop = client.chat.completions.runTools({
  model: "class:balanced",
  messages: [{ role: "user", content: "call get_weather for the city of Oslo" }],
  tools: [
    {
      type: "function",
      function: {
        name: "get_weather",
        description: "The weather of a city",
        parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
        function: getWeather,
        parse: JSON.parse,
      },
    },
  ],
});
console.log("tool answer:", await loop.finalContent());
