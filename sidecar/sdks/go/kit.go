package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"regexp"
	"runtime/debug"
	"strings"
	"time"
)

const (
	question  = "What does a sidecar carry?"
	searching = "What is new in the city of Zürich?"
	naming    = "Name a city and its number of inhabitants."
	call      = "call get_weather for the city of Oslo"
	callTwice = "call get_weather for both the city of Oslo and the city of Rome"
	weather   = "4 °C, light rain"
	tool      = "get_weather"
	png       = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
	pdf       = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n" +
		"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n" +
		"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 72 72]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)

var (
	vendors  = []string{"anthropic", "openai", "xai", "gemini"}
	features = []string{"chat", "stream", "tools", "parallel_tools", "structured", "image", "document",
		"thinking", "websearch", "count_tokens", "embeddings", "models", "errors", "cancel"}
	// A model of each vendor that can do all that is asked here.
	models = map[string]string{"anthropic": "claude-sonnet-5-5", "openai": "gpt-6-sol",
		"xai": "grok-4.7", "gemini": "gemini-4-hydrogen"}
	embedders  = map[string]string{"openai": "text-embedding-3-small", "gemini": "gemini-embedding-001"}
	citySchema = map[string]any{
		"type":                 "object",
		"properties":           map[string]any{"city": map[string]any{"type": "string"}},
		"required":             []string{"city"},
		"additionalProperties": false,
	}
	townSchema = map[string]any{
		"type": "object",
		"properties": map[string]any{
			"city":        map[string]any{"type": "string"},
			"inhabitants": map[string]any{"type": "integer"},
		},
		"required":             []string{"city", "inhabitants"},
		"additionalProperties": false,
	}
	ctx = context.Background()
)

// cell is one feature at one vendor.
type cell struct{ vendor, model string }

// known says what does not work: none, or the reason with a word that the error names.
type known struct {
	result, why, names string
}

var (
	absent     = known{result: "none"}
	noDocument = known{"refused", "xAI takes no document's bytes", "xAI takes no file's bytes"}
	noCount    = known{"refused", "xAI counts no tokens", "counts no tokens"}
	noVectors  = map[string]known{"anthropic": absent, "xai": absent}
)

// suite is an SDK, or one API of it, and what is known of it by feature and vendor.
type suite struct {
	sdk, module, api, own string
	features              map[string]func(cell)
	// refusal gives what the SDK's error for a bad request says; empty: it is none.
	refusal func(error) string
	known   map[string]map[string]known
}

// failure is what a check panics with.
type failure struct{ err error }

func fail(format string, arguments ...any) {
	panic(failure{fmt.Errorf(format, arguments...)})
}

func check(right bool, format string, arguments ...any) {
	if !right {
		fail(format, arguments...)
	}
}

// must gives the value, or ends the cell in the error.
func must[T any](value T, err error) T {
	if err != nil {
		panic(failure{err})
	}
	return value
}

var answered = regexp.MustCompile("simulated answer|settles it")

func answers(text string) {
	check(answered.MatchString(text), "no answer: %q", text)
}

// arguments parses those of a call, and holds them to the city.
func arguments(text, city string) {
	var parsed struct{ City string }
	check(json.Unmarshal([]byte(text), &parsed) == nil, "arguments: %s", text)
	check(city == "" || parsed.City == city, "arguments: %s", text)
}

// town parses a structured answer.
func town(text string) {
	var parsed struct {
		City        *string
		Inhabitants *int
	}
	check(json.Unmarshal([]byte(text), &parsed) == nil, "no such object: %s", text)
	check(parsed.City != nil && parsed.Inhabitants != nil, "fields are missing: %s", text)
}

// forcing gives, of vendors whose newest models refuse forced calls, one that takes them.
func forcing(c cell) string {
	if c.vendor == "anthropic" {
		return strings.Replace(c.model, models["anthropic"], "claude-haiku-4-5", 1)
	}
	return c.model
}

// overSocket is a client for SDKs that take one of their own.
func overSocket() *http.Client {
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", os.Getenv("PILLION_SOCKET"))
	}
	return &http.Client{Transport: &http.Transport{DialContext: dial}}
}

func base() string { return os.Getenv("PILLION_URL") }

// simulator asks a simulated vendor, and gives how many requests it has seen.
func simulator(vendor, method, path string, body any) int {
	origin := ""
	for _, pair := range strings.Split(os.Getenv("PILLION_VENDORS"), ",") {
		if name, url, _ := strings.Cut(pair, "="); name == vendor {
			origin = url
		}
	}
	request := must(http.NewRequest(method, origin+path, bytes.NewReader(must(json.Marshal(body)))))
	answer := must(http.DefaultClient.Do(request))
	defer answer.Body.Close()
	text := must(io.ReadAll(answer.Body))
	check(answer.StatusCode == 200, "%s %s: %s", vendor, path, text)
	var seen struct{ Requests int }
	if err := json.Unmarshal(text, &seen); err != nil {
		panic(failure{err})
	}
	return seen.Requests
}

// withFault runs with a fault at the vendor; says how many requests the vendor saw.
func withFault(vendor string, fault map[string]any, run func()) int {
	simulator(vendor, "DELETE", "/__log", nil)
	simulator(vendor, "POST", "/__fault", fault)
	defer simulator(vendor, "DELETE", "/__fault", nil)
	run()
	return simulator(vendor, "GET", "/__log", nil)
}

// failsWith is what all SDKs share: a status of the vendor's, and the error that comes of it.
func failsWith(vendor string, status int, run func()) {
	seen := withFault(vendor, map[string]any{"kind": "status", "status": status, "count": 50}, run)
	check(seen <= 2, "%d requests: Pillion's retries were multiplied", seen)
}

func cut(vendor string, run func()) {
	withFault(vendor, map[string]any{"kind": "cut", "after_events": 6, "count": 50}, run)
}

// cancelled runs against a slow vendor, and waits until the daemon has logged a cancelled request.
func cancelled(vendor string, run func(context.Context)) {
	seen := func() int {
		count := 0
		for _, line := range strings.Split(string(must(os.ReadFile(os.Getenv("PILLION_REQUEST_LOG")))), "\n") {
			if strings.Contains(line, `"cancelled"`) && strings.Contains(line, `"provider":"`+vendor+`"`) {
				count++
			}
		}
		return count
	}
	before := seen()
	withFault(vendor, map[string]any{"kind": "slow", "millis": 300}, func() {
		leaving, leave := context.WithCancel(ctx)
		defer leave()
		run(leaving)
	})
	for i := 0; i < 200 && seen() == before; i++ {
		time.Sleep(25 * time.Millisecond)
	}
	check(seen() == before+1, "the request was not logged as cancelled")
}

// name of a vendor's model: the SDK's own vendor is asked for as its users do.
func (s suite) name(feature, vendor string) string {
	model := models[vendor]
	if feature == "embeddings" {
		model = embedders[vendor]
	}
	if vendor == s.own {
		return model
	}
	return vendor + "/" + model
}

func attempt(run func(cell), c cell) (err error) {
	defer func() {
		switch caught := recover().(type) {
		case nil:
		case failure:
			err = caught.err
		default:
			err = fmt.Errorf("%v\n%s", caught, debug.Stack())
		}
	}()
	run(c)
	return nil
}

func (s suite) run(feature, vendor string) (known, error) {
	run, has := s.features[feature]
	expected := s.known[feature][vendor]
	if !has || expected.result == "none" {
		return absent, nil
	}
	err := attempt(run, cell{vendor, s.name(feature, vendor)})
	switch {
	case err == nil && expected.result == "":
		return known{result: "works"}, nil
	case err == nil:
		return known{}, errors.New("works, though declared otherwise: " + expected.why)
	case expected.result == "fails":
		return expected, nil
	case expected.result == "refused" && strings.Contains(s.refusal(err), expected.names):
		return expected, nil
	}
	return known{}, err
}

func versions() map[string]string {
	found := map[string]string{}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, module := range info.Deps {
			found[module.Path] = strings.TrimPrefix(module.Version, "v")
		}
	}
	return found
}

func runAll(suites []suite) int {
	results := must(os.OpenFile(os.Getenv("PILLION_SDK_RESULTS"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644))
	defer results.Close()
	passed, failed := 0, 0
	for _, s := range suites {
		for _, feature := range features {
			for _, vendor := range vendors {
				found, err := s.run(feature, vendor)
				if err != nil {
					failed++
					fmt.Printf("FAILED: %s %s %s %s: %v\n", s.sdk, s.api, feature, vendor, err)
					continue
				}
				passed++
				line := map[string]string{"sdk": s.sdk, "version": versions()[s.module], "api": s.api,
					"feature": feature, "vendor": vendor, "result": found.result, "why": found.why}
				must(fmt.Fprintf(results, "%s\n", must(json.Marshal(line))))
			}
		}
	}
	fmt.Printf("%d passed, %d failed\n", passed, failed)
	return failed
}
