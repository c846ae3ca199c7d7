package main

import (
	"context"
	"encoding/base64"
	"errors"
	"net/http"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	"github.com/openai/openai-go/v3/shared"
)

const openaiModule = "github.com/openai/openai-go/v3"

var openaiClient = openai.NewClient(option.WithBaseURL("http://pillion/v1"), option.WithAPIKey("unused"),
	option.WithHTTPClient(overSocket()))

// chatting is what the features of Chat Completions are asked with.
var chatting = &openaiClient.Chat.Completions

func openaiRefusal(err error) string {
	var failed *openai.Error
	if errors.As(err, &failed) && failed.StatusCode == 400 {
		return failed.Message
	}
	return ""
}

func openaiStatus(err error) int {
	var failed *openai.Error
	if errors.As(err, &failed) {
		return failed.StatusCode
	}
	return 0
}

func openaiRaises(status int, err error) {
	check(openaiStatus(err) == status, "no *openai.Error of %d: %v", status, err)
}

func chatParams(model, prompt string) openai.ChatCompletionNewParams {
	return openai.ChatCompletionNewParams{Model: model,
		Messages: []openai.ChatCompletionMessageParamUnion{openai.UserMessage(prompt)}}
}

func withTool(params openai.ChatCompletionNewParams) openai.ChatCompletionNewParams {
	params.Tools = []openai.ChatCompletionToolUnionParam{openai.ChatCompletionFunctionTool(
		shared.FunctionDefinitionParam{Name: tool, Parameters: citySchema})}
	return params
}

// goOn answers the calls of a message, and gives the words that follow.
func goOn(params openai.ChatCompletionNewParams, message openai.ChatCompletionMessage) {
	params.Messages = append(params.Messages, message.ToParam())
	for _, called := range message.ToolCalls {
		params.Messages = append(params.Messages, openai.ToolMessage(weather, called.ID))
	}
	answers(must(chatting.New(ctx, params)).Choices[0].Message.Content)
}

func accumulated(params openai.ChatCompletionNewParams) (openai.ChatCompletionAccumulator, string) {
	stream := chatting.NewStreaming(ctx, params)
	whole, joined := openai.ChatCompletionAccumulator{}, ""
	for stream.Next() {
		chunk := stream.Current()
		check(whole.AddChunk(chunk), "a chunk does not fit those before")
		if len(chunk.Choices) > 0 {
			joined += chunk.Choices[0].Delta.Content
		}
	}
	must(0, stream.Err())
	return whole, joined
}

func chatPlain(c cell) {
	var response *http.Response
	params := chatParams(c.model, question)
	answer := must(chatting.New(ctx, params, option.WithResponseInto(&response)))
	check(response.Header.Get("x-pillion-provider") == c.vendor, "another vendor answered")
	answers(answer.Choices[0].Message.Content)
	check(answer.Choices[0].FinishReason == "stop", "it stopped for %s", answer.Choices[0].FinishReason)
	check(answer.Usage.PromptTokens > 0 && answer.Usage.CompletionTokens > 0, "no usage")
	params.Messages = append(params.Messages, answer.Choices[0].Message.ToParam(), openai.UserMessage("Go on."))
	answers(must(chatting.New(ctx, params)).Choices[0].Message.Content)
}

func chatStream(c cell) {
	params := chatParams(c.model, question)
	params.StreamOptions.IncludeUsage = openai.Bool(true)
	whole, joined := accumulated(params)
	answers(joined)
	check(whole.Choices[0].Message.Content == joined, "the fold is not the deltas")
	check(whole.Usage.CompletionTokens > 0, "no usage")
}

func chatTools(c cell) {
	params := withTool(chatParams(c.model, call))
	message := must(chatting.New(ctx, params)).Choices[0].Message
	arguments(message.ToolCalls[0].Function.Arguments, "Oslo")
	goOn(params, message)
	whole, _ := accumulated(params)
	arguments(whole.Choices[0].Message.ToolCalls[0].Function.Arguments, "Oslo")
	goOn(params, whole.Choices[0].Message)
}

func chatParallelTools(c cell) {
	params := withTool(chatParams(c.model, callTwice))
	whole, _ := accumulated(params)
	calls := whole.Choices[0].Message.ToolCalls
	check(len(calls) == 2, "%d calls", len(calls))
	check(calls[0].ID != calls[1].ID, "two calls have one id")
	check(calls[0].Function.Arguments != calls[1].Function.Arguments, "the same call twice")
	goOn(params, whole.Choices[0].Message)
	choose := func(word string) int {
		forced := withTool(chatParams(forcing(c), callTwice))
		forced.ToolChoice = openai.ChatCompletionToolChoiceOptionUnionParam{OfAuto: openai.String(word)}
		if word == tool {
			forced.ToolChoice = openai.ToolChoiceOptionFunctionToolChoice(
				openai.ChatCompletionNamedToolChoiceFunctionParam{Name: tool})
		}
		return len(must(chatting.New(ctx, forced)).Choices[0].Message.ToolCalls)
	}
	check(choose("none") == 0 && choose("auto") == 2, "none or auto is not heeded")
	check(choose("required") >= 1 && choose(tool) >= 1, "a forced call was not made")
}

func chatStructured(c cell) {
	params := chatParams(c.model, naming)
	params.ResponseFormat.OfJSONSchema = &shared.ResponseFormatJSONSchemaParam{
		JSONSchema: shared.ResponseFormatJSONSchemaJSONSchemaParam{
			Name: "town", Schema: townSchema, Strict: openai.Bool(true)}}
	town(must(chatting.New(ctx, params)).Choices[0].Message.Content)
}

func chatMedia(c cell, part openai.ChatCompletionContentPartUnionParam) {
	params := chatParams(c.model, "")
	params.Messages = []openai.ChatCompletionMessageParamUnion{openai.UserMessage(
		[]openai.ChatCompletionContentPartUnionParam{openai.TextContentPart("What is this?"), part})}
	answers(must(chatting.New(ctx, params)).Choices[0].Message.Content)
}

func chatImage(c cell) {
	chatMedia(c, openai.ImageContentPart(
		openai.ChatCompletionContentPartImageImageURLParam{URL: "data:image/png;base64," + png}))
}

func chatDocument(c cell) {
	data := base64.StdEncoding.EncodeToString([]byte(pdf))
	chatMedia(c, openai.FileContentPart(openai.ChatCompletionContentPartFileFileParam{
		Filename: openai.String("a.pdf"), FileData: openai.String("data:application/pdf;base64," + data)}))
}

func chatThinking(c cell) {
	params := withTool(chatParams(c.model, call))
	params.ReasoningEffort = shared.ReasoningEffortHigh
	goOn(params, must(chatting.New(ctx, params)).Choices[0].Message)
}

func openaiEmbeddings(c cell) {
	answer := must(openaiClient.Embeddings.New(ctx, openai.EmbeddingNewParams{Model: c.model,
		Input: openai.EmbeddingNewParamsInputUnion{OfArrayOfStrings: []string{"one", "two"}}}))
	check(len(answer.Data) == 2 && len(answer.Data[0].Embedding) > 100, "not two vectors")
	check(answer.Data[0].Embedding[0] != answer.Data[1].Embedding[0], "the same vector twice")
	check(answer.Usage.PromptTokens > 0, "no usage")
}

func openaiModels(c cell) {
	found := false
	pages := openaiClient.Models.ListAutoPaging(ctx)
	for pages.Next() {
		found = found || pages.Current().ID == models[c.vendor]
	}
	must(0, pages.Err())
	check(found, "the list lacks it")
	check(must(openaiClient.Models.Get(ctx, c.model)).Object == "model", "no model")
	_, err := openaiClient.Models.Get(ctx, "no-such-model")
	openaiRaises(404, err)
}

func chatErrors(c cell) {
	ask := func(model string) error {
		_, err := chatting.New(ctx, chatParams(model, question))
		return err
	}
	openaiRaises(404, ask("no-such-model"))
	_, err := chatting.New(ctx, chatParams(c.model, question), option.WithJSONSet("temperature", "warm"))
	openaiRaises(400, err)
	failsWith(c.vendor, 429, func() { openaiRaises(429, ask(c.model)) })
	failsWith(c.vendor, 503, func() { openaiRaises(503, ask(c.model)) })
	cut(c.vendor, func() {
		stream := chatting.NewStreaming(ctx, chatParams(c.model, question))
		for stream.Next() {
		}
		check(stream.Err() != nil, "a cut stream ended as if it were whole")
	})
}

func chatCancel(c cell) {
	cancelled(c.vendor, func(leaving context.Context) {
		stream := chatting.NewStreaming(leaving, chatParams(c.model, question))
		check(stream.Next(), "nothing came: %v", stream.Err())
	})
}

func chatWebsearch(c cell) {
	params := chatParams(c.model, searching)
	params.WebSearchOptions.SearchContextSize = "low"
	annotations := must(chatting.New(ctx, params)).Choices[0].Message.Annotations
	check(len(annotations) > 0 && annotations[0].URLCitation.URL != "", "no citation")
}

func openaiChat() suite {
	return suite{
		sdk: "openai-go", module: openaiModule, api: "chat", own: "openai", refusal: openaiRefusal,
		features: map[string]func(cell){
			"chat": chatPlain, "stream": chatStream, "tools": chatTools, "parallel_tools": chatParallelTools,
			"structured": chatStructured, "image": chatImage, "document": chatDocument,
			"thinking": chatThinking, "websearch": chatWebsearch, "embeddings": openaiEmbeddings,
			"models": openaiModels, "errors": chatErrors, "cancel": chatCancel,
		},
		known: map[string]map[string]known{
			"document": {"xai": noDocument}, "embeddings": noVectors},
	}
}
