// Anthropic's SDK, over the Unix socket.
import assert from "node:assert/strict";
import Anthropic from "@anthropic-ai/sdk";
import { zodOutputFormat } from "@anthropic-ai/sdk/helpers/zod";
import { Agent, fetch } from "undici";
import { z } from "zod";
import {
  answers, CALL, CALL_TWICE, cancelled, CITY, errorOf, forcing, KNOWN, oneAtATime, PDF, PNG, QUESTION,
  servedBy, SOCKET, versionOf, WEATHER, withFault,
} from "./kit.mjs";

const client = new Anthropic({
  baseURL: "http://pillion",
  apiKey: "unused",
  fetch,
  fetchOptions: { dispatcher: new Agent({ connect: { socketPath: SOCKET } }) },
});
const { messages } = client;
const max_tokens = 2000;
const user = (content) => ({ role: "user", content });
const TOOL = { name: "get_weather", description: "The weather of a city", input_schema: CITY };
const text = (message) =>
  message.content.filter((block) => block.type === "text").map((block) => block.text).join("");
const calls = (message) => message.content.filter((block) => block.type === "tool_use");
const results = (message) =>
  user(calls(message).map((call) => ({ type: "tool_result", tool_use_id: call.id, content: WEATHER })));
const asAnswer = ({ role, content }) => ({ role, content });

async function plain({ vendor, model }) {
  const request = { model, max_tokens, messages: [user(QUESTION)] };
  const { data, response } = await messages.create(request).withResponse();
  servedBy(response.headers, vendor);
  answers(text(data));
  assert.equal(data.stop_reason, "end_turn");
  assert.ok(data.usage.input_tokens > 0 && data.usage.output_tokens > 0);
  const turns = [user(QUESTION), asAnswer(data), user("Go on.")];
  answers(text(await messages.create({ ...request, messages: turns })));
}

async function stream({ model }) {
  const request = { model, max_tokens, messages: [user(QUESTION)] };
  const helper = messages.stream(request);
  let joined = "";
  helper.on("text", (delta) => (joined += delta));
  const whole = await helper.finalMessage();
  answers(joined);
  assert.equal(text(whole), joined);
  assert.equal(whole.stop_reason, "end_turn");
  assert.ok(whole.usage.input_tokens > 0 && whole.usage.output_tokens > 0);
  const types = [];
  for await (const event of await messages.create({ ...request, stream: true })) types.push(event.type);
  assert.equal(types[0], "message_start");
  assert.equal(types.at(-1), "message_stop");
  assert.equal(types.filter((type) => type === "message_start").length, 1);
  const count = (type) => types.filter((each) => each === type).length;
  assert.equal(count("content_block_start"), count("content_block_stop"));
}

const goOn = (model, prompt, first, fields) =>
  messages.create({
    model, max_tokens, tools: [TOOL], messages: [user(prompt), asAnswer(first), results(first)], ...fields,
  });

async function tools({ model }) {
  const request = { model, max_tokens, tools: [TOOL], messages: [user(CALL)] };
  const first = await messages.create(request);
  assert.equal(first.stop_reason, "tool_use");
  assert.deepEqual(calls(first)[0].input, { city: "Oslo" });
  answers(text(await goOn(model, CALL, first)));
  const streamed = await messages.stream(request).finalMessage();
  assert.deepEqual(calls(streamed)[0].input, { city: "Oslo" });
  answers(text(await goOn(model, CALL, streamed)));
}

async function parallelTools({ vendor, model }) {
  const request = { model, max_tokens, tools: [TOOL], messages: [user(CALL_TWICE)] };
  const first = await messages.stream(request).finalMessage();
  const [oslo, rome] = calls(first);
  assert.equal(calls(first).length, 2);
  assert.notEqual(oslo.id, rome.id);
  assert.notDeepEqual(oslo.input, rome.input);
  answers(text(await goOn(model, CALL_TWICE, first)));
  const choose = async (tool_choice) =>
    calls(await messages.create({ ...request, model: forcing(vendor, model), tool_choice })).length;
  assert.equal(await choose({ type: "none" }), 0);
  assert.equal(await choose({ type: "auto" }), 2);
  assert.ok((await choose({ type: "any" })) >= 1);
  assert.ok((await choose({ type: "tool", name: "get_weather" })) >= 1);
  await oneAtATime(vendor, refusal, () => choose({ type: "auto", disable_parallel_tool_use: true }));
}

async function structured({ model }) {
  const City = z.object({ city: z.string(), inhabitants: z.number().int() });
  const answer = await messages.parse({
    model,
    max_tokens,
    messages: [user("Name a city and its number of inhabitants.")],
    output_config: { format: zodOutputFormat(City) },
  });
  City.parse(answer.parsed_output);
}

const media = async (model, block) =>
  answers(text(await messages.create({
    model, max_tokens, messages: [user([block, { type: "text", text: "What is this?" }])],
  })));
const base64 = (media_type, data) => ({ type: "base64", media_type, data });
const image = ({ model }) => media(model, { type: "image", source: base64("image/png", PNG) });
const document = ({ model }) =>
  media(model, { type: "document", source: base64("application/pdf", PDF) });

async function thinking({ vendor, model }) {
  const fields = {
    thinking: { type: "adaptive", display: "summarized" },
    output_config: { effort: "high" },
  };
  const request = { model, max_tokens, tools: [TOOL], messages: [user(CALL)], ...fields };
  const first = await messages.stream(request).finalMessage();
  const thought = first.content.find((block) => block.type === "thinking");
  assert.ok(thought.thinking, "no thoughts are shown");
  // Gemini signs the call that follows, and refuses it without.
  assert.ok(thought.signature || vendor === "gemini", "the thinking has no signature to go back with");
  answers(text(await goOn(model, CALL, first, fields)));
}

async function websearch({ model }) {
  const request = {
    model,
    max_tokens,
    tools: [{ type: "web_search_20250305", name: "web_search" }],
    messages: [user("What is new in the city of Zürich?")],
  };
  for (const answer of [await messages.create(request), await messages.stream(request).finalMessage()]) {
    const [citation] = answer.content.flatMap((block) => block.citations ?? []);
    assert.equal(citation.type, "web_search_result_location");
    assert.match(citation.url, /^https?:/);
  }
}

const countTokens = async ({ model }) =>
  assert.ok((await messages.countTokens({ model, messages: [user(QUESTION)] })).input_tokens > 0);

async function models({ model }) {
  const ids = [];
  for await (const each of client.models.list({ limit: 5 })) ids.push(each.id);
  assert.ok(ids.includes(model.split("/").at(-1)));
  assert.equal((await client.models.retrieve(model)).type, "model");
  const error = await errorOf(() => client.models.retrieve("no-such-model"));
  assert.ok(error instanceof Anthropic.NotFoundError);
}

async function errors({ vendor, model }) {
  const ask = (fields) => messages.create({ model, max_tokens, messages: [user(QUESTION)], ...fields });
  const raises = async (kind, call) => assert.ok((await errorOf(call)) instanceof kind, kind.name);
  await raises(Anthropic.NotFoundError, () => ask({ model: "no-such-model" }));
  await raises(Anthropic.BadRequestError, () => ask({ temperature: "warm" }));
  const seen = await withFault(vendor, { kind: "status", status: 429, count: 50 }, () =>
    raises(Anthropic.RateLimitError, () => ask()));
  assert.ok(seen <= 2, `${seen} requests: Pillion's retries were multiplied`);
  await withFault(vendor, { kind: "status", status: 503, count: 50 }, () =>
    raises(Anthropic.InternalServerError, () => ask()));
  await withFault(vendor, { kind: "cut", after_events: 6, count: 50 }, () =>
    raises(Anthropic.APIError, () => messages.stream({ model, max_tokens, messages: [user(QUESTION)] }).finalMessage()));
}

const cancel = ({ vendor, model }) =>
  cancelled(vendor, async () => {
    const request = { model, max_tokens, messages: [user(QUESTION)], stream: true };
    for await (const _ of await messages.create(request)) break;
  });

const refusal = (error) => error instanceof Anthropic.BadRequestError;
export const suites = [
  {
    sdk: "@anthropic-ai/sdk",
    version: versionOf("@anthropic-ai/sdk"),
    api: "",
    own: "anthropic",
    refusal,
    features: {
      chat: plain, stream, tools, parallel_tools: parallelTools, structured, image, document, thinking,
      websearch, count_tokens: countTokens, models, errors, cancel,
    },
    known: KNOWN,
  },
];
