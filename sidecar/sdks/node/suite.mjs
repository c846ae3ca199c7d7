// Runs the suites of all SDKs, or of those named: node suite.mjs [anthropic …]
import { runAll } from "./kit.mjs";

const ALL = ["openai_chat", "openai_responses", "anthropic", "google", "vercel"];
const names = process.argv.length > 2 ? process.argv.slice(2) : ALL;
const suites = [];
for (const name of names) {
  suites.push(...(await import(`./${name}.mjs`)).suites);
}
process.exitCode = (await runAll(suites)) === 0 ? 0 : 1;
