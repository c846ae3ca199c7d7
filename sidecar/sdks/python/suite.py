"""Runs suites of SDKs: `suite.py official`, or `suite.py frameworks`. See ../README.md."""

import importlib
import sys

import kit

SUITES = {
    "official": ("with_openai_chat", "with_openai_responses", "with_anthropic", "with_gemini"),
    "frameworks": ("with_langchain", "with_agents"),
}

rows = []
for module in SUITES[sys.argv[1]]:
    rows += importlib.import_module(module).ROWS
sys.exit(1 if kit.run(rows) else 0)
