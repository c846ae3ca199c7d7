"""Google's SDK through Pillion: an answer, a stream, and a Python function as a tool. Over the Unix
socket, where PILLION_SOCKET names one, and else over TCP."""

import os

import httpx2
from google import genai
from google.genai import types

options = types.HttpOptions(base_url=os.environ.get("PILLION_URL", "http://127.0.0.1:4141"))
socket = os.environ.get("PILLION_SOCKET")
if socket:
    options.client_args = {"transport": httpx2.HTTPTransport(uds=socket)}
client = genai.Client(api_key="unused", http_options=options)

answer = client.models.generate_content(
    model="gemini/gemini-4-hydrogen", contents="What does a sidecar carry?"
)
print("chat:", answer.text)

# A class in place of a model, streamed.
stream = client.models.generate_content_stream(
    model="class:fast", contents="Tell me something short."
)
print("stream:", "".join(piece.text or "" for piece in stream))


def get_weather(city: str) -> str:
    """The weather of a city."""
    print("tool call: get_weather", city)
    return "4 °C, light rain"


# The SDK runs the loop: it calls the function and hands its result back.
chat = client.chats.create(
    model="class:balanced", config=types.GenerateContentConfig(tools=[get_weather])
)
print("tool answer:", chat.send_message("call get_weather for the city of Oslo").text)
