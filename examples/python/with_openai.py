"""OpenAI's SDK through Pillion: an answer, a stream, and a tool loop. Over TCP by its base URL."""

import json
import os

from openai import OpenAI

base_url = os.environ.get("PILLION_URL", "http://127.0.0.1:4141")
client = OpenAI(base_url=base_url + "/v1", api_key="unused")  # the real keys are Pillion's

# A class in place of a model: whichever configured vendor has a model of that class.
answer = client.chat.completions.create(
    model="class:fast", messages=[{"role": "user", "content": "What does a sidecar carry?"}]
)
print("chat:", answer.choices[0].message.content)

# A stream from another vendor, in the same format.
stream = client.responses.create(
    model="anthropic/claude-sonnet-5-5", input="Tell me something short.", stream=True
)
print("stream:", "".join(e.delta for e in stream if e.type == "response.output_text.delta"))

# A tool loop: answer each call until there are no more.
tools = [{
    "type": "function",
    "function": {
        "name": "get_weather",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}},
            "required": ["city"],
        },
    },
}]
messages = [{"role": "user", "content": "call get_weather for the city of Oslo"}]
for _ in range(5):
    message = client.chat.completions.create(
        model="class:balanced", messages=messages, tools=tools
    ).choices[0].message
    if not message.tool_calls:
        break
    messages.append(message)  # whole, as it came: it may carry what the vendor needs again
    for call in message.tool_calls:
        print("tool call:", call.function.name, json.loads(call.function.arguments))
        result = {"role": "tool", "tool_call_id": call.id, "content": "4 °C, light rain"}
        messages.append(result)
print("tool answer:", message.content)
