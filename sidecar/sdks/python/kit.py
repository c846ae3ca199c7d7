"""What the suites of all SDKs share: where everything is, the vendors' faults, and the runner."""

import asyncio
import concurrent.futures
import contextlib
import dataclasses
import functools
import json
import os
import ssl
import threading
import time
import traceback
import urllib.request

# The one event loop of all async checks: SDKs that keep a client for whoever asks, as LangChain's do,
# keep its connections too, and those live on the loop that opened them.
LOOP = asyncio.new_event_loop()
threading.Thread(target=LOOP.run_forever, daemon=True).start()

URL = os.environ["PILLION_URL"]
SOCKET = os.environ["PILLION_SOCKET"]
FEATURES = (
    "chat", "stream", "tools", "parallel_tools", "structured", "image", "document", "thinking",
    "websearch", "count_tokens", "embeddings", "models", "errors", "cancel",
)
# The model of each vendor that the suites name, and the one for embeddings.
MODELS = {
    "anthropic": "claude-sonnet-5-5",
    "openai": "gpt-6.1-terra",
    "xai": "grok-4.6",
    "gemini": "gemini-4-hydrogen",
}
FORCING_MODELS = MODELS | {"anthropic": "claude-sonnet-5"}
EMBEDDERS = {"openai": "text-embedding-3-small", "gemini": "gemini-embedding-001"}
ADDRESSES = dict(pair.split("=", 1) for pair in os.environ["PILLION_VENDORS"].split(","))
WAIT_SECONDS = 10
# Made once, for all HTTP clients: it is slow to make, and nothing here is encrypted.
TLS = ssl.create_default_context()

# One pixel, and one empty page.
PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
PDF = (
    "JVBERi0xLjQKMSAwIG9iago8PC9UeXBlL0NhdGFsb2cvUGFnZXMgMiAwIFI+PgplbmRvYmoKMiAwIG9iago8PC9UeXBl"
    "L1BhZ2VzL0tpZHNbMyAwIFJdL0NvdW50IDE+PgplbmRvYmoKMyAwIG9iago8PC9UeXBlL1BhZ2UvUGFyZW50IDIgMCBS"
    "L01lZGlhQm94WzAgMCA3MiA3Ml0+PgplbmRvYmoKdHJhaWxlcjw8L1Jvb3QgMSAwIFI+PgolJUVPRgo="
)
IMAGE_URL = "https://example.org/picture.png"

# What a tool loop is about; the simulated models call a tool that they are told to.
WEATHER = "4 °C, light rain"
TIME = "half past nine"
ASK_BOTH_TOOLS = "call get_weather and then get_time for the city of Oslo"
ASK_ONE = "call get_weather for the city of Oslo"
ASK_TWO = "call get_weather for both Oslo and Rome"
WEATHER_SCHEMA = {
    "type": "object",
    "properties": {"city": {"type": "string", "description": "The city's name"}},
    "required": ["city"],
    "additionalProperties": False,
}
# Its answer is long enough to break in the middle, where so many events have come.
LONG = "Tell me what a sidecar carries, and of wheels, roads, weather, maps and tea. " * 3
MIDDLE_EVENTS = 16
SEARCH = "What is new in the city of Zürich?"


class Vendor:
    """A simulated vendor's own paths: what it shall do wrong, and what it saw."""

    def __init__(self, name):
        self.name = name

    def _call(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(ADDRESSES[self.name] + path, data, method=method)
        with urllib.request.urlopen(request, timeout=WAIT_SECONDS) as answer:
            return json.load(answer)

    @contextlib.contextmanager
    def does(self, **fault):
        """With this fault armed; the log begins anew, and the fault is gone afterwards."""
        self._call("DELETE", "/__log")
        self._call("POST", "/__fault", {"count": 100, **fault})
        try:
            yield self
        finally:
            self._call("DELETE", "/__fault")

    def log(self):
        return self._call("GET", "/__log")

    def wait(self, condition, what):
        """Until the log fulfils a condition, or it is too late."""
        deadline = time.monotonic() + WAIT_SECONDS
        while not condition(log := self.log()):
            assert time.monotonic() < deadline, f"{self.name} does not see {what}: {log}"
            time.sleep(0.01)

    def wait_cancelled(self):
        self.wait(lambda log: log["cancelled"] == 1, "that the client left")


class Seen:
    """What came back in the headers of the latest answer; its hooks go into the SDK's clients."""

    def __init__(self):
        self.headers = {}
        self.clients = {}

    def once(self, make):
        """The client that this function makes, made when it is first asked for."""
        if make not in self.clients:
            self.clients[make] = make(self)
        return self.clients[make]

    def keep(self, client):
        """Holds a client that is needed once: some SDKs close it when nothing holds it."""
        self.clients[client] = client
        return client

    def hooks(self):
        return {"response": [self._take]}

    def async_hooks(self):
        async def take(response):
            self._take(response)

        return {"response": [take]}

    def _take(self, response):
        self.headers = dict(response.headers)

    def provider(self):
        return self.headers.get("x-pillion-provider")


@dataclasses.dataclass(frozen=True)
class Case:
    """A cell: a feature of an SDK at a vendor."""

    feature: str
    vendor: str
    own: bool
    seen: Seen

    @property
    def model(self):
        return self._name(self.plain)

    @property
    def plain(self):
        """The model's own id, as the vendor has it."""
        return MODELS[self.vendor]

    @property
    def forcing_model(self):
        """A model of the vendor that can be forced to call a tool."""
        return self._name(FORCING_MODELS[self.vendor])

    @property
    def embedder(self):
        return self._name(EMBEDDERS[self.vendor])

    @property
    def simulated(self):
        return Vendor(self.vendor)

    def _name(self, model):
        """Its plain id at the SDK's own vendor, and else its qualified one."""
        return model if self.own else f"{self.vendor}/{model}"

    def answered(self):
        """That the vendor named is the one that answered."""
        same(self.vendor, self.seen.provider(), "x-pillion-provider")


class Row:
    """An SDK with one of its APIs. Its cells are what `feature` is put on.

    Where a cell is not expected to work, one of these says so, by feature or (feature, vendor):
    `refused`: what the message must name, `fails`: why, `none`: what the SDK or vendor lacks.
    """

    def __init__(self, sdk, version, api="", own=(), bad_request=(), refused=(), fails=(), none=()):
        self.sdk, self.version, self.api, self.own = sdk, version, api, own
        self.bad_request = bad_request
        self.expected = {"refused": dict(refused), "fails": dict(fails), "none": dict(none)}
        self.checks = {}

    def feature(self, *features):
        def put(check):
            self.checks.update((feature, check) for feature in features)
            return check

        return put

    def expectation(self, feature, vendor):
        for result, cells in self.expected.items():
            for key in ((feature, vendor), feature):
                if key in cells:
                    return result, cells[key]
        return ("works", "") if feature in self.checks else ("none", "")

    def run(self, feature, vendor, seen):
        """The cell's result, why, and whether that is as declared."""
        result, why = self.expectation(feature, vendor)
        if result == "none":
            return result, "", True
        try:
            self.checks[feature](Case(feature, vendor, vendor in self.own, seen))
        except Exception as e:
            return self._failed(result, why, e)
        return "works", "declared as " + result if result != "works" else "", result == "works"

    def _failed(self, result, why, error):
        if result == "refused" and isinstance(error, self.bad_request) and why in str(error):
            return result, why, True
        if result == "fails":
            return result, why, True
        traceback.print_exception(error)
        return "fails", f"{type(error).__name__}: {error}".splitlines()[0][:500], False

    def column(self, vendor):
        """All cells of a vendor, one after the other, since its faults are for one at a time."""
        seen = Seen()
        return [self._timed(feature, vendor, seen) for feature in FEATURES]

    def _timed(self, feature, vendor, seen):
        began = time.monotonic()
        result, why, ok = self.run(feature, vendor, seen)
        name = " ".join(filter(None, (self.sdk, self.api, feature, "at", vendor)))
        if not ok or os.environ.get("PILLION_SDKS_VERBOSE"):
            verdict = "ok" if ok else "FAILED"
            seconds = time.monotonic() - began
            print(f"{verdict}: {name}: {result} {why} ({seconds:.1f} s)", flush=True)
        cell = {
            "sdk": self.sdk, "version": self.version, "api": self.api,
            "feature": feature, "vendor": vendor, "result": result, "why": why,
        }
        return cell, ok


def run(rows):
    """Runs all cells and writes them down; the number of those that are not as declared."""
    verdicts = []
    with (
        open(os.environ["PILLION_SDK_RESULTS"], "a", encoding="utf-8") as results,
        concurrent.futures.ThreadPoolExecutor() as pool,
    ):
        for row in rows:
            # The vendors beside each other: each has its own faults and clients.
            for column in pool.map(row.column, MODELS):
                for cell, ok in column:
                    results.write(json.dumps(cell, ensure_ascii=False) + "\n")
                    verdicts += [ok] if cell["result"] != "none" else []
    print(f"{verdicts.count(True)} passed, {verdicts.count(False)} failed")
    return verdicts.count(False)


def same(expected, found, what):
    assert expected == found, f"{what}: {found!r} (expected: {expected!r})"


def holds(condition, what, found=None):
    assert condition, what if found is None else f"{what}: {found!r}"


def raises(error, call, *arguments, what="it", **named):
    """That the call raises this error; the error."""
    try:
        call(*arguments, **named)
    except error as e:
        return e
    except Exception as e:
        raise AssertionError(f"{what} raised {type(e).__name__}, not {error}: {e}") from e
    raise AssertionError(f"{what} did not raise {error}")


def later(function):
    """An async check as a plain one."""

    @functools.wraps(function)
    def run_it(*arguments, **named):
        return asyncio.run_coroutine_threadsafe(function(*arguments, **named), LOOP).result()

    return run_it
