// What the suites share: the vendors and their models, faults on demand, and the run of all cells.
import assert from "node:assert/strict";
import { appendFileSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";

export const BASE = process.env.PILLION_URL;
export const SOCKET = process.env.PILLION_SOCKET;

/** A model of each vendor that can do all that is asked here. */
const MODELS = {
  anthropic: "claude-sonnet-5-5",
  openai: "gpt-6-sol",
  xai: "grok-4.7",
  gemini: "gemini-4-hydrogen",
};
/** Of vendors whose newest models refuse forced tool calls, one that takes them. */
export const forcing = (vendor, model) =>
  vendor === "anthropic" ? model.replace(MODELS.anthropic, "claude-haiku-4-5") : model;
const EMBEDDERS = { openai: "text-embedding-3-small", gemini: "gemini-embedding-001" };

export const FEATURES = [
  "chat", "stream", "tools", "parallel_tools", "structured", "image", "document", "thinking",
  "websearch", "count_tokens", "embeddings", "models", "errors", "cancel",
];

/** An SDK's own vendor is asked for as its users do, the others by their qualified ids. */
const named = (vendor, own, models) =>
  vendor === own ? models[vendor] : `${vendor}/${models[vendor]}`;

export const QUESTION = "What does a sidecar carry?";
export const WEATHER = "4 °C, light rain";
export const CALL = "call get_weather for the city of Oslo";
export const CALL_TWICE = "call get_weather for both the city of Oslo and the city of Rome";
export const CITY = {
  type: "object",
  properties: { city: { type: "string" } },
  required: ["city"],
  additionalProperties: false,
};
export const PNG =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
export const PDF = Buffer.from(
  "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n" +
    "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n" +
    "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 72 72]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n",
).toString("base64");

/** The version of an installed package. */
export function versionOf(name) {
  const main = createRequire(import.meta.url).resolve(name);
  const folder = main.slice(0, main.lastIndexOf(`node_modules/${name}/`));
  return JSON.parse(readFileSync(`${folder}node_modules/${name}/package.json`, "utf8")).version;
}

const VENDORS = Object.fromEntries(
  process.env.PILLION_VENDORS.split(",").map((pair) => pair.split("=")),
);

async function simulator(vendor, method, path, body) {
  const answer = await fetch(VENDORS[vendor] + path, { method, body: body && JSON.stringify(body) });
  assert.equal(answer.status, 200, `${vendor} ${path}`);
  return answer.json();
}

/** Runs with a fault at the vendor; says how many requests the vendor saw. */
export async function withFault(vendor, fault, run) {
  await simulator(vendor, "DELETE", "/__log");
  await simulator(vendor, "POST", "/__fault", fault);
  try {
    await run();
  } finally {
    await simulator(vendor, "DELETE", "/__fault");
  }
  return (await simulator(vendor, "GET", "/__log")).requests;
}

/** The error that the call ends in. */
export async function errorOf(call) {
  try {
    await call();
  } catch (error) {
    return error;
  }
  throw new assert.AssertionError({ message: "no error was raised" });
}

/** Waits until the daemon has logged that a request of the vendor's ended as cancelled. */
export async function cancelled(vendor, run) {
  const seen = () =>
    readFileSync(process.env.PILLION_REQUEST_LOG, "utf8")
      .split("\n")
      .filter((line) => line.includes('"cancelled"') && line.includes(`"provider":"${vendor}"`))
      .length;
  const before = seen();
  await withFault(vendor, { kind: "slow", millis: 300 }, run);
  for (let i = 0; i < 200 && seen() === before; i++) {
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  assert.equal(seen(), before + 1, "the request was not logged as cancelled");
}

/** Why a vendor's part of a feature can't be had, whatever the SDK. */
export const KNOWN = {
  embeddings: { anthropic: { none: true }, xai: { none: true } },
  count_tokens: { xai: { refused: "xAI counts no tokens", names: "counts no tokens" } },
  document: {
    xai: { refused: "xAI takes no document's bytes", names: "xAI takes no file's bytes" },
  },
};

/** Gemini can't be kept from calling tools in parallel, and says so. */
export async function oneAtATime(vendor, refusal, call) {
  if (vendor === "gemini") {
    const error = await errorOf(call);
    assert.ok(refusal(error) && String(error.message).includes("parallel_tools"), error.message);
  } else {
    assert.equal(await call(), 1);
  }
}

/** That the text is an answer to the question, or to what a tool said. */
export function answers(text) {
  assert.match(text, /simulated answer|settles it/);
}

export function servedBy(headers, vendor) {
  const get = headers.get?.bind(headers) ?? ((name) => headers[name]);
  assert.equal(get("x-pillion-provider"), vendor);
}

async function run(suite, feature, vendor) {
  const work = suite.features[feature];
  const known = suite.known?.[feature]?.[vendor] ?? suite.known?.[feature]?.all;
  if (work === undefined || known?.none) return { result: "none" };
  const models = feature === "embeddings" ? EMBEDDERS : MODELS;
  try {
    await work({ vendor, model: named(vendor, suite.own, models) });
  } catch (error) {
    if (known?.fails) return { result: "fails", why: known.fails };
    if (known?.refused && suite.refusal(error) && String(error.message).includes(known.names)) {
      return { result: "refused", why: known.refused };
    }
    return { error };
  }
  if (known) return { error: new Error(`works, though declared otherwise: ${JSON.stringify(known)}`) };
  return { result: "works" };
}

/**
 * Runs every feature of every suite at every vendor. A suite has `sdk`, `version`, `api`, `own` (its
 * vendor), `features`, `refusal` (whether an error is the SDK's for a bad request), and `known`: by
 * feature and vendor what does not work, as `{none}`, `{refused, names}` or `{fails}`.
 */
export async function runAll(suites) {
  const count = { passed: 0, failed: 0 };
  for (const suite of suites) {
    for (const feature of FEATURES) {
      for (const vendor of Object.keys(MODELS)) {
        const cell = { sdk: suite.sdk, version: suite.version, api: suite.api, feature, vendor };
        const { error, ...found } = await run(suite, feature, vendor);
        if (error) {
          count.failed++;
          console.log(`FAILED: ${suite.sdk} ${suite.api} ${feature} ${vendor}: ${error.stack}`);
          continue;
        }
        count.passed++;
        appendFileSync(process.env.PILLION_SDK_RESULTS, JSON.stringify({ ...cell, why: "", ...found }) + "\n");
      }
    }
  }
  console.log(`${count.passed} passed, ${count.failed} failed`);
  return count.failed;
}
