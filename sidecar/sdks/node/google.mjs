// Google's SDK.
import assert from "node:assert/strict";
import { ApiError, FunctionCallingConfigMode, GoogleGenAI } from "@google/genai";
import { z } from "zod";
import {
  answers, BASE, CALL, CALL_TWICE, cancelled, CITY, errorOf, forcing, KNOWN, PDF, PNG, QUESTION,
  servedBy, versionOf, WEATHER, withFault,
} from "./kit.mjs";

const client = new GoogleGenAI({ apiKey: "unused", httpOptions: { baseUrl: BASE } });
const { models } = client;
const ask = (model, contents, config) => models.generateContent({ model, contents, config });
const user = (...parts) => ({ role: "user", parts });
const TOOLS = [
  {
    functionDeclarations: [
      { name: "get_weather", description: "The weather of a city", parametersJsonSchema: CITY },
    ],
  },
];
const results = (answer) =>
  user(...answer.functionCalls.map(({ id, name }) => ({
    functionResponse: { id, name, response: { output: WEATHER } },
  })));
const content = (answer) => answer.candidates[0].content;

async function plain({ vendor, model }) {
  const answer = await ask(model, QUESTION);
  servedBy(answer.sdkHttpResponse.headers, vendor);
  answers(answer.text);
  assert.equal(answer.candidates[0].finishReason, "STOP");
  const { promptTokenCount, candidatesTokenCount } = answer.usageMetadata;
  assert.ok(promptTokenCount > 0 && candidatesTokenCount > 0);
  const chat = client.chats.create({ model });
  await chat.sendMessage({ message: QUESTION });
  answers((await chat.sendMessage({ message: "Go on." })).text);
  assert.equal(chat.getHistory().length, 4);
}

/** The chunks of a stream folded into one answer's content. */
async function folded(stream) {
  const parts = [];
  let usage;
  let ends = 0;
  for await (const chunk of stream) {
    parts.push(...(chunk.candidates?.[0]?.content?.parts ?? []));
    usage = chunk.usageMetadata ?? usage;
    ends += chunk.candidates?.[0]?.finishReason ? 1 : 0;
  }
  const functionCalls = parts.flatMap((part) => part.functionCall ?? []);
  return { parts, usage, ends, functionCalls, candidates: [{ content: { role: "model", parts } }] };
}
const textOf = ({ parts }) =>
  parts.filter((part) => !part.thought).map((part) => part.text ?? "").join("");

async function stream({ model }) {
  const whole = await folded(await models.generateContentStream({ model, contents: QUESTION }));
  answers(textOf(whole));
  assert.ok(whole.parts.length > 1, "it came in one piece");
  assert.equal(whole.ends, 1);
  assert.ok(whole.usage.candidatesTokenCount > 0);
}

const goOn = (model, prompt, first, config) =>
  ask(model, [user({ text: prompt }), content(first), results(first)], { tools: TOOLS, ...config });

async function tools({ model }) {
  const first = await ask(model, CALL, { tools: TOOLS });
  assert.deepEqual(first.functionCalls[0].args, { city: "Oslo" });
  answers((await goOn(model, CALL, first)).text);
  const streamed = await folded(
    await models.generateContentStream({ model, contents: CALL, config: { tools: TOOLS } }));
  assert.deepEqual(streamed.functionCalls[0].args, { city: "Oslo" });
  answers((await goOn(model, CALL, streamed)).text);
}

async function parallelTools({ vendor, model }) {
  const first = await ask(model, CALL_TWICE, { tools: TOOLS });
  const [oslo, rome] = first.functionCalls;
  assert.equal(first.functionCalls.length, 2);
  assert.notEqual(oslo.id, rome.id);
  assert.notDeepEqual(oslo.args, rome.args);
  answers((await goOn(model, CALL_TWICE, first)).text);
  const choose = async (mode, allowedFunctionNames) => {
    const toolConfig = { functionCallingConfig: { mode, allowedFunctionNames } };
    const answer = await ask(forcing(vendor, model), CALL_TWICE, { tools: TOOLS, toolConfig });
    return answer.functionCalls?.length ?? 0;
  };
  assert.equal(await choose(FunctionCallingConfigMode.NONE), 0);
  assert.equal(await choose(FunctionCallingConfigMode.AUTO), 2);
  assert.ok((await choose(FunctionCallingConfigMode.ANY)) >= 1);
  assert.ok((await choose(FunctionCallingConfigMode.ANY, ["get_weather"])) >= 1);
}

async function structured({ model }) {
  const City = z.object({ city: z.string(), inhabitants: z.number().int() });
  const { $schema, ...schema } = z.toJSONSchema(City);
  const answer = await ask(model, "Name a city and its number of inhabitants.", {
    responseMimeType: "application/json",
    responseJsonSchema: schema,
  });
  City.parse(JSON.parse(answer.text));
}

const media = async (model, mimeType, data) =>
  answers((await ask(model, [user({ text: "What is this?" }, { inlineData: { mimeType, data } })])).text);
const image = ({ model }) => media(model, "image/png", PNG);
const document = ({ model }) => media(model, "application/pdf", PDF);

async function thinking({ model }) {
  const config = { tools: TOOLS, thinkingConfig: { thinkingLevel: "HIGH", includeThoughts: true } };
  const first = await ask(model, CALL, config);
  const { parts } = content(first);
  assert.ok(parts.some((part) => part.thought && part.text), "no thoughts are shown");
  assert.ok(parts.some((part) => part.thoughtSignature), "there is no signature to go back with");
  answers((await goOn(model, CALL, first, config)).text);
}

async function websearch({ model }) {
  const config = { tools: [{ googleSearch: {} }] };
  const contents = "What is new in the city of Zürich?";
  const { groundingChunks, groundingSupports } = (await ask(model, contents, config)).candidates[0].groundingMetadata;
  assert.match(groundingChunks[0].web.uri, /^https?:/);
  assert.ok(groundingSupports[0].segment.endIndex > 0);
  let streamed = 0;
  for await (const chunk of await models.generateContentStream({ model, contents, config })) {
    streamed += chunk.candidates?.[0]?.groundingMetadata?.groundingChunks?.length ?? 0;
  }
  assert.ok(streamed > 0, "no citation came in the stream");
}

const countTokens = async ({ model }) =>
  assert.ok((await models.countTokens({ model, contents: QUESTION })).totalTokens > 0);

async function embeddings({ model }) {
  const { embeddings: found } = await models.embedContent({ model, contents: ["one", "two"] });
  assert.equal(found.length, 2);
  assert.ok(found[0].values.length > 100);
  assert.notDeepEqual(found[0].values, found[1].values);
}

async function list({ model }) {
  const names = [];
  for await (const each of await models.list({ config: { pageSize: 5 } })) names.push(each.name);
  assert.ok(names.includes(`models/${model.split("/").at(-1)}`));
  assert.ok((await models.get({ model })).name.startsWith("models/"));
  await raises(404, () => models.get({ model: "no-such-model" }));
}

async function raises(status, call) {
  const error = await errorOf(call);
  assert.ok(error instanceof ApiError, String(error));
  if (status) assert.equal(error.status, status);
}

async function errors({ vendor, model }) {
  await raises(404, () => ask("no-such-model", QUESTION));
  await raises(400, () => ask(model, QUESTION, { temperature: "warm" }));
  const failing = (fault, call) => withFault(vendor, { count: 50, ...fault }, call);
  const seen = await failing({ kind: "status", status: 429 }, () => raises(429, () => ask(model, QUESTION)));
  assert.ok(seen <= 2, `${seen} requests: Pillion's retries were multiplied`);
  await failing({ kind: "status", status: 503 }, () => raises(503, () => ask(model, QUESTION)));
  await failing({ kind: "cut", after_events: 6 }, () =>
    raises(undefined, async () => folded(await models.generateContentStream({ model, contents: QUESTION }))));
}

const cancel = ({ vendor, model }) =>
  cancelled(vendor, async () => {
    const abort = new AbortController();
    const config = { abortSignal: abort.signal };
    const stream = await models.generateContentStream({ model, contents: QUESTION, config });
    await stream.next();
    abort.abort();
  });

const refusal = (error) => error instanceof ApiError && error.status === 400;
export const suites = [
  {
    sdk: "@google/genai",
    version: versionOf("@google/genai"),
    api: "",
    own: "gemini",
    refusal,
    features: {
      chat: plain, stream, tools, parallel_tools: parallelTools, structured, image, document, thinking,
      websearch, count_tokens: countTokens, embeddings, models: list, errors, cancel,
    },
    known: KNOWN,
  },
];
