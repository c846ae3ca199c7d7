"""Anthropic's SDK through Pillion: a stream, and a web search with its citations. Over the Unix
socket, where PILLION_SOCKET names one, and else over TCP."""

import os

import httpx2  # the HTTP client that the SDK brings along
from anthropic import Anthropic, DefaultHttpxClient

socket = os.environ.get("PILLION_SOCKET")
if socket:
    transport = httpx2.HTTPTransport(uds=socket)
    client = Anthropic(  # the host's name is free: the socket says where Pillion is
        base_url="http://pillion", api_key="unused", http_client=DefaultHttpxClient(transport=transport)
    )
else:
    base_url = os.environ.get("PILLION_URL", "http://127.0.0.1:4141")
    client = Anthropic(base_url=base_url, api_key="unused")

# A class in place of a model, streamed.
question = [{"role": "user", "content": "What does a sidecar carry?"}]
with client.messages.stream(model="class:fast", max_tokens=500, messages=question) as stream:
    print("stream:", "".join(stream.text_stream))

# A web search, by whichever model is named; its sources come as this SDK's own citations.
answer = client.messages.create(
    model="anthropic/claude-sonnet-5-5",
    max_tokens=1000,
    tools=[{"type": "web_search_20250305", "name": "web_search", "max_uses": 1}],
    messages=[{"role": "user", "content": "What is new in the city of Zürich?"}],
)
for block in answer.content:
    if block.type == "text":
        print("search:", block.text)
        for citation in block.citations or []:
            print("  source:", citation.url)
