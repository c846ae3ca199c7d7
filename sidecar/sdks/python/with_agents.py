"""OpenAI's Agents SDK, with its models for Chat Completions and for Responses."""

import importlib.metadata

import openai
from agents import (
    Agent, ModelSettings, OpenAIChatCompletionsModel, OpenAIResponsesModel, Runner, WebSearchTool,
    function_tool, set_tracing_disabled,
)
from openai import AsyncOpenAI
from openai.types.shared import Reasoning
from pydantic import BaseModel

from kit import (
    ASK_BOTH_TOOLS, ASK_TWO, LONG, PNG, SEARCH, TIME, TLS, URL, WEATHER, Row, holds, later, same,
)

set_tracing_disabled(True)  # else it reports its runs to OpenAI
VERSION = importlib.metadata.version("openai-agents")
MODELS = {"chat": OpenAIChatCompletionsModel, "responses": OpenAIResponsesModel}
CHAT, RESPONSES = (
    Row("openai-agents", VERSION, api, own=("openai", "xai"), bad_request=openai.BadRequestError)
    for api in MODELS
)
ROWS = [CHAT, RESPONSES]


@function_tool
def get_weather(city: str) -> str:
    """The weather of a city."""
    return WEATHER


@function_tool
def get_time(city: str) -> str:
    """The local time of a city."""
    return TIME


class City(BaseModel):
    city: str
    inhabitants: int


def both(feature):
    """A check of an agent, for either API: `check(case, make)`, `make` making an agent."""

    def put(check):
        for row in ROWS:
            row.feature(feature)(later(lambda case, api=row.api: check(case, maker(case, api))))
        return check

    return put


def maker(case, api):
    def make(model_settings=ModelSettings(), **more):
        http = openai.DefaultAsyncHttpxClient(verify=TLS, event_hooks=case.seen.async_hooks())
        client = AsyncOpenAI(base_url=URL + "/v1", api_key="unused", http_client=http)
        model = MODELS[api](model=case.model, openai_client=client)
        settings = ModelSettings(include_usage=True).resolve(model_settings)
        return Agent(
            name="Pillion's", instructions="Be brief.", model=model, model_settings=settings, **more
        )

    return make


def used(result):
    usage = result.context_wrapper.usage
    holds(usage.input_tokens > 0 and usage.output_tokens > 0, "usage", usage)
    return usage


@both("chat")
async def chat(case, make):
    agent = make()
    first = await Runner.run(agent, "What does a sidecar carry?")
    holds(first.final_output, "text", first)
    case.answered()
    used(first)
    history = first.to_input_list() + [{"role": "user", "content": "And what else?"}]
    second = await Runner.run(agent, history)
    holds("And what else?" in second.final_output, "the second turn's answer", second)


@both("stream")
async def stream(case, make):
    result = Runner.run_streamed(make(), LONG)
    kinds, deltas = [], []
    async for event in result.stream_events():
        if event.type == "raw_response_event":
            kinds.append(event.data.type)
            if event.data.type == "response.output_text.delta":
                deltas.append(event.data.delta)
    holds(len(deltas) > 1, "several deltas", kinds)
    same(result.final_output, "".join(deltas), "deltas joined")
    same(1, kinds.count("response.completed"), "ends")
    used(result)
    case.answered()


def calls_and_results(result):
    calls = [i.raw_item.name for i in result.new_items if i.type == "tool_call_item"]
    results = [i.output for i in result.new_items if i.type == "tool_call_output_item"]
    return calls, results


def looped(result):
    """That a run called both tools and answered by what they said."""
    calls, results = calls_and_results(result)
    same(["get_weather", "get_time"], calls, "the tools called")
    same([WEATHER, TIME], results, "their results")
    holds(WEATHER in result.final_output and TIME in result.final_output, "both in the answer")
    same(2, used(result).requests, "requests of the loop")


@both("tools")
async def tools(case, make):
    looped(await Runner.run(make(tools=[get_weather, get_time]), ASK_BOTH_TOOLS))
    case.answered()
    result = Runner.run_streamed(make(tools=[get_weather, get_time]), ASK_BOTH_TOOLS)
    async for _ in result.stream_events():
        pass
    looped(result)


@both("parallel_tools")
async def parallel_tools(case, make):
    result = await Runner.run(make(tools=[get_weather]), ASK_TWO)
    same((["get_weather"] * 2, [WEATHER] * 2), calls_and_results(result), "calls and results")
    same(2, result.final_output.count(WEATHER), "results in the answer")
    none = make(tools=[get_weather], model_settings=ModelSettings(tool_choice="none"))
    same(([], []), calls_and_results(await Runner.run(none, ASK_TWO)), "calls by none")


@both("structured")
async def structured(case, make):
    result = await Runner.run(make(output_type=City), "Tell me of Oslo and its 700000 inhabitants.")
    holds(isinstance(result.final_output, City), "the parsed object", result)


@both("image")
async def image(case, make):
    picture = {"type": "input_image", "image_url": "data:image/png;base64," + PNG, "detail": "auto"}
    words = {"type": "input_text", "text": "What is this?"}
    result = await Runner.run(make(), [{"role": "user", "content": [picture, words]}])
    holds(result.final_output, "text", result)


@both("thinking")
async def thinking(case, make):
    settings = ModelSettings(reasoning=Reasoning(effort="high"), store=False)
    agent = make(tools=[get_weather, get_time], model_settings=settings)
    result = await Runner.run(agent, ASK_BOTH_TOOLS)
    looped(result)
    thought = used(result).output_tokens_details.reasoning_tokens
    holds(thought > 0, "reasoning tokens", thought)


@RESPONSES.feature("websearch")
@later
async def websearch(case):
    result = await Runner.run(maker(case, "responses")(tools=[WebSearchTool()]), SEARCH)
    cited = [
        citation
        for response in result.raw_responses
        for item in response.output
        if item.type == "message"
        for part in item.content
        for citation in part.annotations
    ]
    holds(cited and all(c.url.startswith("https://") for c in cited), "citations", result)


@both("errors")
async def errors(case, make):
    agent = make()
    agent.model.model += "-not"
    await raises_async(openai.NotFoundError, Runner.run(agent, "Hello."))
    with case.simulated.does(kind="error_event", after_events=16):
        result = Runner.run_streamed(make(), LONG)

        async def read():
            async for _ in result.stream_events():
                pass

        await raises_async(openai.APIError, read())


async def raises_async(error, work):
    try:
        await work
    except error:
        return
    raise AssertionError(f"did not raise {error}")
