"""OpenAI's SDK with Responses."""

import json

import openai

import openai_kit
from kit import (
    ASK_ONE, ASK_TWO, IMAGE_URL, LONG, PDF, PNG, SEARCH, WEATHER, WEATHER_SCHEMA, Row, holds,
    later, raises, same,
)
from openai_kit import City, async_client, client, socket_client

RESPONSES = Row(
    "openai",
    openai.__version__,
    "responses",
    own=("openai", "xai"),
    bad_request=openai.BadRequestError,
    refused={
        ("document", "xai"): "xAI takes no file's bytes",
        ("count_tokens", "xai"): "its provider counts no tokens",
    },
    none={
        "embeddings": "as with the other API",
    },
)
ROWS = [RESPONSES]
TOOL = {"type": "function", "name": "get_weather", "parameters": WEATHER_SCHEMA, "strict": True}


def user(content):
    return {"role": "user", "content": content}


def complete(response):
    """A whole answer with text; the answer."""
    same("completed", response.status, "status")
    holds(response.output_text, "text", response)
    usage = response.usage
    holds(usage.input_tokens > 0 and usage.output_tokens > 0, "usage", usage)
    same(usage.input_tokens + usage.output_tokens, usage.total_tokens, "total_tokens")
    return response


@RESPONSES.feature("chat")
def chat(case):
    for api in (client(case), socket_client(case)):
        ask = {"model": case.model, "instructions": "Be brief.", "store": False}
        history = [user("What does a sidecar carry?")]
        response = complete(api.responses.create(**ask, input=history))
        case.answered()
        history += [*response.output, user("And what else?")]
        again = complete(api.responses.create(**ask, input=history))
        holds("And what else?" in again.output_text, "the answer to the second turn", again)


def streamed_text(events):
    """The text of raw events, in order: one start, one end, and what is opened is closed."""
    text, kinds, open_items, numbers = "", [], set(), []
    for event in events:
        kinds.append(event.type)
        numbers.append(event.sequence_number)
        if event.type == "response.output_item.added":
            open_items.add(event.output_index)
        elif event.type == "response.output_item.done":
            open_items.remove(event.output_index)
        elif event.type == "response.output_text.delta":
            text += event.delta
    same("response.created", kinds[0], "the first event")
    same("response.completed", kinds[-1], "the last event")
    same(1, kinds.count("response.created"), "starts")
    same(sorted(set(numbers)), numbers, "sequence numbers")
    same(set(), open_items, "items left open")
    return text


@RESPONSES.feature("stream")
def stream(case):
    ask = {"model": case.model, "input": "What does a sidecar carry?"}
    api = client(case).responses
    with api.stream(**ask) as events:
        deltas = [event.delta for event in events if event.type == "response.output_text.delta"]
        final = events.get_final_response()
    case.answered()
    holds(len(deltas) > 1, "several deltas", deltas)
    same(complete(final).output_text, "".join(deltas), "deltas joined")
    same("".join(deltas), streamed_text(api.create(**ask, stream=True)), "the raw stream's text")
    stream_async(case, ask, "".join(deltas))


@later
async def stream_async(case, ask, expected):
    api = async_client(case).responses
    async with api.stream(**ask) as events:
        kinds = [event.type async for event in events]
        same(expected, complete(await events.get_final_response()).output_text, "async text")
    same("response.completed", kinds[-1], "the last async event")
    raw = await api.create(**ask, stream=True)
    same(expected, streamed_text([event async for event in raw]), "async raw text")


def calls_of(response):
    return [item for item in response.output if item.type == "function_call"]


def results_of(calls):
    return [
        {"type": "function_call_output", "call_id": call.call_id, "output": WEATHER}
        for call in calls
    ]


def create(api, **ask):
    return api.responses.create(**ask)


def streamed(api, **ask):
    with api.responses.stream(**ask) as events:
        done = [e for e in events if e.type == "response.function_call_arguments.done"]
        response = events.get_final_response()
    same([c.arguments for c in calls_of(response)], [e.arguments for e in done], "arguments done")
    return response


def loop(case, words, cities, turn, api, **more):
    """A whole tool loop without state at the vendor; the response with the calls."""
    ask = {"model": case.model, "tools": [TOOL], "input": [user(words)], "store": False, **more}
    response = turn(api, **ask)
    calls = calls_of(response)
    same(["get_weather"] * len(cities), [call.name for call in calls], "the tools called")
    same(cities, [json.loads(call.arguments)["city"] for call in calls], "cities asked for")
    same(len(cities), len({call.call_id for call in calls}), "ids of their own")
    # The SDK's own items go back as they are.
    ask["input"] += [*response.output, *results_of(calls)]
    answer = complete(turn(api, **ask))
    same(len(cities), answer.output_text.count(WEATHER), "results in the answer")
    case.answered()
    return response


@RESPONSES.feature("tools")
def tools(case):
    loop(case, ASK_ONE, ["Oslo"], create, client(case))
    loop(case, ASK_ONE, ["Oslo"], streamed, client(case))
    tools_async(case)


@later
async def tools_async(case):
    ask = {"model": case.model, "tools": [TOOL], "input": [user(ASK_ONE)], "store": False}
    api = async_client(case).responses
    response = await api.create(**ask)
    ask["input"] += [*response.output, *results_of(calls_of(response))]
    holds(WEATHER in complete(await api.create(**ask)).output_text, "the result in the answer")


@RESPONSES.feature("parallel_tools")
def parallel_tools(case):
    api = client(case)
    loop(case, ASK_TWO, ["Oslo", "Rome"], create, api)
    loop(case, ASK_TWO, ["Oslo", "Rome"], streamed, api)
    one_at_a_time(api, case)
    same(0, called(api, case.model, ASK_ONE, tool_choice="none"), "calls by none")
    for choice in ("required", {"type": "function", "name": "get_weather"}):
        forced(api, case, choice)


def called(api, model, words, **more):
    ask = {"model": model, "tools": [TOOL], "input": words, "store": False}
    return len(calls_of(create(api, **ask, **more)))


def one_at_a_time(api, case):
    if case.vendor == "gemini":  # which has no switch for that
        error = raises(
            openai.BadRequestError, called, api, case.model, ASK_TWO, parallel_tool_calls=False
        )
        holds("parallel_tool" in error.message, "the field named", error)
    else:
        calls = called(api, case.model, ASK_TWO, parallel_tool_calls=False)
        same(1, calls, "calls where one at a time was asked for")


def forced(api, case, choice):
    """A tool choice that forces a call; where the model refuses that, one of its kin does not."""
    if case.vendor == "anthropic":
        raises(openai.BadRequestError, called, api, case.model, "Hello.", tool_choice=choice)
    calls = called(api, case.forcing_model, "Hello.", tool_choice=choice)
    same(1, calls, f"calls by {choice}")


@RESPONSES.feature("structured")
def structured(case):
    ask = {"model": case.model, "input": "Tell me of Oslo and its 700000 inhabitants."}
    api = client(case).responses
    parsed = api.parse(**ask, text_format=City).output_parsed
    holds(isinstance(parsed, City), "the parsed object", parsed)
    case.answered()
    with api.stream(**ask, text_format=City) as events:
        same(parsed, events.get_final_response().output_parsed, "the object parsed from a stream")


def look(case, part):
    content = [{"type": "input_text", "text": "What is this?"}, part]
    complete(create(client(case), model=case.model, input=[user(content)]))
    case.answered()


@RESPONSES.feature("image")
def image(case):
    for url in ("data:image/png;base64," + PNG, IMAGE_URL):
        look(case, {"type": "input_image", "image_url": url, "detail": "auto"})


@RESPONSES.feature("document")
def document(case):
    data = "data:application/pdf;base64," + PDF
    look(case, {"type": "input_file", "filename": "page.pdf", "file_data": data})


@RESPONSES.feature("thinking")
def thinking(case):
    api = client(case)
    more = {"reasoning": {"effort": "high", "summary": "auto"}}
    response = complete(create(api, model=case.model, input="Think hard.", **more))
    reasoned = [item for item in response.output if item.type == "reasoning"]
    holds(reasoned and reasoned[0].summary[0].text, "a summary of the thoughts", response.output)
    holds(response.usage.output_tokens_details.reasoning_tokens > 0, "reasoning tokens")
    for turn in (create, streamed):
        # Without state at the vendor the thoughts go back encrypted, in the SDK's own items.
        response = loop(
            case, ASK_ONE, ["Oslo"], turn, api, include=["reasoning.encrypted_content"], **more
        )
        sealed = [item.encrypted_content for item in response.output if item.type == "reasoning"]
        holds(any(sealed), "encrypted thoughts", response.output)


@RESPONSES.feature("websearch")
def websearch(case):
    ask = {"model": case.model, "input": SEARCH, "tools": [{"type": "web_search"}]}
    api = client(case).responses
    response = complete(api.create(**ask))
    case.answered()
    cited(response)
    with api.stream(**ask) as events:
        added = [e for e in events if e.type == "response.output_text.annotation.added"]
        final = complete(events.get_final_response())
    same(response.output_text, final.output_text, "streamed text")
    same(cited(response), cited(final), "streamed citations")
    same(len(cited(final)), len(added), "annotations that were streamed")


def cited(response):
    found = []
    for item in response.output:
        for part in item.content if item.type == "message" else []:
            for citation in part.annotations:
                same("url_citation", citation.type, "an annotation")
                words = part.text[citation.start_index : citation.end_index]
                holds(words.strip(), "the words cited", citation)
                found.append((citation.url, words))
    holds(found and all(url.startswith("https://") for url, _ in found), "urls", found)
    return found


@RESPONSES.feature("count_tokens")
def count_tokens(case):
    api = client(case).responses.input_tokens
    few = api.count(model=case.model, input="Hello.").input_tokens
    many = api.count(model=case.model, input=LONG).input_tokens
    holds(0 < few < many, "tokens of a short and a long text", (few, many))
    case.answered()


RESPONSES.feature("models")(openai_kit.models)


@RESPONSES.feature("errors")
def errors(case):
    hello = {"model": case.model, "input": "Hello."}
    bad = hello | {"input": [{"role": "nobody", "content": "Hello."}]}
    holds(raises(openai.BadRequestError, create, client(case), **bad).message, "a message")
    openai_kit.before_the_answer(case, create, hello, {"input": "x" * (33 << 20)})
    openai_kit.at_the_vendor(case, create, hello)

    def read(got):
        for event in create(client(case), **hello | {"input": LONG}, stream=True):
            got += [event.delta] if event.type == "response.output_text.delta" else []

    openai_kit.in_the_middle(case, read)


@RESPONSES.feature("cancel")
def cancel(case):
    ask = {"model": case.model, "input": LONG, "stream": True}
    with case.simulated.does(kind="slow", millis=40) as vendor:
        with create(client(case), **ask) as events:
            next(iter(events))
        vendor.wait_cancelled()
    cancel_async(case, ask)


@later
async def cancel_async(case, ask):
    with case.simulated.does(kind="slow", millis=40) as vendor:
        async with await create(async_client(case), **ask) as events:
            await anext(aiter(events))
        vendor.wait_cancelled()
