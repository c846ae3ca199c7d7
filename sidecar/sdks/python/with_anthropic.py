"""Anthropic's SDK with Messages."""

import json

import anthropic
import httpx2
from anthropic import Anthropic, AsyncAnthropic
from pydantic import BaseModel

from kit import (
    ASK_ONE, ASK_TWO, IMAGE_URL, LONG, MIDDLE_EVENTS, PDF, PNG, SEARCH, SOCKET, TLS, URL,
    WEATHER, WEATHER_SCHEMA, Row, holds, later, raises, same,
)

MESSAGES = Row(
    "anthropic",
    anthropic.__version__,
    own=("anthropic",),
    bad_request=anthropic.BadRequestError,
    refused={
        ("document", "xai"): "xAI takes no file's bytes",
        ("count_tokens", "xai"): "its provider counts no tokens",
    },
    none={"embeddings": "the API has none"},
)
ROWS = [MESSAGES]
TOOL = {"name": "get_weather", "description": "The weather", "input_schema": WEATHER_SCHEMA}
MAX_TOKENS = 4000


def _client(seen, **options):
    http = anthropic.DefaultHttpxClient(verify=TLS, event_hooks=seen.hooks())
    return Anthropic(base_url=URL, api_key="unused", http_client=http, **options)


def _socket_client(seen):
    http = anthropic.DefaultHttpxClient(
        transport=httpx2.HTTPTransport(uds=SOCKET, verify=TLS), event_hooks=seen.hooks()
    )
    return Anthropic(base_url="http://pillion", api_key="unused", http_client=http)


def client(case):
    return case.seen.once(_client)


def socket_client(case):
    return case.seen.once(_socket_client)


def async_client(case):
    """One for each event loop."""
    http = anthropic.DefaultAsyncHttpxClient(verify=TLS, event_hooks=case.seen.async_hooks())
    return AsyncAnthropic(base_url=URL, api_key="unused", http_client=http)


def user(content):
    return {"role": "user", "content": content}


def asking(case, content, **more):
    return {"model": case.model, "max_tokens": MAX_TOKENS, "messages": [user(content)], **more}


def create(api, **ask):
    return api.messages.create(**ask)


def streamed(api, **ask):
    with api.messages.stream(**ask) as events:
        return events.get_final_message()


def text_of(message):
    return "".join(block.text for block in message.content if block.type == "text")


def complete(message):
    """A whole answer with text; the text."""
    same("end_turn", message.stop_reason, "stop_reason")
    holds(text_of(message), "text", message)
    usage = message.usage
    read = usage.input_tokens + usage.cache_creation_input_tokens + usage.cache_read_input_tokens
    holds(read > 0 and usage.output_tokens > 0, "usage", usage)
    return text_of(message)


@MESSAGES.feature("chat")
def chat(case):
    for api in (client(case), socket_client(case)):
        ask = asking(case, "What does a sidecar carry?", system="Be brief.")
        message = create(api, **ask)
        complete(message)
        case.answered()
        ask["messages"] += [
            {"role": "assistant", "content": message.content}, user("And what else?"),
        ]
        again = complete(create(api, **ask))
        holds("And what else?" in again, "the answer to the second turn", again)


def streamed_text(events):
    """The text of raw events: one start, one end, and blocks opened and closed in order."""
    text, kinds, opened, current = "", [], 0, None
    for event in events:
        kinds.append(event.type)
        if event.type == "content_block_start":
            same((None, opened), (current, event.index), "the block open, and the next one")
            current, opened = event.index, opened + 1
        elif event.type == "content_block_delta":
            same(current, event.index, "a delta's block")
            text += event.delta.text if event.delta.type == "text_delta" else ""
        elif event.type == "content_block_stop":
            same(current, event.index, "the block closed")
            current = None
    same(("message_start", "message_stop"), (kinds[0], kinds[-1]), "the first and last event")
    same((1, 1), (kinds.count("message_start"), kinds.count("message_stop")), "starts and ends")
    return text


@MESSAGES.feature("stream")
def stream(case):
    ask = asking(case, "What does a sidecar carry?")
    api = client(case)
    with api.messages.stream(**ask) as events:
        deltas = list(events.text_stream)
        final = events.get_final_message()
    case.answered()
    holds(len(deltas) > 1, "several deltas", deltas)
    same(complete(final), "".join(deltas), "deltas joined")
    same("".join(deltas), streamed_text(create(api, **ask, stream=True)), "the raw stream's text")
    stream_async(case, ask, "".join(deltas))


@later
async def stream_async(case, ask, expected):
    api = async_client(case).messages
    async with api.stream(**ask) as events:
        text = [piece async for piece in events.text_stream]
        same(expected, complete(await events.get_final_message()), "async text")
    same(expected, "".join(text), "async deltas")
    raw = await api.create(**ask, stream=True)
    same(expected, streamed_text([event async for event in raw]), "async raw text")


def calls_of(message):
    return [block for block in message.content if block.type == "tool_use"]


def results_of(calls):
    results = [
        {"type": "tool_result", "tool_use_id": call.id, "content": WEATHER} for call in calls
    ]
    return user(results)


def loop(case, words, cities, turn, api, **more):
    """A whole tool loop; the message with the calls."""
    ask = asking(case, words, tools=[TOOL], **more)
    message = turn(api, **ask)
    same("tool_use", message.stop_reason, "stop_reason")
    calls = calls_of(message)
    same(cities, [call.input["city"] for call in calls], "cities asked for")
    same(len(cities), len({call.id for call in calls}), "ids of their own")
    ask["messages"] += [{"role": "assistant", "content": message.content}, results_of(calls)]
    answer = complete(turn(api, **ask))
    same(len(cities), answer.count(WEATHER), "results in the answer")
    case.answered()
    return message


@MESSAGES.feature("tools")
def tools(case):
    loop(case, ASK_ONE, ["Oslo"], create, client(case))
    loop(case, ASK_ONE, ["Oslo"], streamed, client(case))
    input_deltas(case)
    tool_runner(case)
    tools_async(case)


def input_deltas(case):
    """The pieces of the arguments, as the helper tells of them."""
    with client(case).messages.stream(**asking(case, ASK_ONE, tools=[TOOL])) as events:
        pieces = [event.partial_json for event in events if event.type == "input_json"]
        call = calls_of(events.get_final_message())[0]
    same(call.input, json.loads("".join(pieces)), "the pieces joined")


def tool_runner(case):
    """The loop that the SDK runs by itself.

    It asks the vendor to hold the conversation, and goes on without that where it is told to.
    """

    @anthropic.beta_tool
    def get_weather(city: str) -> str:
        """The weather of a city."""
        asked.append(city)
        return WEATHER

    asked = []
    runner = client(case).beta.messages.tool_runner(**asking(case, ASK_ONE, tools=[get_weather]))
    holds(WEATHER in text_of(runner.until_done()), "the result in the runner's answer")
    same(["Oslo"], asked, "the runner's calls")


@later
async def tools_async(case):
    ask = asking(case, ASK_ONE, tools=[TOOL])
    api = async_client(case)
    message = await api.messages.create(**ask)
    ask["messages"] += [
        {"role": "assistant", "content": message.content}, results_of(calls_of(message)),
    ]
    holds(WEATHER in complete(await api.messages.create(**ask)), "the result in the answer")


@MESSAGES.feature("parallel_tools")
def parallel_tools(case):
    api = client(case)
    loop(case, ASK_TWO, ["Oslo", "Rome"], create, api)
    loop(case, ASK_TWO, ["Oslo", "Rome"], streamed, api)
    one_at_a_time(api, case)
    same(0, called(api, case.model, ASK_ONE, {"type": "none"}), "calls by none")
    for choice in ({"type": "any"}, {"type": "tool", "name": "get_weather"}):
        forced(api, case, choice)


def called(api, model, words, choice):
    return len(calls_of(create(
        api, model=model, max_tokens=MAX_TOKENS, messages=[user(words)], tools=[TOOL],
        tool_choice=choice,
    )))


def one_at_a_time(api, case):
    choice = {"type": "auto", "disable_parallel_tool_use": True}
    if case.vendor == "gemini":  # which has no switch for that
        error = raises(anthropic.BadRequestError, called, api, case.model, ASK_TWO, choice)
        holds("parallel_tool" in error.message, "the field named", error)
    else:
        same(1, called(api, case.model, ASK_TWO, choice), "calls where one was asked for")


def forced(api, case, choice):
    """A tool choice that forces a call; where the model refuses that, one of its kin does not."""
    if case.vendor == "anthropic":
        raises(anthropic.BadRequestError, called, api, case.model, "Hello.", choice)
    same(1, called(api, case.forcing_model, "Hello.", choice), f"calls by {choice}")


class City(BaseModel):
    city: str
    inhabitants: int


@MESSAGES.feature("structured")
def structured(case):
    ask = asking(case, "Tell me of Oslo and its 700000 inhabitants.", output_format=City)
    api = client(case).messages
    parsed = api.parse(**ask).parsed_output
    holds(isinstance(parsed, City), "the parsed object", parsed)
    case.answered()
    with api.stream(**ask) as events:
        same(parsed, events.get_final_message().parsed_output, "the object parsed from a stream")


def look(case, kind, source):
    content = [{"type": kind, "source": source}, {"type": "text", "text": "What is this?"}]
    complete(create(client(case), **asking(case, content)))
    case.answered()


@MESSAGES.feature("image")
def image(case):
    look(case, "image", {"type": "base64", "media_type": "image/png", "data": PNG})
    look(case, "image", {"type": "url", "url": IMAGE_URL})


@MESSAGES.feature("document")
def document(case):
    look(case, "document", {"type": "base64", "media_type": "application/pdf", "data": PDF})


@MESSAGES.feature("thinking")
def thinking(case):
    api = client(case)
    more = {
        "thinking": {"type": "adaptive", "display": "summarized"},
        "output_config": {"effort": "high"},
    }
    for turn in (create, streamed):
        message = turn(api, **asking(case, "Think hard.", **more))
        complete(message)
        thoughts = [block for block in message.content if block.type == "thinking"]
        holds(thoughts and thoughts[0].thinking, "thoughts that are shown", message.content)
        # The signatures go back by the SDK's own blocks; the vendor refuses others.
        message = loop(case, ASK_ONE, ["Oslo"], turn, api, **more)
        holds(sealed(message), "a signature", message.content)


def sealed(message):
    blocks = [block for block in message.content if block.type.endswith("thinking")]
    return any(getattr(block, "signature", None) or getattr(block, "data", None) for block in blocks)


@MESSAGES.feature("websearch")
def websearch(case):
    search = {"type": "web_search_20250305", "name": "web_search"}
    ask = asking(case, SEARCH, tools=[search])
    api = client(case)
    message = create(api, **ask)
    complete(message)
    case.answered()
    same(cited(message), cited(streamed(api, **ask)), "streamed citations")


def cited(message):
    found = []
    for block in message.content:
        for citation in (block.citations or []) if block.type == "text" else []:
            same("web_search_result_location", citation.type, "a citation")
            found.append((citation.url, citation.title, block.text))
    holds(found and all(url.startswith("https://") for url, _, _ in found), "citations", message)
    return found


@MESSAGES.feature("count_tokens")
def count_tokens(case):
    api = client(case).messages
    few = api.count_tokens(model=case.model, messages=[user("Hello.")]).input_tokens
    many = api.count_tokens(model=case.model, messages=[user(LONG)]).input_tokens
    holds(0 < few < many, "tokens of a short and a long text", (few, many))
    case.answered()


@MESSAGES.feature("models")
def models(case):
    api = client(case).models
    listed = [model.id for model in api.list(limit=5)]  # page by page
    holds(case.plain in listed, f"{case.plain} among the models", listed)
    same(len(listed), len(set(listed)), "models listed once")
    same(case.model, api.retrieve(case.model).id, "the model retrieved")
    raises(anthropic.NotFoundError, api.retrieve, case.model + "-not")


@MESSAGES.feature("errors")
def errors(case):
    hello = asking(case, "Hello.")
    api = client(case)
    bad = raises(anthropic.BadRequestError, create, api, **(hello | {"messages": [{"role": "no"}]}))
    same("invalid_request_error", bad.type, "the error's type")
    missing = raises(anthropic.NotFoundError, create, api, **(hello | {"model": case.model + "-x"}))
    holds("did you mean" in str(missing), "the nearest models", missing)
    raises(anthropic.ContentTooLargeError, create, api, **asking(case, "x" * (33 << 20)))
    browser = _client(case.seen, default_headers={"origin": "https://example.org"})
    raises(anthropic.PermissionDeniedError, create, browser, **hello)
    at_the_vendor(case, hello)
    in_the_middle(case, asking(case, LONG))


def at_the_vendor(case, hello):
    """The vendor fails for good: typed exceptions, and no retries on top of Pillion's."""
    for status, kind in (
        (429, anthropic.RateLimitError),
        (500, anthropic.InternalServerError),
        (503, anthropic.InternalServerError),
        (529 if case.own else 503, anthropic.OverloadedError),
        (401, anthropic.InternalServerError),  # the key is Pillion's, and no concern of the client
    ):
        with case.simulated.does(kind="status", status=status) as vendor:
            error = raises(kind, create, client(case), **hello, what=status)
            tries = vendor.log()["requests"]
        holds(1 <= tries <= 2, f"tries at the vendor after {status}, with the SDK's", tries)
        holds(error.request_id, "a request id", error)


def in_the_middle(case, ask):
    for fault in ("error_event", "cut", "reset"):
        with case.simulated.does(kind=fault, after_events=MIDDLE_EVENTS):
            got = []

            def read():
                with client(case).messages.stream(**ask) as events:
                    got.extend(events.text_stream)

            raises(anthropic.APIError, read, what=fault)
        holds("".join(got), "content before the error", got)


@MESSAGES.feature("cancel")
def cancel(case):
    ask = asking(case, LONG)
    with case.simulated.does(kind="slow", millis=40) as vendor:
        with client(case).messages.stream(**ask) as events:
            next(events.text_stream)
        vendor.wait_cancelled()
    cancel_async(case, ask)


@later
async def cancel_async(case, ask):
    with case.simulated.does(kind="slow", millis=40) as vendor:
        async with async_client(case).messages.stream(**ask) as events:
            await anext(events.text_stream)
        vendor.wait_cancelled()
