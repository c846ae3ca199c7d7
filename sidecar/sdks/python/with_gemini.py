"""Google's SDK with the Gemini API."""

import httpx2
from google import genai
from google.genai import errors as genai_errors
from google.genai import types
from pydantic import BaseModel

from kit import (
    ASK_ONE, ASK_TWO, IMAGE_URL, LONG, MIDDLE_EVENTS, PDF, PNG, SEARCH, SOCKET, TLS, URL,
    WEATHER, WEATHER_SCHEMA, Row, holds, later, raises, same,
)

GEMINI = Row(
    "google-genai",
    genai.__version__,
    own=("gemini",),
    bad_request=genai_errors.ClientError,
    refused={
        ("document", "xai"): "xAI takes no file's bytes",
        ("count_tokens", "xai"): "its provider counts no tokens",
    },
    none={
        ("embeddings", "anthropic"): "the vendor has none",
        ("embeddings", "xai"): "the vendor has none",
    },
)
ROWS = [GEMINI]
FUNCTION = types.FunctionDeclaration(
    name="get_weather", description="The weather", parameters_json_schema=WEATHER_SCHEMA
)
TOOLS = [types.Tool(function_declarations=[FUNCTION])]


def _client(seen, base_url=URL, transport=None, **options):
    arguments = {"verify": TLS, "event_hooks": seen.hooks()} | (transport or {})
    asynchronous = {"verify": TLS, "event_hooks": seen.async_hooks()}
    http = types.HttpOptions(
        base_url=base_url, client_args=arguments, async_client_args=asynchronous, **options
    )
    return genai.Client(api_key="unused", http_options=http)


def _socket_client(seen):
    transport = httpx2.HTTPTransport(uds=SOCKET, verify=TLS)
    return _client(seen, "http://pillion", {"transport": transport})


def client(case):
    return case.seen.once(_client)


def socket_client(case):
    return case.seen.once(_socket_client)


def another_client(case, **options):
    return case.seen.keep(_client(case.seen, **options))


def config(**fields):
    return types.GenerateContentConfig(**fields)


def create(api, **ask):
    return api.models.generate_content(**ask)


def folded(chunks):
    """A stream's chunks as one answer: one end, and it is the last."""
    parts, ends = [], []
    for chunk in chunks:
        candidate = chunk.candidates[0]
        parts += candidate.content.parts or [] if candidate.content else []
        ends += [candidate.finish_reason] if candidate.finish_reason else []
    same(1, len(ends), "finish reasons")
    candidate.content = types.Content(role="model", parts=parts)
    return chunk


def streamed(api, **ask):
    return folded(api.models.generate_content_stream(**ask))


def content_of(response):
    return response.candidates[0].content


def text_of(response):
    return "".join(p.text or "" for p in content_of(response).parts if not p.thought)


def complete(response):
    """A whole answer with text; the text."""
    same(types.FinishReason.STOP, response.candidates[0].finish_reason, "finish_reason")
    holds(text_of(response), "text", response)
    usage = response.usage_metadata
    holds(usage.prompt_token_count > 0 and usage.candidates_token_count > 0, "usage", usage)
    return text_of(response)


def user(text):
    return types.Content(role="user", parts=[types.Part(text=text)])


@GEMINI.feature("chat")
def chat(case):
    for api in (client(case), socket_client(case)):
        brief = config(system_instruction="Be brief.")
        history = [user("What does a sidecar carry?")]
        response = create(api, model=case.model, contents=history, config=brief)
        complete(response)
        case.answered()
        history += [content_of(response), user("And what else?")]
        again = complete(create(api, model=case.model, contents=history, config=brief))
        holds("And what else?" in again, "the answer to the second turn", again)
    talk = client(case).chats.create(model=case.model)
    holds(talk.send_message("What does a sidecar carry?").text, "the chat's first answer")
    holds("And what else?" in talk.send_message("And what else?").text, "the chat's second answer")


@GEMINI.feature("stream")
def stream(case):
    ask = {"model": case.model, "contents": "What does a sidecar carry?"}
    chunks = list(client(case).models.generate_content_stream(**ask))
    case.answered()
    holds(len(chunks) > 2, "several chunks", chunks)
    text = complete(folded(chunks))
    same(complete(create(client(case), **ask)), text, "the same answer as unstreamed")
    talk = client(case).chats.create(model=case.model)
    pieces = [piece.text or "" for piece in talk.send_message_stream(ask["contents"])]
    same(text, "".join(pieces), "the chat's stream")
    stream_async(case, ask, text)


@later
async def stream_async(case, ask, expected):
    api = another_client(case).aio.models
    same(expected, complete(await api.generate_content(**ask)), "async text")
    chunks = [chunk async for chunk in await api.generate_content_stream(**ask)]
    same(expected, complete(folded(chunks)), "async stream")


def results_of(calls):
    parts = []
    for call in calls:
        part = types.Part.from_function_response(name=call.name, response={"output": WEATHER})
        part.function_response.id = call.id
        parts.append(part)
    return types.Content(role="user", parts=parts)


def calls_of(response):
    return [p.function_call for p in content_of(response).parts if p.function_call]


def loop(case, words, cities, turn, api, **more):
    """A whole tool loop by hand; the response with the calls."""
    history = [user(words)]
    ask = {"model": case.model, "contents": history, "config": config(tools=TOOLS, **more)}
    response = turn(api, **ask)
    same(types.FinishReason.STOP, response.candidates[0].finish_reason, "finish_reason")
    calls = calls_of(response)
    same(["get_weather"] * len(cities), [call.name for call in calls], "the functions called")
    same(cities, [call.args["city"] for call in calls], "cities asked for")
    same(len(cities), len({call.id for call in calls}), "ids of their own")
    history += [content_of(response), results_of(calls)]
    answer = complete(turn(api, **ask))
    same(len(cities), answer.count(WEATHER), "results in the answer")
    case.answered()
    return response


@GEMINI.feature("tools")
def tools(case):
    loop(case, ASK_ONE, ["Oslo"], create, client(case))
    loop(case, ASK_ONE, ["Oslo"], streamed, client(case))
    automatic(case)
    automatic_async(case)


def automatic(case):
    """The loop that the SDK runs by itself, with a Python function."""
    asked = []

    def get_weather(city: str) -> str:
        """The weather of a city."""
        asked.append(city)
        return WEATHER

    talk = client(case).chats.create(model=case.model, config=config(tools=[get_weather]))
    holds(WEATHER in talk.send_message(ASK_ONE).text, "the result in the answer")
    same(["Oslo"], asked, "the calls")


@later
async def automatic_async(case):
    asked = []

    async def get_weather(city: str) -> str:
        """The weather of a city."""
        asked.append(city)
        return WEATHER

    talk = another_client(case).aio.chats.create(model=case.model, config=config(tools=[get_weather]))
    holds(WEATHER in (await talk.send_message(ASK_ONE)).text, "the result in the async answer")
    same(["Oslo"], asked, "the async calls")


@GEMINI.feature("parallel_tools")
def parallel_tools(case):
    api = client(case)
    loop(case, ASK_TWO, ["Oslo", "Rome"], create, api)
    loop(case, ASK_TWO, ["Oslo", "Rome"], streamed, api)
    same(0, called(api, case.model, ASK_ONE, mode="NONE"), "calls by NONE")
    same(1, called(api, case.model, ASK_ONE, mode="VALIDATED"), "calls by VALIDATED")
    for names in (None, ["get_weather"]):
        forced(api, case, {"mode": "ANY", "allowed_function_names": names})


def called(api, model, words, **choice):
    calling = types.FunctionCallingConfig(**choice)
    how = config(tools=TOOLS, tool_config=types.ToolConfig(function_calling_config=calling))
    return len(calls_of(create(api, model=model, contents=words, config=how)))


def forced(api, case, choice):
    """A tool choice that forces a call; where the model refuses that, one of its kin does not."""
    if case.vendor == "anthropic":
        raises(genai_errors.ClientError, called, api, case.model, "Hello.", **choice)
    same(1, called(api, case.forcing_model, "Hello.", **choice), f"calls by {choice}")


class City(BaseModel):
    city: str
    inhabitants: int


@GEMINI.feature("structured")
def structured(case):
    ask = {
        "model": case.model,
        "contents": "Tell me of Oslo and its 700000 inhabitants.",
        "config": config(response_mime_type="application/json", response_schema=City),
    }
    response = create(client(case), **ask)
    holds(isinstance(response.parsed, City), "the parsed object", response)
    case.answered()
    text = complete(streamed(client(case), **ask))
    same(response.parsed, City.model_validate_json(text), "the object parsed from a stream")
    by_json_schema = config(
        response_mime_type="application/json", response_json_schema=City.model_json_schema()
    )
    City.model_validate(create(client(case), **(ask | {"config": by_json_schema})).parsed)


def look(case, part):
    complete(create(client(case), model=case.model, contents=[part, "What is this?"]))
    case.answered()


@GEMINI.feature("image")
def image(case):
    look(case, types.Part(inline_data=types.Blob(mime_type="image/png", data=PNG)))
    look(case, types.Part.from_uri(file_uri=IMAGE_URL, mime_type="image/png"))


@GEMINI.feature("document")
def document(case):
    look(case, types.Part(inline_data=types.Blob(mime_type="application/pdf", data=PDF)))


@GEMINI.feature("thinking")
def thinking(case):
    more = {"thinking_config": types.ThinkingConfig(thinking_level="HIGH", include_thoughts=True)}
    api = client(case)
    for turn in (create, streamed):
        response = turn(api, model=case.model, contents="Think hard.", config=config(**more))
        complete(response)
        thoughts = [part.text for part in content_of(response).parts if part.thought]
        holds("".join(thoughts), "thoughts that are shown", response)
        holds(response.usage_metadata.thoughts_token_count > 0, "tokens of thoughts")
        # The signatures go back by the SDK's own parts; the vendor refuses calls without them.
        response = loop(case, ASK_ONE, ["Oslo"], turn, api, **more)
        holds(any(p.thought_signature for p in content_of(response).parts), "a signature", response)


@GEMINI.feature("websearch")
def websearch(case):
    search = config(tools=[types.Tool(google_search=types.GoogleSearch())])
    ask = {"model": case.model, "contents": SEARCH, "config": search}
    response = create(client(case), **ask)
    case.answered()
    cited(response, complete(response))
    chunks = list(client(case).models.generate_content_stream(**ask))
    grounded = [c for c in chunks if c.candidates[0].grounding_metadata]
    holds(grounded, "grounding in the stream", chunks)
    cited(grounded[-1], complete(folded(chunks)))


def cited(response, text):
    grounding = response.candidates[0].grounding_metadata
    holds(grounding and grounding.grounding_chunks, "sources", response)
    holds(all(c.web.uri.startswith("https://") for c in grounding.grounding_chunks), "their addresses")
    holds(grounding.grounding_supports, "citations", grounding)
    for support in grounding.grounding_supports:
        segment = support.segment
        cut = text.encode()[segment.start_index or 0 : segment.end_index].decode()
        same(segment.text, cut, "the words cited, by bytes")


@GEMINI.feature("count_tokens")
def count_tokens(case):
    api = client(case).models
    few = api.count_tokens(model=case.model, contents="Hello.").total_tokens
    many = api.count_tokens(model=case.model, contents=LONG).total_tokens
    holds(0 < few < many, "tokens of a short and a long text", (few, many))
    case.answered()


@GEMINI.feature("embeddings")
def embeddings(case):
    answer = client(case).models.embed_content(
        model=case.embedder, contents=["a sidecar", "a pillion"]
    )
    same(2, len(answer.embeddings), "vectors")
    first, second = (embedding.values for embedding in answer.embeddings)
    holds(isinstance(first[0], float) and first != second, "vectors of their own")
    case.answered()


@GEMINI.feature("models")
def models(case):
    api = client(case).models
    listed = [model.name for model in api.list(config={"page_size": 5})]  # page by page
    holds("models/" + case.plain in listed, f"{case.plain} among the models", listed)
    same(len(listed), len(set(listed)), "models listed once")
    same("models/" + case.model, api.get(model=case.model).name, "the model retrieved")
    missing = raises(genai_errors.ClientError, api.get, model=case.model + "-not")
    same((404, "NOT_FOUND"), (missing.code, missing.status), "its code")


@GEMINI.feature("errors")
def errors(case):
    api = client(case)
    hello = {"model": case.model, "contents": "Hello."}
    bad = config(response_mime_type="no/type")
    refused(400, "INVALID_ARGUMENT", api, **hello, config=bad)
    missing = refused(404, "NOT_FOUND", api, **(hello | {"model": case.model + "-not"}))
    holds("did you mean" in missing.message, "the nearest models", missing)
    large = raises(genai_errors.ClientError, create, api, **(hello | {"contents": "x" * (33 << 20)}))
    same(413, large.code, "too large")
    browser = another_client(case, headers={"origin": "https://example.org"})
    refused(403, "PERMISSION_DENIED", browser, **hello)
    at_the_vendor(case, api, hello)
    in_the_middle(case, api, hello | {"contents": LONG})


def refused(code, status, api, **ask):
    error = raises(genai_errors.ClientError, create, api, **ask)
    same((code, status), (error.code, error.status), "the error's code and status")
    return error


def at_the_vendor(case, api, hello):
    """The vendor fails for good: typed exceptions, and no retries on top of Pillion's."""
    for status, kind, word in (
        (429, genai_errors.ClientError, "RESOURCE_EXHAUSTED"),
        (500, genai_errors.ServerError, None),
        (503, genai_errors.ServerError, "UNAVAILABLE"),
        (401, genai_errors.ServerError, "UNAVAILABLE"),  # the key is Pillion's
    ):
        with case.simulated.does(kind="status", status=status) as vendor:
            error = raises(kind, create, api, **hello, what=status)
            tries = vendor.log()["requests"]
        holds(word in (None, error.status), f"the status after {status}", error)
        holds(1 <= tries <= 2, f"tries at the vendor after {status}, with the SDK's", tries)


def in_the_middle(case, api, ask):
    for fault in ("error_event", "cut", "reset"):
        with case.simulated.does(kind=fault, after_events=MIDDLE_EVENTS):
            got = []

            def read():
                for chunk in api.models.generate_content_stream(**ask):
                    got.append(chunk.text or "")

            raises((genai_errors.APIError, httpx2.TransportError), read, what=fault)
        holds("".join(got), "content before the error", got)


@GEMINI.feature("cancel")
def cancel(case):
    """By closing the client: the SDK keeps a stream's connection when its iterator is closed."""
    ask = {"model": case.model, "contents": LONG}
    with case.simulated.does(kind="slow", millis=40) as vendor:
        api = another_client(case)
        next(api.models.generate_content_stream(**ask))
        api.close()
        vendor.wait_cancelled()
    cancel_async(case, ask)


@later
async def cancel_async(case, ask):
    with case.simulated.does(kind="slow", millis=40) as vendor:
        api = another_client(case).aio
        await anext(await api.models.generate_content_stream(**ask))
        await api.aclose()
        vendor.wait_cancelled()
