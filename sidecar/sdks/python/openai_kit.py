"""What the suites of OpenAI's SDK share: clients, and what is the same for both of its APIs."""

import httpx2
import openai
from openai import AsyncOpenAI, OpenAI
from pydantic import BaseModel

from kit import MIDDLE_EVENTS, SOCKET, TLS, URL, holds, raises, same


class City(BaseModel):
    city: str
    inhabitants: int


def _client(seen, **options):
    http = openai.DefaultHttpxClient(verify=TLS, event_hooks=seen.hooks())
    return OpenAI(base_url=URL + "/v1", api_key="unused", http_client=http, **options)


def _socket_client(seen):
    http = openai.DefaultHttpxClient(
        transport=httpx2.HTTPTransport(uds=SOCKET, verify=TLS), event_hooks=seen.hooks()
    )
    return OpenAI(base_url="http://pillion/v1", api_key="unused", http_client=http)


def client(case):
    return case.seen.once(_client)


def socket_client(case):
    return case.seen.once(_socket_client)


def browser(case):
    """A client whose requests look as if they came out of a browser."""
    return _client(case.seen, default_headers={"origin": "https://example.org"})


def async_client(case):
    """One for each event loop."""
    http = openai.DefaultAsyncHttpxClient(verify=TLS, event_hooks=case.seen.async_hooks())
    return AsyncOpenAI(base_url=URL + "/v1", api_key="unused", http_client=http)


def models(case):
    api = client(case).models
    listed = [model.id for model in api.list()]
    holds(case.plain in listed, f"{case.plain} among the models", listed)
    same(case.model, api.retrieve(case.model).id, "the model retrieved")
    missing = raises(openai.NotFoundError, api.retrieve, case.model + "-not")
    same("model_not_found", missing.code, "its code")


def before_the_answer(case, create, hello, large):
    """Typed exceptions where no answer has begun. `create` takes an SDK's client."""
    api = client(case)
    missing = raises(openai.NotFoundError, create, api, **(hello | {"model": case.model + "-not"}))
    holds("did you mean" in missing.message, "the nearest models", missing)
    error = raises(openai.APIStatusError, create, api, **(hello | large))
    same(413, error.status_code, "too large")
    raises(openai.PermissionDeniedError, create, browser(case), **hello)


def at_the_vendor(case, create, hello):
    """The vendor fails for good: typed exceptions, and no retries on top of Pillion's."""
    api = client(case)
    for status, kind in (
        (429, openai.RateLimitError),
        (500, openai.InternalServerError),
        (503, openai.InternalServerError),
        (401, openai.InternalServerError),  # the key is Pillion's, and no concern of the client
    ):
        with case.simulated.does(kind="status", status=status) as vendor:
            error = raises(kind, create, api, **hello, what=status)
            tries = vendor.log()["requests"]
        holds(1 <= tries <= 2, f"tries at the vendor after {status}, with the SDK's", tries)
        holds(error.request_id, "a request id", error)


def in_the_middle(case, read):
    """A stream that the vendor breaks after content; `read` takes a list for the texts."""
    for fault in ("error_event", "cut", "reset"):
        with case.simulated.does(kind=fault, after_events=MIDDLE_EVENTS):
            got = []
            raises(openai.APIError, read, got, what=fault)
        holds("".join(got), "content before the error", got)
