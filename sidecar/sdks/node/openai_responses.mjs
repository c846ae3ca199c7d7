// OpenAI's SDK, Responses.
import assert from "node:assert/strict";
import OpenAI from "openai";
import { zodTextFormat } from "openai/helpers/zod";
import { z } from "zod";
import {
  answers, BASE, CALL, CALL_TWICE, cancelled, CITY, forcing, KNOWN, oneAtATime, PDF, PNG, QUESTION,
  servedBy, versionOf, WEATHER,
} from "./kit.mjs";
import { errorsOf, refusal } from "./openai_chat.mjs";

const client = new OpenAI({ baseURL: `${BASE}/v1`, apiKey: "unused" });
const responses = client.responses;
const user = (content) => ({ role: "user", content });
const TOOL = {
  type: "function", name: "get_weather", description: "The weather of a city", parameters: CITY, strict: true,
};
const calls = (answer) => answer.output.filter((item) => item.type === "function_call");
const results = (answer) =>
  calls(answer).map((call) => ({ type: "function_call_output", call_id: call.call_id, output: WEATHER }));

async function plain({ vendor, model }) {
  const { data, response } = await responses.create({ model, input: QUESTION }).withResponse();
  servedBy(response.headers, vendor);
  answers(data.output_text);
  assert.equal(data.status, "completed");
  assert.ok(data.usage.input_tokens > 0 && data.usage.output_tokens > 0);
  const input = [user(QUESTION), ...data.output, user("Go on.")];
  answers((await responses.create({ model, input })).output_text);
}

async function stream({ model }) {
  const helper = responses.stream({ model, input: QUESTION });
  const types = [];
  let text = "";
  for await (const event of helper) {
    types.push(event.type);
    if (event.type === "response.output_text.delta") text += event.delta;
  }
  const whole = await helper.finalResponse();
  answers(text);
  assert.equal(whole.output_text, text);
  assert.ok(whole.usage.output_tokens > 0);
  assert.equal(types[0], "response.created");
  assert.equal(types.at(-1), "response.completed");
  assert.equal(types.filter((type) => type === "response.created").length, 1);
  const numbers = [];
  for await (const event of await responses.create({ model, input: QUESTION, stream: true })) {
    numbers.push(event.sequence_number);
  }
  assert.deepEqual(numbers, numbers.map((_, i) => i));
}

/** What the streaming helper adds to a call, and OpenAI refuses to take back. */
const asInput = ({ parsed_arguments, ...item }) => item;

const goOn = (model, prompt, first, fields) =>
  responses.create({
    model, tools: [TOOL], input: [user(prompt), ...first.output.map(asInput), ...results(first)], ...fields,
  });

async function tools({ model }) {
  const first = await responses.create({ model, input: CALL, tools: [TOOL] });
  assert.deepEqual(JSON.parse(calls(first)[0].arguments), { city: "Oslo" });
  answers((await goOn(model, CALL, first)).output_text);
  const streamed = await responses.stream({ model, input: CALL, tools: [TOOL] }).finalResponse();
  assert.deepEqual(calls(streamed)[0].parsed_arguments, { city: "Oslo" });
  answers((await goOn(model, CALL, streamed)).output_text);
}

async function parallelTools({ vendor, model }) {
  const first = await responses.stream({ model, input: CALL_TWICE, tools: [TOOL] }).finalResponse();
  const [oslo, rome] = calls(first);
  assert.equal(calls(first).length, 2);
  assert.notEqual(oslo.call_id, rome.call_id);
  assert.notEqual(oslo.arguments, rome.arguments);
  answers((await goOn(model, CALL_TWICE, first)).output_text);
  const choose = async (tool_choice, fields = {}) =>
    calls(await responses.create({
      model: forcing(vendor, model), input: CALL_TWICE, tools: [TOOL], tool_choice, ...fields,
    })).length;
  assert.equal(await choose("none"), 0);
  assert.equal(await choose("auto"), 2);
  assert.ok((await choose("required")) >= 1);
  assert.ok((await choose({ type: "function", name: "get_weather" })) >= 1);
  await oneAtATime(vendor, refusal, () => choose("auto", { parallel_tool_calls: false }));
}

async function structured({ model }) {
  const City = z.object({ city: z.string(), inhabitants: z.number().int() });
  const request = {
    model,
    input: "Name a city and its number of inhabitants.",
    text: { format: zodTextFormat(City, "city") },
  };
  City.parse((await responses.parse(request)).output_parsed);
  City.parse((await responses.stream(request).finalResponse()).output_parsed);
}

const media = async (model, part) =>
  answers((await responses.create({
    model, input: [user([{ type: "input_text", text: "What is this?" }, part])],
  })).output_text);
const image = ({ model }) =>
  media(model, { type: "input_image", detail: "auto", image_url: `data:image/png;base64,${PNG}` });
const document = ({ model }) =>
  media(model, {
    type: "input_file", filename: "a.pdf", file_data: `data:application/pdf;base64,${PDF}`,
  });

async function thinking({ vendor, model }) {
  const fields = {
    reasoning: { effort: "high", summary: "auto" },
    include: ["reasoning.encrypted_content"],
    store: false,
  };
  const first = await responses.stream({ model, input: CALL, tools: [TOOL], ...fields }).finalResponse();
  const thought = first.output.find((item) => item.type === "reasoning");
  // Gemini seals the call that follows, and refuses it without.
  assert.ok(thought.encrypted_content || vendor === "gemini", "the thinking has no seal to go back with");
  assert.ok(thought.summary.length > 0, "no thoughts are shown");
  answers((await goOn(model, CALL, first, fields)).output_text);
}

async function websearch({ model }) {
  const request = {
    model,
    tools: [{ type: "web_search" }],
    input: "What is new in the city of Zürich?",
  };
  const citations = (answer) =>
    answer.output
      .flatMap((item) => (item.type === "message" ? item.content : []))
      .flatMap((part) => part.annotations);
  for (const answer of [await responses.create(request), await responses.stream(request).finalResponse()]) {
    const [citation] = citations(answer);
    assert.equal(citation.type, "url_citation");
    assert.match(citation.url, /^https?:/);
    assert.ok(citation.end_index > citation.start_index);
  }
}

const countTokens = async ({ model }) =>
  assert.ok((await responses.inputTokens.count({ model, input: QUESTION })).input_tokens > 0);

const errors = (cell) =>
  errorsOf(
    cell,
    (fields) => responses.create({ input: QUESTION, ...fields }),
    (fields) => responses.create({ input: QUESTION, stream: true, ...fields }),
  );

const cancel = ({ vendor, model }) =>
  cancelled(vendor, async () => {
    for await (const _ of await responses.create({ model, input: QUESTION, stream: true })) break;
  });

export const suites = [
  {
    sdk: "openai",
    version: versionOf("openai"),
    api: "responses",
    own: "openai",
    refusal,
    features: {
      chat: plain, stream, tools, parallel_tools: parallelTools, structured, image, document, thinking,
      websearch, count_tokens: countTokens, errors, cancel,
    },
    known: KNOWN,
  },
];
