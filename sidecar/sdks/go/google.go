package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"google.golang.org/genai"
)

var google = must(genai.NewClient(ctx, &genai.ClientConfig{APIKey: "unused", Backend: genai.BackendGeminiAPI,
	HTTPClient: overSocket(), HTTPOptions: genai.HTTPOptions{BaseURL: "http://pillion"}}))

func googleStatus(err error) int {
	var failed genai.APIError
	if errors.As(err, &failed) {
		return failed.Code
	}
	return 0
}

func googleRefusal(err error) string {
	if googleStatus(err) == 400 {
		return err.Error()
	}
	return ""
}

func googleRaises(status int, err error) {
	check(googleStatus(err) == status, "no genai.APIError of %d: %v", status, err)
}

func generate(model string, contents []*genai.Content, config *genai.GenerateContentConfig) *genai.GenerateContentResponse {
	return must(google.Models.GenerateContent(ctx, model, contents, config))
}

func withFunction() *genai.GenerateContentConfig {
	return &genai.GenerateContentConfig{Tools: []*genai.Tool{{FunctionDeclarations: []*genai.FunctionDeclaration{
		{Name: tool, Description: "The weather of a city", ParametersJsonSchema: citySchema}}}}}
}

// folded reads a stream to its end, and gives it as one answer.
func folded(model string, contents []*genai.Content, config *genai.GenerateContentConfig) (*genai.GenerateContentResponse, error) {
	whole := &genai.GenerateContentResponse{Candidates: []*genai.Candidate{{Content: &genai.Content{Role: "model"}}}}
	candidate := whole.Candidates[0]
	for chunk, err := range google.Models.GenerateContentStream(ctx, model, contents, config) {
		if err != nil {
			return nil, err
		}
		if chunk.UsageMetadata != nil {
			whole.UsageMetadata = chunk.UsageMetadata
		}
		for _, each := range chunk.Candidates {
			if each.Content != nil {
				candidate.Content.Parts = append(candidate.Content.Parts, said(each.Content.Parts)...)
			}
			if each.FinishReason != "" {
				check(candidate.FinishReason == "", "it finished twice")
				candidate.FinishReason = each.FinishReason
			}
			if each.GroundingMetadata != nil {
				candidate.GroundingMetadata = each.GroundingMetadata
			}
		}
	}
	return whole, nil
}

// said leaves out the empty text in which a stream may end: this SDK sends it back as no part at all,
// which Gemini refuses.
func said(parts []*genai.Part) []*genai.Part {
	return slices.DeleteFunc(parts, func(part *genai.Part) bool {
		return part.Text == "" && part.FunctionCall == nil && len(part.ThoughtSignature) == 0
	})
}

func functionArguments(called *genai.FunctionCall) string {
	return string(must(json.Marshal(called.Args)))
}

func contentGoOn(model, prompt string, first *genai.GenerateContentResponse, config *genai.GenerateContentConfig) {
	results := &genai.Content{Role: "user"}
	for _, called := range first.FunctionCalls() {
		results.Parts = append(results.Parts, &genai.Part{FunctionResponse: &genai.FunctionResponse{
			ID: called.ID, Name: called.Name, Response: map[string]any{"output": weather}}})
	}
	contents := append(genai.Text(prompt), first.Candidates[0].Content, results)
	answers(generate(model, contents, config).Text())
}

func contentPlain(c cell) {
	answer := generate(c.model, genai.Text(question), nil)
	check(answer.SDKHTTPResponse.Headers.Get("x-pillion-provider") == c.vendor, "another vendor answered")
	answers(answer.Text())
	check(answer.Candidates[0].FinishReason == genai.FinishReasonStop, "it stopped for %s", answer.Candidates[0].FinishReason)
	check(answer.UsageMetadata.PromptTokenCount > 0 && answer.UsageMetadata.CandidatesTokenCount > 0, "no usage")
	chat := must(google.Chats.Create(ctx, c.model, nil, nil))
	must(chat.SendMessage(ctx, genai.Part{Text: question}))
	answers(must(chat.SendMessage(ctx, genai.Part{Text: "Go on."})).Text())
}

func contentStream(c cell) {
	whole := must(folded(c.model, genai.Text(question), nil))
	answers(whole.Text())
	check(len(whole.Candidates[0].Content.Parts) > 1, "it came in one piece")
	check(whole.Candidates[0].FinishReason == genai.FinishReasonStop, "it did not finish")
	check(whole.UsageMetadata.CandidatesTokenCount > 0, "no usage")
}

func contentTools(c cell) {
	config := withFunction()
	first := generate(c.model, genai.Text(call), config)
	arguments(functionArguments(first.FunctionCalls()[0]), "Oslo")
	contentGoOn(c.model, call, first, config)
	streamed := must(folded(c.model, genai.Text(call), config))
	arguments(functionArguments(streamed.FunctionCalls()[0]), "Oslo")
	contentGoOn(c.model, call, streamed, config)
}

func contentParallelTools(c cell) {
	config := withFunction()
	first := must(folded(c.model, genai.Text(callTwice), config))
	calls := first.FunctionCalls()
	check(len(calls) == 2, "%d calls", len(calls))
	check(calls[0].ID != calls[1].ID, "two calls have one id")
	check(functionArguments(calls[0]) != functionArguments(calls[1]), "the same call twice")
	contentGoOn(c.model, callTwice, first, config)
	choose := func(mode genai.FunctionCallingConfigMode, names ...string) int {
		forced := withFunction()
		forced.ToolConfig = &genai.ToolConfig{FunctionCallingConfig: &genai.FunctionCallingConfig{
			Mode: mode, AllowedFunctionNames: names}}
		return len(generate(forcing(c), genai.Text(callTwice), forced).FunctionCalls())
	}
	check(choose("NONE") == 0 && choose("AUTO") == 2, "none or auto is not heeded")
	check(choose("ANY") >= 1 && choose("ANY", tool) >= 1, "a forced call was not made")
}

func contentStructured(c cell) {
	town(generate(c.model, genai.Text(naming), &genai.GenerateContentConfig{
		ResponseMIMEType: "application/json", ResponseJsonSchema: townSchema}).Text())
}

func contentMedia(c cell, mime string, data []byte) {
	contents := []*genai.Content{genai.NewContentFromParts([]*genai.Part{
		genai.NewPartFromText("What is this?"), genai.NewPartFromBytes(data, mime)}, "user")}
	answers(generate(c.model, contents, nil).Text())
}

func contentImage(c cell) {
	contentMedia(c, "image/png", must(base64.StdEncoding.DecodeString(png)))
}

func contentDocument(c cell) { contentMedia(c, "application/pdf", []byte(pdf)) }

func contentThinking(c cell) {
	config := withFunction()
	config.ThinkingConfig = &genai.ThinkingConfig{IncludeThoughts: true, ThinkingLevel: "HIGH"}
	first := must(folded(c.model, genai.Text(call), config))
	thoughts, signed := false, false
	for _, part := range first.Candidates[0].Content.Parts {
		thoughts = thoughts || part.Thought && part.Text != ""
		signed = signed || len(part.ThoughtSignature) > 0
	}
	check(thoughts, "no thoughts are shown")
	check(signed, "there is no signature to go back with")
	contentGoOn(c.model, call, first, config)
}

func contentWebsearch(c cell) {
	config := &genai.GenerateContentConfig{Tools: []*genai.Tool{{GoogleSearch: &genai.GoogleSearch{}}}}
	for _, answer := range []*genai.GenerateContentResponse{
		generate(c.model, genai.Text(searching), config), must(folded(c.model, genai.Text(searching), config))} {
		metadata := answer.Candidates[0].GroundingMetadata
		check(metadata != nil && len(metadata.GroundingChunks) > 0, "no citation")
		check(strings.HasPrefix(metadata.GroundingChunks[0].Web.URI, "http"), "no address")
	}
}

func contentCount(c cell) {
	check(must(google.Models.CountTokens(ctx, c.model, genai.Text(question), nil)).TotalTokens > 0, "nothing was counted")
}

func contentEmbeddings(c cell) {
	contents := append(genai.Text("one"), genai.Text("two")...)
	found := must(google.Models.EmbedContent(ctx, c.model, contents, nil)).Embeddings
	check(len(found) == 2 && len(found[0].Values) > 100, "not two vectors")
	check(found[0].Values[0] != found[1].Values[0], "the same vector twice")
}

func googleModels(c cell) {
	found := false
	for model, err := range google.Models.All(ctx) {
		found = found || must(model, err).Name == "models/"+models[c.vendor]
	}
	check(found, "the list lacks it")
	check(strings.HasPrefix(must(google.Models.Get(ctx, c.model, nil)).Name, "models/"), "no model")
	_, err := google.Models.Get(ctx, "no-such-model", nil)
	googleRaises(404, err)
}

func contentErrors(c cell) {
	ask := func(model string, config *genai.GenerateContentConfig) error {
		_, err := google.Models.GenerateContent(ctx, model, genai.Text(question), config)
		return err
	}
	googleRaises(404, ask("no-such-model", nil))
	googleRaises(400, ask(c.model, &genai.GenerateContentConfig{HTTPOptions: &genai.HTTPOptions{
		ExtraBody: map[string]any{"generationConfig": map[string]any{"temperature": "warm"}}}}))
	failsWith(c.vendor, 429, func() { googleRaises(429, ask(c.model, nil)) })
	failsWith(c.vendor, 503, func() { googleRaises(503, ask(c.model, nil)) })
	cut(c.vendor, func() {
		_, err := folded(c.model, genai.Text(question), nil)
		check(err != nil, "a cut stream ended as if it were whole")
	})
}

func contentCancel(c cell) {
	cancelled(c.vendor, func(leaving context.Context) {
		for _, err := range google.Models.GenerateContentStream(leaving, c.model, genai.Text(question), nil) {
			must(0, err)
			break
		}
	})
}

func googleGenai() suite {
	return suite{
		sdk: "google.golang.org/genai", module: "google.golang.org/genai", own: "gemini", refusal: googleRefusal,
		features: map[string]func(cell){
			"chat": contentPlain, "stream": contentStream, "tools": contentTools,
			"parallel_tools": contentParallelTools, "structured": contentStructured,
			"image": contentImage, "document": contentDocument, "thinking": contentThinking,
			"websearch": contentWebsearch, "count_tokens": contentCount, "embeddings": contentEmbeddings,
			"models": googleModels, "errors": contentErrors, "cancel": contentCancel,
		},
		known: map[string]map[string]known{
			"document": {"xai": noDocument}, "count_tokens": {"xai": noCount}, "embeddings": noVectors},
	}
}
