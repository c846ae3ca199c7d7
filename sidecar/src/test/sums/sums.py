#!/usr/bin/env python3
"""What recorded exchanges cost, by the vendors' price pages: a second opinion on Pillion's ledger.

Reads recordings (DIR/{anthropic,openai,gemini,xai}.jsonl) and a map of older models' prices, and shares
nothing with Pillion: the table below is typed from the vendors' pages (as of 2026-11-22), the arithmetic
follows them. Decimals only; standard library only.

    sums.py DIR PRICES.json [--day YYYY-MM-DD] [--json]

--json prints one object: by exchange id its provider, model and usd (a decimal string, or null and why).
"""

import datetime
import json
import re
import sys
from collections import Counter, defaultdict
from decimal import Decimal as D, getcontext
from pathlib import Path

getcontext().prec = 60
ZERO = D(0)
MILLION = D(1_000_000)

# USD per million tokens: model, input, cached read, output, then what else there is:
# w5 and w1h cache writes (left out: no surcharge), audio in and out, from DAY a later row.
ANTHROPIC = """
claude-fable-5-2    8    0.20  40    w5=10    w1h=16
claude-mythos-5-2   8    0.20  40    w5=10    w1h=16
claude-fable-5-1    10   0.25  50    w5=12.50 w1h=20
claude-mythos-5-1   10   0.25  50    w5=12.50 w1h=20
claude-fable-5      10   1.00  50    w5=12.50 w1h=20
claude-mythos-5     10   1.00  50    w5=12.50 w1h=20
claude-opus-5-5     4    0.20  20    w5=5     w1h=8
claude-opus-5       5    0.50  25    w5=6.25  w1h=10
claude-opus-4-8     5    0.50  25    w5=6.25  w1h=10
claude-opus-4-7     5    0.50  25    w5=6.25  w1h=10
claude-opus-4-6     5    0.50  25    w5=6.25  w1h=10
claude-opus-4-5     5    0.50  25    w5=6.25  w1h=10
claude-sonnet-5-5   2    0.20  10    w5=2.50  w1h=4
claude-sonnet-5-5   2    0.10  10    w5=2.50  w1h=4    from=2026-10-07
claude-sonnet-5     2    0.20  10    w5=2.50  w1h=4
claude-sonnet-4-6   3    0.30  15    w5=3.75  w1h=6
claude-sonnet-4-5   3    0.30  15    w5=3.75  w1h=6
claude-haiku-5-5    0.10 0.01  0.50  w5=0.125 w1h=0.20
claude-haiku-4-5    1    0.10  5     w5=1.25  w1h=2
"""
# long=1: 272K and more of a prompt bill twice input and cache, 1.5 times output.
# prio: what priority is times standard.
OPENAI = """
gpt-6.2-astra   8     -      40    long=1 prio=2
gpt-6.2-sol     2     0.10   10    w5=2.50 w1h=5 long=1 prio=2
gpt-6.1-sol     2     0.10   10    w5=2.50 w1h=5 long=1 prio=2
gpt-6.1-terra   1     0.05   5     w5=1.25 w1h=2.50 long=1 prio=2
gpt-6-astra     10    1.00   50    w5=12.50 w1h=25 long=1 prio=2
gpt-6-sol       2     0.20   10    w5=2.50 w1h=5 long=1 prio=2
gpt-6-luna      0.10  0.01   0.50  w5=0.125 w1h=0.25 long=1 prio=2
gpt-5.6-sol     4     0.40   20    w5=5 w1h=10 long=1 prio=2
gpt-5.6-terra   2     0.20   12    w5=2.50 w1h=5 long=1 prio=2
gpt-5.6-luna    0.20  0.02   1.20  w5=0.25 w1h=0.50 long=1 prio=2
gpt-5.5         5     0.50   30    long=1 prio=2
gpt-5.5-pro     30    -      180   long=1 prio=2
gpt-5.4-pro     30    -      180   long=1 prio=2
gpt-5.4         2.50  0.25   15    long=1 prio=2
gpt-5.4-mini    0.75  0.075  4.50  prio=2
gpt-5.4-nano    0.20  0.02   1.25  prio=2
gpt-5.3-codex   1.75  0.175  14    prio=2
gpt-5.2         1.75  0.175  14    prio=2
gpt-5.2-pro     21    -      168   prio=2
gpt-5.1         1.25  0.125  10    prio=2
gpt-5           1.25  0.125  10    prio=2
gpt-5-mini      0.25  0.025  2     prio=1.8
gpt-5-nano      0.05  0.005  0.40
gpt-5-pro       15    -      120
o3              2     0.50   8     prio=1.75
o3-pro          20    -      80
gpt-4.1         2     0.50   8     prio=1.75
gpt-4.1-mini    0.40  0.10   1.60  prio=1.75
gpt-4o          2.50  1.25   10    prio=1.7
gpt-4o-mini     0.15  0.075  0.60
gpt-audio       2.50  -      10    ain=32 aout=64
gpt-audio-mini  0.60  -      2.40  ain=10 aout=20
text-embedding-3-small 0.02 - 0
text-embedding-3-large 0.13 - 0
text-embedding-ada-002 0.10 - 0
"""
# long=IN/CACHED/OUT above 200K of a prompt.
GEMINI = """
gemini-4-argon          2.00 0.10  10
gemini-4-argon          4.00 0.20  20   from=2026-12-01
gemini-4-carbon         2.00 0.10  10
gemini-4-carbon         4.00 0.20  20   from=2026-12-01
gemini-4-hydrogen       1.50 0.075 7.50
gemini-3.8-flash        0.75 0.075 3.75
gemini-3.8-flash        1.50 0.15  7.50 from=2027-01-01
gemini-3.7-flash        0.75 0.075 3.75
gemini-3.7-flash        1.50 0.15  7.50 from=2027-01-01
gemini-3.6-flash        0.75 0.075 3.75
gemini-3.6-flash        1.50 0.15  7.50 from=2027-01-01
gemini-3.5-flash        1.50 0.15  9.00
gemini-3.5-flash-lite   0.30 0.03  2.50
gemini-3.1-pro-preview  2.00 0.20  12.00 long=4.00/0.40/18.00
gemini-3.1-flash-lite   0.25 0.025 1.50 ain=0.50
gemini-3-flash-preview  0.50 0.05  3.00 ain=1.00
gemini-2.5-pro          1.25 0.125 10   long=2.50/0.25/15
gemini-2.5-flash        0.30 0.03  2.50 ain=1.00
gemini-2.5-flash-lite   0.10 0.01  0.40 ain=0.30
gemini-embedding-2      0.20 -     0    image=0.45 ain=6.50 video=12
gemini-embedding-001    0.15 -     0
"""
XAI = """
grok-4.7                      2.00 0.50 6.00
grok-4.6                      2.00 0.50 6.00
grok-4.5                      2.00 0.30 6.00
grok-4.3                      1.25 0.20 2.50
grok-4.20-0309-reasoning      1.25 0.20 2.50
grok-4.20-0309-non-reasoning  1.25 0.20 2.50
grok-4.20-multi-agent-0309    1.25 0.20 2.50
grok-build-0.1                1.00 0.20 2.00
"""
# The vendors' own other names.
SAME = {
    "gpt-5.6": "gpt-5.6-sol", "gpt-4o-2024-08-06": "gpt-4o", "gpt-4o-2024-11-20": "gpt-4o",
    "gemini-embedding-2-preview": "gemini-embedding-2",
    "text-embedding-ada-002-v2": "text-embedding-ada-002",
}
# Dated names of a model have its price, but this one.
OTHERWISE = {"gpt-4o-2024-05-13"}
DATED = re.compile(r"-(20\d{6}|20\d\d-\d\d-\d\d)$")
STANDARD = {None, "default", "standard", "auto", "on_demand"}
# USD per call.
SEARCH = {"anthropic": D("0.01"), "openai": D("0.01"), "xai": D("0.005")}
FILE_SEARCH = D("0.0025")


class Unpriced(Exception):
    """Why nobody can say what it cost."""


class Untold(Exception):
    """The vendor told no usage."""


def rows(table):
    models = defaultdict(list)
    for line in table.strip().splitlines():
        name, price, cached, output, *rest = line.split()
        row = {"in": D(price), "out": D(output), "read": D(price if cached == "-" else cached)}
        for word in rest:
            key, _, value = word.partition("=")
            row[key] = value if key in ("from", "long") else D(value)
        models[name].append(row)
    return models


BOOK = {"anthropic": rows(ANTHROPIC), "openai": rows(OPENAI), "gemini": rows(GEMINI), "xai": rows(XAI)}


def of_page(vendor, name, day):
    """The page's row of a model that day, by any of its names; None: not on it."""
    for known in (name, SAME.get(name), DATED.sub("", name) if name not in OTHERWISE else None):
        dated = BOOK[vendor].get(known)
        if dated:
            found = None
            for row in dated:
                if row.get("from", "") <= day:
                    found = row
            return found
    return None


def of_map(vendor, name, older):
    """An older model's row, of a map of prices per token; None: not there."""
    row = older.get(f"{vendor}/{name}") or older.get(name)
    if not row or "input_cost_per_token" not in row:
        return None
    price = lambda key: row[key] * MILLION if row.get(key) is not None else None
    made = {"in": price("input_cost_per_token"), "out": price("output_cost_per_token") or ZERO}
    made["read"] = price("cache_read_input_token_cost")
    made["read"] = made["in"] if made["read"] is None else made["read"]
    for key, field in (("w5", "cache_creation_input_token_cost"),
                       ("w1h", "cache_creation_input_token_cost_above_1hr"),
                       ("ain", "input_cost_per_audio_token"), ("aout", "output_cost_per_audio_token")):
        if price(field) is not None:
            made[key] = price(field)
    above = price("input_cost_per_token_above_200k_tokens")
    if above is not None:
        read = price("cache_read_input_token_cost_above_200k_tokens")
        made["long"] = f"{above}/{made['read'] if read is None else read}/" + str(
            price("output_cost_per_token_above_200k_tokens"))
    return made


def answers(exchange):
    """The JSON objects of an answer: one, or a stream's."""
    response = exchange["response"]
    body = response.get("body")
    if body is not None:
        return body if isinstance(body, list) else [body]
    found = []
    for line in (response.get("body_text") or "").splitlines():
        if line.startswith("data:") and line[5:].strip() not in ("", "[DONE]"):
            found.append(json.loads(line[5:]))
    return found


def n(of, *path):
    for key in path:
        of = of.get(key) if isinstance(of, dict) else None
    return of if isinstance(of, int) and of > 0 else 0


def text_of(rates, tokens):
    """Tokens by their kind, at USD per million."""
    return sum((rates[kind] * count for kind, count in tokens), ZERO) / MILLION


def rates_of(row, prompt, long_factor=None, long_from=None):
    rates = dict(row)
    if long_from is not None and prompt >= long_from and long_factor:
        for kind in ("in", "read", "w5", "w1h"):
            if kind in rates:
                rates[kind] *= long_factor[0]
        rates["out"] *= long_factor[1]
    for kind in ("w5", "w1h", "ain", "image", "video"):
        rates.setdefault(kind, rates["in"] if kind != "w1h" else rates["w5"])
    rates.setdefault("aout", rates["out"])
    return rates


def anthropic(exchange, row, row_of):
    usage = {}
    for answer in answers(exchange):
        told = answer.get("usage") or (answer.get("message") or {}).get("usage") or {}
        usage.update({key: value for key, value in told.items() if value is not None})
    if not usage:
        raise Untold
    steps = usage.get("iterations") or []
    if usage.get("service_tier") not in STANDARD or usage.get("speed") not in (None, "standard"):
        raise Unpriced("a tier without a rate here")
    usd = ZERO
    beside = [step for step in steps if step.get("type") in ("compaction", "advisor_message")]
    for part in [usage] + beside:
        wrote = n(part, "cache_creation_input_tokens")
        hour = n(part, "cache_creation", "ephemeral_1h_input_tokens")
        read = n(part, "cache_read_input_tokens")
        fresh = n(part, "input_tokens")
        # Advice is another model's, at its own rates.
        rates = rates_of(row_of(part["model"]) if part in beside and "model" in part else row, 0)
        if exchange["request"]["body"]["model"].startswith("claude-haiku-5-5") and fresh + wrote + read > 100_000:
            rates = {kind: rate * 5 for kind, rate in rates.items()}
        usd += text_of(rates, [("in", fresh), ("w5", wrote - hour), ("w1h", hour), ("read", read),
                               ("out", n(part, "output_tokens"))])
    return usd + SEARCH["anthropic"] * n(usage, "server_tool_use", "web_search_requests")


def tiered(usd, row, tier):
    """OpenAI's and Gemini's service tiers: factors on the tokens."""
    if tier in STANDARD:
        return usd
    if tier == "flex":
        return usd / 2
    if tier == "priority" and "prio" in row:
        return usd * row["prio"]
    raise Unpriced(f"tier {tier} without a rate here")


def openai_tokens(row, prompt, cached, wrote, wrote12, output, audio_in=0, audio_out=0):
    rates = rates_of(row, prompt, (2, D("1.5")) if row.get("long") == "1" else None, 272_001)
    plain = prompt - cached - wrote
    return text_of(rates, [("in", plain - audio_in), ("ain", audio_in), ("read", cached),
                           ("w5", wrote - wrote12), ("w1h", wrote12),
                           ("out", output - audio_out), ("aout", audio_out)])


def chat(exchange, row, vendor):
    usage, tier = None, None
    for answer in answers(exchange):
        usage = answer.get("usage") or usage
        tier = answer.get("service_tier") or tier
    if not usage or "prompt_tokens" not in usage:
        raise Untold
    prompt, total = n(usage, "prompt_tokens"), n(usage, "total_tokens")
    cached = n(usage, "prompt_tokens_details", "cached_tokens")
    if vendor == "xai":
        # Thinking stands beside the completion there. Where more is cached than the prompt has, all
        # of its text was, and its pictures were not: so the vendor's own bills reckon (the page's
        # advice, that the prompt comes on top, fits none of them).
        fresh = prompt - cached
        if fresh < 0:
            fresh = prompt - n(usage, "prompt_tokens_details", "text_tokens")
        rates = rates_of(row, fresh + cached, (2, 2), 200_000)
        return text_of(rates, [("in", fresh), ("read", cached), ("out", total - prompt)])
    output = n(usage, "completion_tokens")
    wrote = n(usage, "prompt_tokens_details", "cache_write_tokens")
    usd = openai_tokens(row, prompt, cached, wrote, 0, output,
                        n(usage, "prompt_tokens_details", "audio_tokens"),
                        n(usage, "completion_tokens_details", "audio_tokens"))
    return tiered(usd, row, tier)


def responses(exchange, row, vendor):
    found = None
    for answer in answers(exchange):
        response = answer.get("response") if "response" in answer else answer
        if isinstance(response, dict) and response.get("usage"):
            found = response
    if not found:
        raise Untold
    usage = found["usage"]
    prompt = n(usage, "input_tokens")
    cached = n(usage, "input_tokens_details", "cached_tokens")
    wrote = n(usage, "input_tokens_details", "cache_write_tokens")
    wrote12 = n(usage, "input_tokens_details", "cache_write_tokens_details", "ttl_12h_tokens")
    items = Counter(item.get("type") for item in found.get("output") or [])
    if vendor == "xai":
        calls = usage.get("server_side_tool_usage_details") or {}
        searches = n(calls, "web_search_calls") + n(calls, "x_search_calls")
        if any(n(calls, f"{tool}_calls") for tool in ("code_interpreter", "file_search", "document_search",
                                                      "image_generation")):
            raise Unpriced("a tool without a rate here")
        longest = n(usage, "context_details", "input_tokens") or prompt
        rates = rates_of(row, longest, (2, 2), 200_000)
        usd = text_of(rates, [("in", prompt - cached), ("read", cached), ("out", n(usage, "output_tokens"))])
        return usd + SEARCH["xai"] * searches
    if items["code_interpreter_call"] or items["image_generation_call"]:
        raise Unpriced("code runs and pictures are billed by what no answer tells")
    counted = (found.get("tool_usage") or {}).get("web_search") or {}
    if "num_requests" in counted:
        searches = n(counted, "num_requests")
    else:
        searches = sum(1 for item in found.get("output") or [] if item.get("type") == "web_search_call"
                       and (item.get("action") or {"type": "search"}).get("type") == "search")
    usd = openai_tokens(row, prompt, cached, wrote, wrote12, n(usage, "output_tokens"))
    return (tiered(usd, row, found.get("service_tier")) + SEARCH["openai"] * searches
            + FILE_SEARCH * items["file_search_call"])


def modality(usage, field, kind):
    return sum(n(part, "tokenCount") for part in usage.get(field) or [] if part.get("modality") == kind)


def gemini(exchange, row, model):
    usage, queries, maps = None, 0, False
    for answer in answers(exchange):
        told = answer.get("usageMetadata")
        usage = told if told and ("promptTokenCount" in told or "totalTokenCount" in told) else usage
        for candidate in answer.get("candidates") or []:
            grounding = candidate.get("groundingMetadata") or {}
            queries = max(queries, len(grounding.get("webSearchQueries") or []))
            maps = maps or any("maps" in chunk for chunk in grounding.get("groundingChunks") or [])
    if not usage:
        raise Untold
    prompt = n(usage, "promptTokenCount") + n(usage, "toolUsePromptTokenCount")
    output = n(usage, "candidatesTokenCount") + n(usage, "thoughtsTokenCount")
    cached = n(usage, "cachedContentTokenCount")
    audio = modality(usage, "promptTokensDetails", "AUDIO") - modality(usage, "cacheTokensDetails", "AUDIO")
    rates = rates_of(row, prompt)
    if "long" in row and prompt > 200_000:
        for kind, rate in zip(("in", "read", "out"), row["long"].split("/")):
            rates[kind] = D(rate)
    usd = text_of(rates, [("in", prompt - cached - audio), ("ain", audio), ("read", cached), ("out", output)])
    usd = tiered(usd, row, (usage.get("serviceTier") or "standard").lower())
    if maps:
        raise Unpriced("maps")
    if queries and re.match(r"gemini-(3|4|flash-latest)", model):
        usd += D("0.014") * queries
    elif queries and model.startswith("gemini-2.5"):
        usd += D("0.035")
    elif queries:
        raise Unpriced("searches of a model without a rate for them")
    return usd


def embeddings(exchange, row, vendor):
    (answer,) = answers(exchange)
    if vendor == "openai":
        return text_of(row, [("in", answer["usage"]["prompt_tokens"])])
    usage = answer.get("usageMetadata")
    if not usage:
        raise Untold
    rates = rates_of(row, 0)
    media = [(kind, modality(usage, "promptTokenDetails", name))
             for kind, name in (("ain", "AUDIO"), ("image", "IMAGE"), ("video", "VIDEO"))]
    text = n(usage, "promptTokenCount") - sum(count for _, count in media)
    return text_of(rates, media + [("in", text)])


def asked(exchange):
    found = re.search(r"models/([^:/?]+)", exchange["path"])
    body = exchange["request"].get("body")
    return found[1] if found else (body.get("model") if isinstance(body, dict) else None)


def answered(exchange):
    for answer in answers(exchange):
        for part in (answer, answer.get("message") or {}, answer.get("response") or {}):
            name = part.get("model") or part.get("modelVersion") if isinstance(part, dict) else None
            if name:
                return name.removeprefix("models/")
    return None


def cost(vendor, exchange, older, day):
    """By the model that was asked for, or, where nobody lists that, the one that answered."""
    names = [name for name in (asked(exchange), answered(exchange)) if name]
    row = next((row for name in names for row in (of_page(vendor, name, day), of_map(vendor, name, older))
                if row), None)
    if row is None:
        raise Unpriced(f"no price of {names[0]}")
    endpoint = exchange["endpoint"]
    if endpoint == "messages":
        return anthropic(exchange, row, lambda name: of_page(vendor, name, day))
    if endpoint == "chat.completions":
        return chat(exchange, row, vendor)
    if endpoint == "responses":
        return responses(exchange, row, vendor)
    if endpoint in ("generateContent", "streamGenerateContent"):
        return gemini(exchange, row, names[0])
    return embeddings(exchange, row, vendor)


PRICED = {"messages", "chat.completions", "responses", "generateContent", "streamGenerateContent", "embeddings"}


def main(folder, prices, day):
    older = json.loads(Path(prices).read_text(), parse_float=D, parse_int=D)
    found = {}
    for vendor in BOOK:
        for line in Path(folder, f"{vendor}.jsonl").read_text().splitlines():
            exchange = json.loads(line)
            if exchange["endpoint"] not in PRICED or exchange["response"]["status"] != 200:
                continue
            said = {"provider": vendor, "model": asked(exchange) or "", "usd": None, "told": True}
            try:
                said["usd"] = format(cost(vendor, exchange, older, day), "f")
            except Unpriced as why:
                said["why"] = str(why)
            except Untold:
                said.update(told=False, why="no usage was told")
            found[exchange["id"]] = said
    return found


def show(found):
    for vendor in BOOK:
        all_ = [said for said in found.values() if said["provider"] == vendor]
        priced = [D(said["usd"]) for said in all_ if said["usd"] is not None]
        print(f"{vendor}: {len(all_)} exchanges, {len(priced)} priced, {sum(priced, ZERO)} USD")
        for why, count in Counter(said["why"] for said in all_ if said["usd"] is None).most_common():
            print(f"  {count} unpriced: {why}")


if __name__ == "__main__":
    args = [arg for arg in sys.argv[1:] if not arg.startswith("--")]
    day = datetime.datetime.now(datetime.timezone.utc).date().isoformat()
    if "--day" in sys.argv:
        day = sys.argv[sys.argv.index("--day") + 1]
        args.remove(day)
    if len(args) != 2:
        sys.exit(__doc__)
    result = main(*args, day)
    if "--json" in sys.argv:
        json.dump(result, sys.stdout)
    else:
        show(result)
