"""LangChain's chat models for OpenAI (by either API), Anthropic and Gemini."""

import importlib.metadata

import anthropic
import httpx2
import openai
from langchain_anthropic import ChatAnthropic
from langchain_core.messages import HumanMessage, SystemMessage
from langchain_core.tools import tool
from langchain_google_genai import ChatGoogleGenerativeAI
from langchain_openai import ChatOpenAI, OpenAIEmbeddings
from pydantic import BaseModel

from kit import (
    ASK_BOTH_TOOLS, ASK_TWO, LONG, PNG, SEARCH, SOCKET, TIME, TLS, URL, WEATHER, Row, holds, later,
    raises, same,
)


def openai_chat(model, **more):
    return ChatOpenAI(model=model, base_url=URL + "/v1", api_key="unused", **more)


def openai_responses(model, **more):
    return openai_chat(model, use_responses_api=True, **more)


def claude(model, **more):
    return ChatAnthropic(model=model, base_url=URL, api_key="unused", max_tokens=4000, **more)


def gemini(model, **more):
    # For models not called gemini-3 or later it sends a temperature of 0.7 unless it is told another.
    more = {"temperature": 1.0} | more
    return ChatGoogleGenerativeAI(model=model, base_url=URL, api_key="unused", **more)


def openai_socket(model):
    http = openai.DefaultHttpxClient(transport=httpx2.HTTPTransport(uds=SOCKET, verify=TLS))
    return ChatOpenAI(model=model, base_url="http://pillion/v1", api_key="unused", http_client=http)


def row(package, api, own, make, not_found, search, effort, socket=None, none=()):
    """A package's row; its checks are the same for all."""
    it = Row(package, importlib.metadata.version(package), api, own=own, none=none)
    it.feature("chat")(lambda case: chat(case, [make] + ([socket] if socket else [])))
    it.feature("stream")(lambda case: stream(case, make))
    it.feature("tools")(lambda case: tools(case, make))
    it.feature("parallel_tools")(lambda case: parallel_tools(case, make))
    it.feature("structured")(lambda case: structured(case, make))
    it.feature("image")(lambda case: image(case, make))
    it.feature("thinking")(lambda case: thinking(case, make, effort))
    if search:
        it.feature("websearch")(lambda case: websearch(case, make, search))
    it.feature("errors")(lambda case: errors(case, make, not_found))
    return it


ROWS = [
    row(
        "langchain-openai", "chat", ("openai", "xai"), openai_chat, openai.NotFoundError, None,
        {"reasoning_effort": "high"}, openai_socket,
    ),
    row(
        "langchain-openai", "responses", ("openai", "xai"), openai_responses,
        openai.NotFoundError, {"type": "web_search"},
        {"reasoning": {"effort": "high", "summary": "auto"}, "store": False,
         "include": ["reasoning.encrypted_content"]},
    ),
    row(
        "langchain-anthropic", "", ("anthropic",), claude, anthropic.NotFoundError,
        {"type": "web_search_20250305", "name": "web_search"},
        {"thinking": {"type": "adaptive", "display": "summarized"}},
    ),
    row(
        "langchain-google-genai", "", ("gemini",), gemini, Exception, {"google_search": {}},
        {"thinking_level": "high", "include_thoughts": True},
    ),
]


@ROWS[0].feature("embeddings")
def embeddings(case):
    api = OpenAIEmbeddings(
        model=case.embedder, base_url=URL + "/v1", api_key="unused", check_embedding_ctx_length=False
    )
    first, second = api.embed_documents(["a sidecar", "a pillion"])
    holds(isinstance(first[0], float) and first != second, "vectors of their own")


for vendor in ("anthropic", "xai"):
    ROWS[0].expected["none"]["embeddings", vendor] = "the vendor has none"


@tool
def get_weather(city: str) -> str:
    """The weather of a city."""
    return WEATHER


@tool
def get_time(city: str) -> str:
    """The local time of a city."""
    return TIME


TOOLS = {each.name: each for each in (get_weather, get_time)}


class City(BaseModel):
    """A city."""

    city: str
    inhabitants: int


def complete(case, message):
    """A whole answer of the model named, with text; the text."""
    holds(message.text, "text", message)
    usage = message.usage_metadata
    holds(usage["input_tokens"] > 0 and usage["output_tokens"] > 0, "usage", message)
    holds(case.plain in str(message.response_metadata), "the model that answered", message)
    return message.text


def chat(case, makers):
    for make in makers:
        model = make(case.model)
        history = [SystemMessage("Be brief."), HumanMessage("What does a sidecar carry?")]
        answer = model.invoke(history)
        complete(case, answer)
        history += [answer, HumanMessage("And what else?")]
        holds("And what else?" in complete(case, model.invoke(history)), "the second turn's answer")


def folded(chunks):
    whole = None
    for chunk in chunks:
        whole = chunk if whole is None else whole + chunk
    return whole


def stream(case, make):
    model = make(case.model, **({"stream_usage": True} if make is not gemini else {}))
    chunks = list(model.stream(LONG))
    holds(len([chunk for chunk in chunks if chunk.text]) > 1, "several chunks", chunks)
    text = complete(case, folded(chunks))
    same(make(case.model).invoke(LONG).text, text, "the same answer as unstreamed")
    stream_async(case, make, text)


@later
async def stream_async(case, make, expected):
    more = {}
    if make in (openai_chat, openai_responses):  # it shares clients, which an event loop can't
        more["http_async_client"] = openai.DefaultAsyncHttpxClient(verify=TLS)
    model = make(case.model, **more)
    chunks = [chunk async for chunk in model.astream(LONG)]
    same(expected, folded(chunks).text, "the async stream's text")


def loop(case, words, model, calls, turn):
    """A whole tool loop; the message with the calls."""
    history = [HumanMessage(words)]
    asking = turn(model, history)
    same(calls, [(c["name"], c["args"]) for c in asking.tool_calls], "the calls")
    same(len(calls), len({call["id"] for call in asking.tool_calls}), "ids of their own")
    history += [asking] + [TOOLS[call["name"]].invoke(call) for call in asking.tool_calls]
    answer = complete(case, turn(model, history))
    for _, result in ((n, WEATHER if n == "get_weather" else TIME) for n, _ in calls):
        holds(result in answer, f"{result} in the answer", answer)
    return asking


def invoked(model, history):
    return model.invoke(history)


def streamed(model, history):
    return folded(model.stream(history))


TWO_TOOLS = [("get_weather", {"city": "Oslo"}), ("get_time", {"city": "Oslo"})]


def tools(case, make):
    model = make(case.model).bind_tools(list(TOOLS.values()))
    loop(case, ASK_BOTH_TOOLS, model, TWO_TOOLS, invoked)
    model = make(case.model, **({"stream_usage": True} if make is not gemini else {}))
    loop(case, ASK_BOTH_TOOLS, model.bind_tools(list(TOOLS.values())), TWO_TOOLS, streamed)


def parallel_tools(case, make):
    model = make(case.model).bind_tools([get_weather])
    cities = [("get_weather", {"city": city}) for city in ("Oslo", "Rome")]
    loop(case, ASK_TWO, model, cities, invoked)
    forced = make(case.forcing_model).bind_tools([get_weather], tool_choice="get_weather")
    same(1, len(forced.invoke("Hello.").tool_calls), "calls where one is named")


def structured(case, make):
    words = "Tell me of Oslo and its 700000 inhabitants."
    city = make(case.model).with_structured_output(City, method="json_schema").invoke(words)
    holds(isinstance(city, City), "the parsed object", city)


def image(case, make):
    picture = {"type": "image", "base64": PNG, "mime_type": "image/png"}
    words = {"type": "text", "text": "What is this?"}
    complete(case, make(case.model).invoke([HumanMessage([picture, words])]))


def thinking(case, make, effort):
    model = make(case.model, **effort)
    thought = model.invoke("Think hard.").usage_metadata["output_token_details"]["reasoning"]
    holds(thought > 0, "reasoning tokens", thought)
    model = model.bind_tools([get_weather, get_time])
    loop(case, ASK_BOTH_TOOLS, model, TWO_TOOLS, invoked)


def websearch(case, make, search):
    answer = make(case.model).bind_tools([search]).invoke(SEARCH)
    complete(case, answer)
    cited = [
        citation
        for block in answer.content_blocks
        for citation in block.get("annotations", [])
        if citation["type"] == "citation"
    ]
    holds(cited and all(c["url"].startswith("https://") for c in cited), "citations", answer)


def errors(case, make, not_found):
    error = raises(not_found, make(case.model + "-not").invoke, "Hello.")
    holds("did you mean" in str(error), "the nearest models", error)
    with case.simulated.does(kind="error_event", after_events=16):
        raises(Exception, lambda: list(make(case.model).stream(LONG)), what="a broken stream")
