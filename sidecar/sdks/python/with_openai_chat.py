"""OpenAI's SDK with Chat Completions."""

import json

import openai

import openai_kit
from kit import (
    ASK_ONE, ASK_TWO, IMAGE_URL, LONG, PDF, PNG, SEARCH, WEATHER, WEATHER_SCHEMA, Row, holds,
    later, raises, same,
)
from openai_kit import City, async_client, client, socket_client

CHAT = Row(
    "openai",
    openai.__version__,
    "chat",
    own=("openai", "xai"),
    bad_request=openai.BadRequestError,
    refused={
        ("document", "xai"): "xAI takes no file's bytes",
    },
    none={
        "count_tokens": "the API counts none",
        ("embeddings", "anthropic"): "the vendor has none",
        ("embeddings", "xai"): "the vendor has none",
    },
)
ROWS = [CHAT]
TOOL = {"type": "function", "function": {"name": "get_weather", "parameters": WEATHER_SCHEMA}}


def user(content):
    return {"role": "user", "content": content}


def used(usage):
    holds(usage.prompt_tokens > 0 and usage.completion_tokens > 0, "usage", usage)
    same(usage.prompt_tokens + usage.completion_tokens, usage.total_tokens, "total_tokens")


def complete(completion):
    """A whole answer with text; its message."""
    same(1, len(completion.choices), "choices")
    choice = completion.choices[0]
    same("stop", choice.finish_reason, "finish_reason")
    holds(choice.message.content, "text", choice)
    used(completion.usage)
    return choice.message


@CHAT.feature("chat")
def chat(case):
    for api in (client(case), socket_client(case)):
        history = [{"role": "developer", "content": "Be brief."}, user("What does a sidecar carry?")]
        message = complete(api.chat.completions.create(model=case.model, messages=history))
        case.answered()
        history += [message, user("And what else?")]
        again = complete(api.chat.completions.create(model=case.model, messages=history))
        holds("And what else?" in again.content, "the answer to the second turn", again)


def streamed_text(chunks):
    """The text of raw chunks; one start, one end, and the usage last."""
    text, roles, ends, usages = "", 0, [], []
    for chunk in chunks:
        same([], usages, "usage before the last chunk")
        usages += [chunk.usage] if chunk.usage else []
        for choice in chunk.choices:
            text += choice.delta.content or ""
            roles += choice.delta.role is not None
            ends += [choice.finish_reason] if choice.finish_reason else []
    same(["stop"], ends, "finish reasons")
    same(1, roles, "chunks with a role")
    same(1, len(usages), "chunks with usage")
    used(usages[0])
    return text


@CHAT.feature("stream")
def stream(case):
    ask = {"model": case.model, "messages": [user("What does a sidecar carry?")]}
    options = {"stream_options": {"include_usage": True}}
    api = client(case).chat.completions
    with api.stream(**ask, **options) as events:
        deltas = [event.delta for event in events if event.type == "content.delta"]
        final = events.get_final_completion()
    case.answered()
    holds(len(deltas) > 1, "several deltas", deltas)
    same(complete(final).content, "".join(deltas), "deltas joined")
    raw = api.create(**ask, **options, stream=True)
    same("".join(deltas), streamed_text(raw), "the raw stream's text")
    unasked = [chunk.usage for chunk in api.create(**ask, stream=True)]
    same([None], list(set(unasked)), "usage that was not asked for")
    stream_async(case, ask | options, "".join(deltas))


@later
async def stream_async(case, ask, expected):
    api = async_client(case).chat.completions
    async with api.stream(**ask) as events:
        text = [event.delta async for event in events if event.type == "content.delta"]
        same(expected, complete(await events.get_final_completion()).content, "async text")
    same(expected, "".join(text), "async deltas")
    raw = await api.create(**ask, stream=True)
    same(expected, streamed_text([chunk async for chunk in raw]), "async raw text")


def arguments_of(call):
    same("get_weather", call.function.name, "the tool called")
    return json.loads(call.function.arguments)


def results_of(calls):
    return [{"role": "tool", "tool_call_id": call.id, "content": WEATHER} for call in calls]


def streamed_message(api, **ask):
    ask["stream_options"] = {"include_usage": True}
    with api.chat.completions.stream(**ask) as events:
        done = [e for e in events if e.type == "tool_calls.function.arguments.done"]
        completion = events.get_final_completion()
    calls = completion.choices[0].message.tool_calls or []
    same([call.function.arguments for call in calls], [e.arguments for e in done], "arguments done")
    return completion


def message_of(api, **ask):
    return api.chat.completions.create(**ask)


def loop(case, ask, cities, turn, api, **more):
    """A whole tool loop; the message with the calls."""
    ask = {"model": case.model, "tools": [TOOL], "messages": [user(ask)], **more}
    choice = turn(api, **ask).choices[0]
    same("tool_calls", choice.finish_reason, "finish_reason")
    calls = choice.message.tool_calls
    same(cities, [arguments_of(call)["city"] for call in calls], "cities asked for")
    same(len(cities), len({call.id for call in calls}), "ids of their own")
    ask["messages"] += [choice.message, *results_of(calls)]
    answer = complete(turn(api, **ask))
    same(len(cities), answer.content.count(WEATHER), "results in the answer")
    case.answered()
    return choice.message


@CHAT.feature("tools")
def tools(case):
    loop(case, ASK_ONE, ["Oslo"], message_of, client(case))
    loop(case, ASK_ONE, ["Oslo"], streamed_message, client(case))
    tools_async(case)


@later
async def tools_async(case):
    ask = {"model": case.model, "tools": [TOOL], "messages": [user(ASK_ONE)]}
    api = async_client(case).chat.completions
    message = (await api.create(**ask)).choices[0].message
    ask["messages"] += [message, *results_of(message.tool_calls)]
    holds(WEATHER in complete(await api.create(**ask)).content, "the result in the answer")


@CHAT.feature("parallel_tools")
def parallel_tools(case):
    api = client(case)
    loop(case, ASK_TWO, ["Oslo", "Rome"], message_of, api)
    loop(case, ASK_TWO, ["Oslo", "Rome"], streamed_message, api)
    one_at_a_time(api, case)
    same(None, ask_tool(api, case.model, ASK_ONE, tool_choice="none").tool_calls, "calls by none")
    named = {"type": "function", "function": {"name": "get_weather"}}
    for choice in ("required", named):
        forced(api, case, choice)


def ask_tool(api, model, words, **more):
    ask = api.chat.completions.create(model=model, tools=[TOOL], messages=[user(words)], **more)
    return ask.choices[0].message


def one_at_a_time(api, case):
    if case.vendor == "gemini":  # which has no switch for that
        error = raises(
            openai.BadRequestError, ask_tool, api, case.model, ASK_TWO, parallel_tool_calls=False
        )
        holds("parallel_tool" in error.message, "the field named", error)
    else:
        message = ask_tool(api, case.model, ASK_TWO, parallel_tool_calls=False)
        same(1, len(message.tool_calls), "calls where one at a time was asked for")


def forced(api, case, choice):
    """A tool choice that forces a call; where the model refuses that, one of its kin does not."""
    if case.vendor == "anthropic":
        raises(
            openai.BadRequestError, ask_tool, api, case.model, "Hello.", tool_choice=choice
        )
    calls = ask_tool(api, case.forcing_model, "Hello.", tool_choice=choice).tool_calls
    same(1, len(calls or []), f"calls by {choice}")


@CHAT.feature("structured")
def structured(case):
    ask = {
        "model": case.model, "messages": [user("Tell me of Oslo and its 700000 inhabitants.")],
        "response_format": City,
    }
    api = client(case).chat.completions
    parsed = api.parse(**ask).choices[0].message.parsed
    holds(isinstance(parsed, City), "the parsed object", parsed)
    case.answered()
    with api.stream(**ask) as events:
        streamed = events.get_final_completion().choices[0].message.parsed
    same(parsed, streamed, "the object parsed from a stream")
    plain = api.create(**(ask | {
        "messages": [user("A city as JSON, please.")], "response_format": {"type": "json_object"}
    }))
    holds(isinstance(json.loads(plain.choices[0].message.content), dict), "JSON mode", plain)


def look(case, part):
    content = [{"type": "text", "text": "What is this?"}, part]
    complete(client(case).chat.completions.create(model=case.model, messages=[user(content)]))
    case.answered()


@CHAT.feature("image")
def image(case):
    for url in ("data:image/png;base64," + PNG, IMAGE_URL):
        look(case, {"type": "image_url", "image_url": {"url": url}})


@CHAT.feature("document")
def document(case):
    data = "data:application/pdf;base64," + PDF
    look(case, {"type": "file", "file": {"filename": "page.pdf", "file_data": data}})


@CHAT.feature("thinking")
def thinking(case):
    api = client(case)
    ask = {"model": case.model, "messages": [user("Think hard.")]}
    details = api.chat.completions.create(**ask, reasoning_effort="high").usage
    holds(details.completion_tokens_details.reasoning_tokens > 0, "reasoning tokens", details)
    for turn in (message_of, streamed_message):
        # What the vendor needs again travels in a field that the SDK keeps and sends back.
        message = loop(case, ASK_ONE, ["Oslo"], turn, api, reasoning_effort="medium")
        holds(message.model_extra.get("reasoning_details"), "the seals in the message", message)


@CHAT.feature("websearch")
def websearch(case):
    ask = {"model": case.model, "messages": [user(SEARCH)], "web_search_options": {}}
    api = client(case).chat.completions
    message = complete(api.create(**ask))
    case.answered()
    cited(message)
    with api.stream(**ask, stream_options={"include_usage": True}) as events:
        streamed = complete(events.get_final_completion())
    same(message.content, streamed.content, "streamed text")


def cited(message):
    holds(message.annotations, "annotations", message)
    for annotation in message.annotations:
        citation = annotation.url_citation
        holds(citation.url.startswith("https://"), "a url", citation)
        holds(message.content[citation.start_index : citation.end_index].strip(), "its words", citation)


@CHAT.feature("embeddings")
def embeddings(case):
    texts = ["a sidecar", "a pillion"]
    answer = client(case).embeddings.create(model=case.embedder, input=texts)
    same([0, 1], [item.index for item in answer.data], "indexes")
    holds(all(isinstance(item.embedding[0], float) for item in answer.data), "vectors of numbers")
    holds(answer.data[0].embedding != answer.data[1].embedding, "vectors of their own")
    holds(answer.usage.prompt_tokens > 0, "usage", answer.usage)
    case.answered()


CHAT.feature("models")(openai_kit.models)


def create(api, **ask):
    return api.chat.completions.create(**ask)


@CHAT.feature("errors")
def errors(case):
    hello = {"model": case.model, "messages": [user("Hello.")]}
    bad = hello | {"messages": [{"role": "nobody", "content": "Hello."}]}
    holds(raises(openai.BadRequestError, create, client(case), **bad).message, "a message")
    large = {"messages": [user("x" * (33 << 20))]}
    openai_kit.before_the_answer(case, create, hello, large)
    openai_kit.at_the_vendor(case, create, hello)

    def read(got):
        for chunk in create(client(case), **hello | {"messages": [user(LONG)]}, stream=True):
            got += [choice.delta.content or "" for choice in chunk.choices]

    openai_kit.in_the_middle(case, read)


@CHAT.feature("cancel")
def cancel(case):
    ask = {"model": case.model, "messages": [user(LONG)], "stream": True}
    with case.simulated.does(kind="slow", millis=40) as vendor:
        with create(client(case), **ask) as chunks:
            next(iter(chunks))
        vendor.wait_cancelled()
    cancel_async(case, ask)


@later
async def cancel_async(case, ask):
    with case.simulated.does(kind="slow", millis=40) as vendor:
        async with await create(async_client(case), **ask) as chunks:
            await anext(aiter(chunks))
        vendor.wait_cancelled()
