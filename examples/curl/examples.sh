#!/bin/sh
# curl through Pillion: over the Unix socket where PILLION_SOCKET names one, and else over TCP.
set -eu

pillion() {
    path=$1
    shift
    if [ -n "${PILLION_SOCKET:-}" ]; then
        set -- --unix-socket "$PILLION_SOCKET" "http://pillion$path" "$@"
    else
        set -- "${PILLION_URL:-http://127.0.0.1:4141}$path" "$@"
    fi
    curl --silent --show-error --fail-with-body -H 'content-type: application/json' "$@"
    echo
}

echo "chat, in OpenAI's format and with a class in place of a model:"
pillion /v1/chat/completions -d '{
  "model": "class:fast",
  "messages": [{"role": "user", "content": "What does a sidecar carry?"}]
}'

echo "stream, in Anthropic's format:"
pillion /v1/messages --no-buffer -d '{
  "model": "anthropic/claude-sonnet-5-5", "max_tokens": 500, "stream": true,
  "messages": [{"role": "user", "content": "Tell me something short."}]
}'

echo "tool call, in Gemini's format:"
pillion '/v1beta/models/class:balanced:generateContent' -d '{
  "contents": [{"role": "user", "parts": [{"text": "call get_weather for the city of Oslo"}]}],
  "tools": [{"functionDeclarations": [{"name": "get_weather", "description": "The weather of a city",
    "parameters": {"type": "OBJECT", "properties": {"city": {"type": "STRING"}}}}]}]
}'

echo "search, in the uniform interface: the same fields for every vendor"
pillion /v1/generate -d '{
  "class": "balanced", "websearch": {},
  "messages": [{"role": "user", "content": "What is new in the city of Zürich?"}]
}'
