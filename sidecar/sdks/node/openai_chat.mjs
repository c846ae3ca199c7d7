// OpenAI's SDK, Chat Completions.
import assert from "node:assert/strict";
import OpenAI from "openai";
import { zodResponseFormat } from "openai/helpers/zod";
import { z } from "zod";
import {
  answers, BASE, CALL, CALL_TWICE, cancelled, CITY, errorOf, forcing, KNOWN, oneAtATime, PDF, PNG,
  QUESTION, servedBy, versionOf, WEATHER, withFault,
} from "./kit.mjs";

const client = new OpenAI({ baseURL: `${BASE}/v1`, apiKey: "unused" });
const chat = client.chat.completions;
const user = (content) => ({ role: "user", content });
const TOOL = {
  type: "function",
  function: { name: "get_weather", description: "The weather of a city", parameters: CITY },
};
const results = (message) =>
  message.tool_calls.map((call) => ({ role: "tool", tool_call_id: call.id, content: WEATHER }));

async function plain({ vendor, model }) {
  const messages = [user(QUESTION)];
  const { data, response } = await chat.create({ model, messages }).withResponse();
  servedBy(response.headers, vendor);
  const [choice] = data.choices;
  answers(choice.message.content);
  assert.equal(choice.finish_reason, "stop");
  assert.ok(data.usage.prompt_tokens > 0 && data.usage.completion_tokens > 0);
  const next = await chat.create({ model, messages: [...messages, choice.message, user("Go on.")] });
  answers(next.choices[0].message.content);
}

async function stream({ model }) {
  const request = { model, messages: [user(QUESTION)], stream_options: { include_usage: true } };
  const helper = chat.stream(request);
  let text = "";
  helper.on("content", (delta) => (text += delta));
  const whole = await helper.finalChatCompletion();
  answers(text);
  assert.equal(whole.choices[0].message.content, text);
  assert.equal(whole.choices[0].finish_reason, "stop");
  assert.ok((await helper.totalUsage()).completion_tokens > 0);
  let raw = "";
  let ends = 0;
  for await (const chunk of await chat.create({ ...request, stream: true })) {
    raw += chunk.choices[0]?.delta?.content ?? "";
    ends += chunk.choices[0]?.finish_reason ? 1 : 0;
  }
  assert.equal(raw, text);
  assert.equal(ends, 1);
}

async function tools({ model }) {
  const messages = [user(CALL)];
  const { message } = (await chat.create({ model, messages, tools: [TOOL] })).choices[0];
  assert.deepEqual(JSON.parse(message.tool_calls[0].function.arguments), { city: "Oslo" });
  const turn = [...messages, message, ...results(message)];
  answers((await chat.create({ model, messages: turn, tools: [TOOL] })).choices[0].message.content);
  const asked = [];
  const loop = chat.runTools({
    model,
    messages,
    stream: true,
    tools: [
      {
        type: "function",
        function: { ...TOOL.function, parse: JSON.parse, function: ({ city }) => (asked.push(city), WEATHER) },
      },
    ],
  });
  answers(await loop.finalContent());
  assert.deepEqual(asked, ["Oslo"]);
}

async function parallelTools({ vendor, model }) {
  const messages = [user(CALL_TWICE)];
  const { message } = await chat.stream({ model, messages, tools: [TOOL] }).finalChatCompletion()
    .then((whole) => whole.choices[0]);
  const [first, second] = message.tool_calls;
  assert.equal(message.tool_calls.length, 2);
  assert.notEqual(first.id, second.id);
  assert.notEqual(first.function.arguments, second.function.arguments);
  const turn = [...messages, message, ...results(message)];
  answers((await chat.create({ model, messages: turn, tools: [TOOL] })).choices[0].message.content);
  const choose = async (tool_choice, fields = {}) =>
    (await chat.create({
      model: forcing(vendor, model), messages: [user(CALL_TWICE)], tools: [TOOL], tool_choice, ...fields,
    })).choices[0].message.tool_calls?.length ?? 0;
  assert.equal(await choose("none"), 0);
  assert.equal(await choose("auto"), 2);
  assert.ok((await choose("required")) >= 1);
  assert.ok((await choose({ type: "function", function: { name: "get_weather" } })) >= 1);
  await oneAtATime(vendor, refusal, () => choose("auto", { parallel_tool_calls: false }));
}

async function structured({ model }) {
  const City = z.object({ city: z.string(), inhabitants: z.number().int() });
  const request = {
    model,
    messages: [user("Name a city and its number of inhabitants.")],
    response_format: zodResponseFormat(City, "city"),
  };
  City.parse((await chat.parse(request)).choices[0].message.parsed);
  City.parse((await chat.stream(request).finalChatCompletion()).choices[0].message.parsed);
}

async function media(model, part) {
  const messages = [user([{ type: "text", text: "What is this?" }, part])];
  answers((await chat.create({ model, messages })).choices[0].message.content);
}
const image = ({ model }) =>
  media(model, { type: "image_url", image_url: { url: `data:image/png;base64,${PNG}` } });
const document = ({ model }) =>
  media(model, {
    type: "file",
    file: { filename: "a.pdf", file_data: `data:application/pdf;base64,${PDF}` },
  });

async function thinking({ vendor, model }) {
  const request = { model, reasoning_effort: "high", messages: [user(CALL)], tools: [TOOL] };
  const { data, response } = await chat.create(request).withResponse();
  servedBy(response.headers, vendor);
  const { message } = data.choices[0];
  const next = { ...request, messages: [...request.messages, message, ...results(message)] };
  answers((await chat.create(next)).choices[0].message.content);
}

async function websearch({ model }) {
  const request = {
    model,
    messages: [user("What is new in the city of Zürich?")],
    web_search_options: { search_context_size: "low" },
  };
  const { message } = (await chat.create(request)).choices[0];
  const { url_citation: citation } = message.annotations[0];
  assert.match(citation.url, /^https?:/);
  assert.ok(citation.end_index > citation.start_index);
}

async function embeddings({ model }) {
  const { data, usage } = await client.embeddings.create({ model, input: ["one", "two"] });
  assert.equal(data.length, 2);
  assert.ok(data[0].embedding.length > 100 && data[0].embedding.every(Number.isFinite));
  assert.notDeepEqual(data[0].embedding, data[1].embedding);
  assert.ok(usage.prompt_tokens > 0);
}

async function models({ model }) {
  const ids = [];
  for await (const each of client.models.list()) ids.push(each.id);
  assert.ok(ids.includes(model.split("/").at(-1)));
  assert.equal((await client.models.retrieve(model)).object, "model");
  assert.ok((await errorOf(() => client.models.retrieve("no-such-model"))) instanceof OpenAI.NotFoundError);
}

/** The errors that all of OpenAI's surfaces share; `ask` sends a request with the model given. */
export async function errorsOf({ vendor, model }, ask, askStreamed) {
  const raises = async (kind, call) => assert.ok((await errorOf(call)) instanceof kind, kind.name);
  await raises(OpenAI.NotFoundError, () => ask({ model: "no-such-model" }));
  await raises(OpenAI.BadRequestError, () => ask({ model, temperature: "warm" }));
  const seen = await withFault(vendor, { kind: "status", status: 429, count: 50 }, () =>
    raises(OpenAI.RateLimitError, () => ask({ model })));
  assert.ok(seen <= 2, `${seen} requests: Pillion's retries were multiplied`);
  await withFault(vendor, { kind: "status", status: 503, count: 50 }, () =>
    raises(OpenAI.InternalServerError, () => ask({ model })));
  await withFault(vendor, { kind: "cut", after_events: 6, count: 50 }, () =>
    raises(OpenAI.APIError, async () => {
      for await (const _ of await askStreamed({ model }));
    }));
}

const errors = (cell) =>
  errorsOf(
    cell,
    (fields) => chat.create({ messages: [user(QUESTION)], ...fields }),
    (fields) => chat.create({ messages: [user(QUESTION)], stream: true, ...fields }),
  );

const cancel = ({ vendor, model }) =>
  cancelled(vendor, async () => {
    for await (const _ of await chat.create({ model, messages: [user(QUESTION)], stream: true })) break;
  });

export const refusal = (error) => error instanceof OpenAI.BadRequestError;
export const suites = [
  {
    sdk: "openai",
    version: versionOf("openai"),
    api: "chat",
    own: "openai",
    refusal,
    features: {
      chat: plain, stream, tools, parallel_tools: parallelTools, structured, image, document, thinking,
      websearch, embeddings, models, errors, cancel,
    },
    known: KNOWN,
  },
];
