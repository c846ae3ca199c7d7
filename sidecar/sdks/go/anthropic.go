package main

import (
	"context"
	"encoding/base64"
	"errors"
	"net/http"

	"github.com/anthropics/anthropic-sdk-go"
	"github.com/anthropics/anthropic-sdk-go/option"
)

var claude = anthropic.NewClient(option.WithBaseURL("http://pillion"), option.WithAPIKey("unused"),
	option.WithHTTPClient(overSocket()))

func claudeStatus(err error) int {
	var failed *anthropic.Error
	if errors.As(err, &failed) {
		return failed.StatusCode
	}
	return 0
}

func claudeRefusal(err error) string {
	if claudeStatus(err) == 400 {
		return err.Error()
	}
	return ""
}

func claudeRaises(status int, err error) {
	check(claudeStatus(err) == status, "no *anthropic.Error of %d: %v", status, err)
}

func messageParams(model string, blocks ...anthropic.ContentBlockParamUnion) anthropic.MessageNewParams {
	return anthropic.MessageNewParams{Model: model, MaxTokens: 2000,
		Messages: []anthropic.MessageParam{anthropic.NewUserMessage(blocks...)}}
}

func messageAsk(model, prompt string) anthropic.MessageNewParams {
	return messageParams(model, anthropic.NewTextBlock(prompt))
}

func messageTool(params anthropic.MessageNewParams) anthropic.MessageNewParams {
	params.Tools = []anthropic.ToolUnionParam{anthropic.ToolUnionParamOfTool(
		anthropic.ToolInputSchemaParam{Properties: citySchema["properties"], Required: []string{"city"}}, tool)}
	return params
}

func messageText(message *anthropic.Message) string {
	text := ""
	for _, block := range message.Content {
		if block.Type == "text" {
			text += block.Text
		}
	}
	return text
}

func toolUses(message *anthropic.Message) []anthropic.ToolUseBlock {
	uses := []anthropic.ToolUseBlock{}
	for _, block := range message.Content {
		if block.Type == "tool_use" {
			uses = append(uses, block.AsToolUse())
		}
	}
	return uses
}

func messageGoOn(params anthropic.MessageNewParams, message *anthropic.Message) {
	results := []anthropic.ContentBlockParamUnion{}
	for _, use := range toolUses(message) {
		results = append(results, anthropic.NewToolResultBlock(use.ID, weather, false))
	}
	params.Messages = append(params.Messages, message.ToParam(), anthropic.NewUserMessage(results...))
	answers(messageText(must(claude.Messages.New(ctx, params))))
}

func accumulatedMessage(params anthropic.MessageNewParams) (*anthropic.Message, string) {
	stream := claude.Messages.NewStreaming(ctx, params)
	message, joined, starts, ends := anthropic.Message{}, "", 0, 0
	for stream.Next() {
		event := stream.Current()
		must(0, message.Accumulate(event))
		switch event.Type {
		case "message_start":
			starts++
		case "message_stop":
			ends++
		case "content_block_delta":
			joined += event.Delta.Text
		}
	}
	must(0, stream.Err())
	check(starts == 1 && ends == 1, "%d starts, %d ends", starts, ends)
	return &message, joined
}

func messagePlain(c cell) {
	var response *http.Response
	params := messageAsk(c.model, question)
	answer := must(claude.Messages.New(ctx, params, option.WithResponseInto(&response)))
	check(response.Header.Get("x-pillion-provider") == c.vendor, "another vendor answered")
	answers(messageText(answer))
	check(answer.StopReason == "end_turn", "it stopped for %s", answer.StopReason)
	check(answer.Usage.InputTokens > 0 && answer.Usage.OutputTokens > 0, "no usage")
	params.Messages = append(params.Messages, answer.ToParam(),
		anthropic.NewUserMessage(anthropic.NewTextBlock("Go on.")))
	answers(messageText(must(claude.Messages.New(ctx, params))))
}

func messageStream(c cell) {
	message, joined := accumulatedMessage(messageAsk(c.model, question))
	answers(joined)
	check(messageText(message) == joined, "the fold is not the deltas")
	check(message.StopReason == "end_turn", "it stopped for %s", message.StopReason)
	check(message.Usage.OutputTokens > 0, "no usage")
}

func messageTools(c cell) {
	params := messageTool(messageAsk(c.model, call))
	answer := must(claude.Messages.New(ctx, params))
	arguments(string(toolUses(answer)[0].Input), "Oslo")
	messageGoOn(params, answer)
	streamed, _ := accumulatedMessage(params)
	arguments(string(toolUses(streamed)[0].Input), "Oslo")
	messageGoOn(params, streamed)
}

func messageParallelTools(c cell) {
	params := messageTool(messageAsk(c.model, callTwice))
	message, _ := accumulatedMessage(params)
	uses := toolUses(message)
	check(len(uses) == 2, "%d calls", len(uses))
	check(uses[0].ID != uses[1].ID, "two calls have one id")
	check(string(uses[0].Input) != string(uses[1].Input), "the same call twice")
	messageGoOn(params, message)
	choose := func(choice anthropic.ToolChoiceUnionParam) int {
		forced := messageTool(messageAsk(forcing(c), callTwice))
		forced.ToolChoice = choice
		return len(toolUses(must(claude.Messages.New(ctx, forced))))
	}
	check(choose(anthropic.ToolChoiceUnionParam{OfNone: &anthropic.ToolChoiceNoneParam{}}) == 0, "none is not heeded")
	check(choose(anthropic.ToolChoiceUnionParam{OfAuto: &anthropic.ToolChoiceAutoParam{}}) == 2, "auto is not heeded")
	check(choose(anthropic.ToolChoiceUnionParam{OfAny: &anthropic.ToolChoiceAnyParam{}}) >= 1, "any is not heeded")
	check(choose(anthropic.ToolChoiceParamOfTool(tool)) >= 1, "a named call was not made")
}

func messageStructured(c cell) {
	params := messageAsk(c.model, naming)
	params.OutputConfig = anthropic.OutputConfigParam{
		Format: anthropic.JSONOutputFormatParam{Schema: townSchema}}
	town(messageText(must(claude.Messages.New(ctx, params))))
}

func messageImage(c cell) {
	params := messageParams(c.model, anthropic.NewTextBlock("What is this?"),
		anthropic.NewImageBlockBase64("image/png", png))
	answers(messageText(must(claude.Messages.New(ctx, params))))
}

func messageDocument(c cell) {
	source := anthropic.Base64PDFSourceParam{Data: base64.StdEncoding.EncodeToString([]byte(pdf))}
	params := messageParams(c.model, anthropic.NewTextBlock("What is this?"), anthropic.NewDocumentBlock(source))
	answers(messageText(must(claude.Messages.New(ctx, params))))
}

func messageThinking(c cell) {
	params := messageTool(messageAsk(c.model, call))
	params.Thinking.OfAdaptive = &anthropic.ThinkingConfigAdaptiveParam{Display: "summarized"}
	params.OutputConfig.Effort = "high"
	message, _ := accumulatedMessage(params)
	thoughts := false
	for _, block := range message.Content {
		thoughts = thoughts || block.Type == "thinking" && block.Thinking != ""
	}
	check(thoughts, "no thoughts are shown")
	messageGoOn(params, message)
}

func messageWebsearch(c cell) {
	params := messageAsk(c.model, searching)
	params.Tools = []anthropic.ToolUnionParam{{OfWebSearchTool20250305: &anthropic.WebSearchTool20250305Param{}}}
	streamed, _ := accumulatedMessage(params)
	for _, message := range []*anthropic.Message{must(claude.Messages.New(ctx, params)), streamed} {
		url := ""
		for _, block := range message.Content {
			for _, citation := range block.Citations {
				url = citation.URL
			}
		}
		check(url != "", "no citation")
	}
}

func messageCount(c cell) {
	count := must(claude.Messages.CountTokens(ctx, anthropic.MessageCountTokensParams{Model: c.model,
		Messages: messageAsk(c.model, question).Messages}))
	check(count.InputTokens > 0, "nothing was counted")
}

func claudeModels(c cell) {
	found := false
	pages := claude.Models.ListAutoPaging(ctx, anthropic.ModelListParams{Limit: anthropic.Int(5)})
	for pages.Next() {
		found = found || pages.Current().ID == models[c.vendor]
	}
	must(0, pages.Err())
	check(found, "the list lacks it")
	check(must(claude.Models.Get(ctx, c.model, anthropic.ModelGetParams{})).Type == "model", "no model")
	_, err := claude.Models.Get(ctx, "no-such-model", anthropic.ModelGetParams{})
	claudeRaises(404, err)
}

func messageErrors(c cell) {
	ask := func(model string, options ...option.RequestOption) error {
		_, err := claude.Messages.New(ctx, messageAsk(model, question), options...)
		return err
	}
	claudeRaises(404, ask("no-such-model"))
	claudeRaises(400, ask(c.model, option.WithJSONSet("temperature", "warm")))
	failsWith(c.vendor, 429, func() { claudeRaises(429, ask(c.model)) })
	failsWith(c.vendor, 503, func() {
		status := claudeStatus(ask(c.model))
		check(status == 503 || status == 529, "status %d", status)
	})
	cut(c.vendor, func() {
		stream := claude.Messages.NewStreaming(ctx, messageAsk(c.model, question))
		for stream.Next() {
		}
		check(stream.Err() != nil, "a cut stream ended as if it were whole")
	})
}

func messageCancel(c cell) {
	cancelled(c.vendor, func(leaving context.Context) {
		stream := claude.Messages.NewStreaming(leaving, messageAsk(c.model, question))
		check(stream.Next(), "nothing came: %v", stream.Err())
	})
}

func anthropicMessages() suite {
	return suite{
		sdk: "anthropic-sdk-go", module: "github.com/anthropics/anthropic-sdk-go", own: "anthropic",
		refusal: claudeRefusal,
		features: map[string]func(cell){
			"chat": messagePlain, "stream": messageStream, "tools": messageTools,
			"parallel_tools": messageParallelTools, "structured": messageStructured,
			"image": messageImage, "document": messageDocument, "thinking": messageThinking,
			"websearch": messageWebsearch, "count_tokens": messageCount, "models": claudeModels,
			"errors": messageErrors, "cancel": messageCancel,
		},
		known: map[string]map[string]known{
			"document": {"xai": noDocument}, "count_tokens": {"xai": noCount}},
	}
}
