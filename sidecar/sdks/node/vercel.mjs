// Vercel's AI SDK with its four providers. What a provider has is what its own format has, so each is
// tried like the SDK of that vendor: with models of all four.
import assert from "node:assert/strict";
import { createAnthropic } from "@ai-sdk/anthropic";
import { createGoogle } from "@ai-sdk/google";
import { createOpenAI } from "@ai-sdk/openai";
import { createXai } from "@ai-sdk/xai";
import { APICallError, embedMany, generateText, Output, RetryError, stepCountIs, streamText, tool } from "ai";
import { z } from "zod";
import {
  answers, BASE, CALL, CALL_TWICE, cancelled, errorOf, forcing, KNOWN, oneAtATime, PDF, PNG, QUESTION,
  servedBy, versionOf, WEATHER, withFault,
} from "./kit.mjs";

const apiKey = "unused";
const openai = createOpenAI({ baseURL: `${BASE}/v1`, apiKey });
const anthropic = createAnthropic({ baseURL: `${BASE}/v1`, apiKey });
const google = createGoogle({ baseURL: `${BASE}/v1beta`, apiKey });
const xai = createXai({ baseURL: `${BASE}/v1`, apiKey });

/** A weather tool that notes for which cities it was asked. */
function weather() {
  const asked = [];
  const get_weather = tool({
    description: "The weather of a city",
    inputSchema: z.object({ city: z.string() }),
    execute: ({ city }) => (asked.push(city), WEATHER),
  });
  return { asked, tools: { get_weather } };
}

/** What all providers are asked; `of` makes the provider's model, `options` its own options. */
function featuresOf({ of, options, search, key }) {
  const steps = stepCountIs(5);
  const providerOptions = (name) => ({ [key]: { ...options.always, ...options[name] } });
  const always = providerOptions("always");
  const ask = (request) => generateText({ providerOptions: always, ...request });
  const askStreamed = (request) => streamText({ providerOptions: always, onError() {}, ...request });

  /** A streamed answer that is read to its end; an error in it is thrown. */
  async function streamed(request) {
    const result = askStreamed(request);
    for await (const part of result.fullStream) if (part.type === "error") throw part.error;
    return result;
  }

  async function chat({ vendor, model }) {
    const answer = await ask({ model: of(model), prompt: QUESTION });
    servedBy(answer.response.headers, vendor);
    answers(answer.text);
    assert.equal(answer.finishReason, "stop");
    assert.ok(answer.usage.inputTokens > 0 && answer.usage.outputTokens > 0);
    const messages = [
      { role: "user", content: QUESTION }, ...answer.response.messages, { role: "user", content: "Go on." },
    ];
    answers((await ask({ model: of(model), messages })).text);
  }

  async function stream({ model }) {
    const result = askStreamed({ model: of(model), prompt: QUESTION });
    let text = "";
    const types = [];
    for await (const part of result.fullStream) {
      types.push(part.type);
      if (part.type === "text-delta") text += part.text;
    }
    answers(text);
    assert.equal(await result.text, text);
    assert.equal(types.filter((type) => type === "start").length, 1);
    assert.equal(types.filter((type) => type === "finish").length, 1);
    assert.equal(await result.finishReason, "stop");
    assert.ok((await result.totalUsage).outputTokens > 0);
  }

  async function tools({ model }) {
    const { asked, tools } = weather();
    const request = { model: of(model), prompt: CALL, tools, stopWhen: steps };
    answers((await ask(request)).text);
    answers(await (await streamed(request)).text);
    assert.deepEqual(asked, ["Oslo", "Oslo"]);
  }

  async function parallelTools({ vendor, model }) {
    const { asked, tools } = weather();
    const request = { model: of(model), prompt: CALL_TWICE, tools, stopWhen: steps };
    answers(await (await streamed(request)).text);
    assert.equal(asked.length, 2);
    assert.notEqual(asked[0], asked[1]);
    const choose = async (toolChoice, providerOptions) =>
      (await ask({
        model: of(forcing(vendor, model)), prompt: CALL_TWICE, tools: weather().tools, toolChoice, providerOptions,
      })).toolCalls.length;
    assert.equal(await choose("none"), 0);
    assert.equal(await choose("auto"), 2);
    assert.ok((await choose("required")) >= 1);
    assert.ok((await choose({ type: "tool", toolName: "get_weather" })) >= 1);
    if (options.serial) await oneAtATime(vendor, refusal, () => choose("auto", providerOptions("serial")));
  }

  async function structured({ model }) {
    const City = z.object({ city: z.string(), inhabitants: z.number().int() });
    const request = {
      model: of(model),
      prompt: "Name a city and its number of inhabitants.",
      output: Output.object({ schema: City }),
    };
    City.parse((await ask(request)).output);
    City.parse(await (await streamed(request)).output);
  }

  const media = async (model, part) => {
    const content = [{ type: "text", text: "What is this?" }, part];
    answers((await ask({ model: of(model), messages: [{ role: "user", content }] })).text);
  };
  const image = ({ model }) =>
    media(model, { type: "file", mediaType: "image/png", data: Buffer.from(PNG, "base64") });
  const document = ({ model }) =>
    media(model, { type: "file", mediaType: "application/pdf", data: Buffer.from(PDF, "base64"), filename: "a.pdf" });

  async function thinking({ model }) {
    const { asked, tools } = weather();
    const request = {
      model: of(model), prompt: CALL, tools, stopWhen: steps, providerOptions: providerOptions("thinking"),
    };
    const answer = await streamed(request);
    answers(await answer.text);
    assert.deepEqual(asked, ["Oslo"]);
    if (options.shows) {
      assert.ok((await answer.steps)[0].reasoningText, "no thoughts are shown");
    }
  }

  async function websearch({ model }) {
    const request = { model: of(model), prompt: "What is new in the city of Zürich?", ...search };
    for (const sources of [(await ask(request)).sources, await (await streamed(request)).sources]) {
      assert.ok(sources.length > 0, "no source came");
      assert.match(sources[0].url, /^https?:/);
    }
  }

  async function errors({ vendor, model }) {
    const send = (name) => ask({ model: of(name ?? model), prompt: QUESTION, maxRetries: 0 }); // its waits would be long
    const raises = async (status, call) => {
      const error = await errorOf(call);
      const last = RetryError.isInstance(error) ? error.lastError : error;
      assert.ok(APICallError.isInstance(last), String(last));
      assert.equal(last.statusCode, status);
    };
    const failing = (fault, call) => withFault(vendor, { count: 50, ...fault }, call);
    await raises(404, () => send("no-such-model"));
    await failing({ kind: "status", status: 429 }, () => raises(429, () => send()));
    const overloaded = key === "anthropic" ? 529 : 503;
    await failing({ kind: "status", status: 503 }, async () => {
      const error = await errorOf(() => send());
      const last = RetryError.isInstance(error) ? error.lastError : error;
      assert.ok([503, overloaded].includes(last.statusCode), String(last));
    });
    await failing({ kind: "cut", after_events: 6 }, async () => {
      const types = [];
      const result = askStreamed({ model: of(model), prompt: QUESTION, maxRetries: 0 });
      for await (const part of result.fullStream) types.push(part.type);
      assert.ok(types.includes("error"), `it ended in ${types.at(-1)}, without an error`);
    });
  }

  const cancel = ({ vendor, model }) =>
    cancelled(vendor, async () => {
      const abort = new AbortController();
      const result = askStreamed({ model: of(model), prompt: QUESTION, abortSignal: abort.signal });
      for await (const part of result.fullStream) if (part.type === "text-delta") abort.abort();
    });

  return {
    chat, stream, tools, parallel_tools: parallelTools, structured, image, document, thinking, errors, cancel,
    ...(search && { websearch }),
  };
}

/** `counted`: whether the format tells what vectors cost. */
const embeddings = (of, counted = true) => async ({ model }) => {
  const { embeddings: found, usage } = await embedMany({ model: of(model), values: ["one", "two"] });
  assert.equal(found.length, 2);
  assert.ok(found[0].length > 100);
  assert.notDeepEqual(found[0], found[1]);
  if (counted) assert.ok(usage.tokens > 0);
};

const refusal = (error) => APICallError.isInstance(error) && error.statusCode === 400;
const { count_tokens, ...known } = KNOWN;
const version = versionOf("ai");
const suite = (api, own, features, more = {}) => ({
  sdk: "ai", version, api, own, refusal, features, known: { ...known, ...more },
});

/** By default this provider refers to what OpenAI has stored, which no other vendor can know. */
const STORED = Object.fromEntries(
  ["anthropic", "xai", "gemini"].map((vendor) => [
    vendor,
    { refused: "history as references to items stored at OpenAI; `store: false` sends it", names: "it was not stored" },
  ]),
);

/** The provider leaves out Google's search for a model that is not called gemini-…, with a warning. */
const SEARCHES_GEMINI_ONLY = Object.fromEntries(["anthropic", "openai", "xai"].map((vendor) => [vendor, { none: true }]));

/** The provider gets structured output by one forced call of a tool, and no more than one. */
const ONE_FORCED_CALL = {
  gemini: { refused: "Gemini has no switch for parallel calls", names: "parallel_tools" },
};

/** What OpenAI's models answer passes through as it came, and their thinking has no status. */
const STATUS_DEMANDED = Object.fromEntries(
  ["chat", "stream", "tools", "parallel_tools", "structured", "image", "thinking", "websearch"].map((feature) => [
    feature,
    { openai: { fails: "the provider demands a status of reasoning items, and OpenAI gives none" } },
  ]),
);

const responses = (always) =>
  featuresOf({
    key: "openai",
    of: (model) => openai(model),
    search: { tools: { web_search: openai.tools.webSearch({}) } },
    options: {
      always,
      serial: { parallelToolCalls: false },
      // The provider knows OpenAI's reasoning models by their names, and has to be told of others.
      thinking: { reasoningEffort: "high", reasoningSummary: "auto", forceReasoning: true },
      shows: true,
    },
  });

export const suites = [
  suite("@ai-sdk/openai, responses", "openai", {
    ...responses({}),
    embeddings: embeddings((model) => openai.embedding(model)),
  }, Object.fromEntries(["chat", "tools", "parallel_tools", "thinking"].map((feature) => [feature, STORED]))),
  suite("@ai-sdk/openai, responses, store: false", "openai", responses({ store: false })),
  suite("@ai-sdk/openai, chat", "openai",
    featuresOf({
      key: "openai",
      of: (model) => openai.chat(model),
      options: { serial: { parallelToolCalls: false }, thinking: { reasoningEffort: "high" } },
    })),
  suite("@ai-sdk/anthropic", "anthropic",
    featuresOf({
      key: "anthropic",
      of: (model) => anthropic(model),
      search: { tools: { web_search: anthropic.tools.webSearch_20250305({}) } },
      options: {
        serial: { disableParallelToolUse: true },
        thinking: { thinking: { type: "adaptive", display: "summarized" }, effort: "high" },
        shows: true,
      },
    }), { structured: ONE_FORCED_CALL }),
  suite("@ai-sdk/google", "gemini", {
    ...featuresOf({
      key: "google",
      // With a slash in it, the provider takes a model for a path.
      of: (model) => google(model.includes("/") ? `models/${model}` : model),
      search: { tools: { google_search: google.tools.googleSearch({}) } },
      options: { thinking: { thinkingConfig: { thinkingLevel: "high", includeThoughts: true } }, shows: true },
    }),
    embeddings: embeddings((model) => google.embedding(model), false),
  }, { websearch: SEARCHES_GEMINI_ONLY }),
  suite("@ai-sdk/xai", "xai",
    featuresOf({
      key: "xai",
      of: (model) => xai(model),
      search: { tools: { web_search: xai.tools.webSearch() } },
      options: { thinking: { reasoningEffort: "high" } },
    }), { document: { all: { none: true } }, ...STATUS_DEMANDED }),
];
