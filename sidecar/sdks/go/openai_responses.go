package main

import (
	"context"
	"encoding/base64"
	"net/http"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	"github.com/openai/openai-go/v3/responses"
	"github.com/openai/openai-go/v3/shared"
)

var responding = &openaiClient.Responses

func responseParams(model string, input ...responses.ResponseInputItemUnionParam) responses.ResponseNewParams {
	return responses.ResponseNewParams{Model: model,
		Input: responses.ResponseNewParamsInputUnion{OfInputItemList: input}}
}

func userInput(parts ...responses.ResponseInputContentUnionParam) responses.ResponseInputItemUnionParam {
	return responses.ResponseInputItemParamOfMessage(
		responses.ResponseInputMessageContentListParam(parts), responses.EasyInputMessageRoleUser)
}

func inputText(text string) responses.ResponseInputContentUnionParam {
	return responses.ResponseInputContentParamOfInputText(text)
}

func responseAsk(model, prompt string) responses.ResponseNewParams {
	return responseParams(model, userInput(inputText(prompt)))
}

func responseTool(params responses.ResponseNewParams) responses.ResponseNewParams {
	params.Tools = []responses.ToolUnionParam{responses.ToolParamOfFunction(tool, citySchema, true)}
	return params
}

// asInput gives an answer's items back as they came, ids included.
func asInput(answer *responses.Response) []responses.ResponseInputItemUnionParam {
	items := []responses.ResponseInputItemUnionParam{}
	for _, item := range answer.Output {
		var again responses.ResponseInputItemUnionParam
		switch item := item.AsAny().(type) {
		case responses.ResponseOutputMessage:
			message := item.ToParam()
			again.OfOutputMessage = &message
		case responses.ResponseReasoningItem:
			reasoning := item.ToParam()
			again.OfReasoning = &reasoning
		case responses.ResponseFunctionToolCall:
			called := item.ToParam()
			again.OfFunctionCall = &called
		default:
			fail("an item that nobody asked for: %T", item)
		}
		items = append(items, again)
	}
	return items
}

func functionCalls(answer *responses.Response) []responses.ResponseFunctionToolCall {
	calls := []responses.ResponseFunctionToolCall{}
	for _, item := range answer.Output {
		if item.Type == "function_call" {
			calls = append(calls, item.AsFunctionCall())
		}
	}
	return calls
}

func responseGoOn(params responses.ResponseNewParams, answer *responses.Response) {
	input := append(params.Input.OfInputItemList, asInput(answer)...)
	for _, called := range functionCalls(answer) {
		result := responses.ResponseInputItemParamOfFunctionCallOutput(weather)
		result.OfFunctionCallOutput.CallID = openai.String(called.CallID)
		input = append(input, result)
	}
	params.Input.OfInputItemList = input
	answers(must(responding.New(ctx, params)).OutputText())
}

// finished reads a stream to its end: the whole response, and its deltas joined.
func finished(params responses.ResponseNewParams) (*responses.Response, string) {
	stream := responding.NewStreaming(ctx, params)
	var whole *responses.Response
	joined, created := "", 0
	for stream.Next() {
		switch event := stream.Current().AsAny().(type) {
		case responses.ResponseCreatedEvent:
			created++
		case responses.ResponseTextDeltaEvent:
			joined += event.Delta
		case responses.ResponseCompletedEvent:
			whole = &event.Response
		}
	}
	must(0, stream.Err())
	check(created == 1 && whole != nil, "%d starts, end %v", created, whole != nil)
	return whole, joined
}

func responsePlain(c cell) {
	var response *http.Response
	params := responseAsk(c.model, question)
	answer := must(responding.New(ctx, params, option.WithResponseInto(&response)))
	check(response.Header.Get("x-pillion-provider") == c.vendor, "another vendor answered")
	answers(answer.OutputText())
	check(answer.Status == "completed", "status %s", answer.Status)
	check(answer.Usage.InputTokens > 0 && answer.Usage.OutputTokens > 0, "no usage")
	params.Input.OfInputItemList = append(append(params.Input.OfInputItemList, asInput(answer)...),
		userInput(inputText("Go on.")))
	answers(must(responding.New(ctx, params)).OutputText())
}

func responseStream(c cell) {
	whole, joined := finished(responseAsk(c.model, question))
	answers(joined)
	check(whole.OutputText() == joined, "the fold is not the deltas")
	check(whole.Usage.OutputTokens > 0, "no usage")
}

func responseTools(c cell) {
	params := responseTool(responseAsk(c.model, call))
	answer := must(responding.New(ctx, params))
	arguments(functionCalls(answer)[0].Arguments, "Oslo")
	responseGoOn(params, answer)
	whole, _ := finished(params)
	arguments(functionCalls(whole)[0].Arguments, "Oslo")
	responseGoOn(params, whole)
}

func responseParallelTools(c cell) {
	params := responseTool(responseAsk(c.model, callTwice))
	whole, _ := finished(params)
	calls := functionCalls(whole)
	check(len(calls) == 2, "%d calls", len(calls))
	check(calls[0].CallID != calls[1].CallID, "two calls have one id")
	check(calls[0].Arguments != calls[1].Arguments, "the same call twice")
	responseGoOn(params, whole)
	choose := func(word responses.ToolChoiceOptions) int {
		forced := responseTool(responseAsk(forcing(c), callTwice))
		forced.ToolChoice.OfToolChoiceMode = openai.Opt(word)
		if word == tool {
			forced.ToolChoice = responses.ResponseNewParamsToolChoiceUnion{
				OfFunctionTool: &responses.ToolChoiceFunctionParam{Name: tool}}
		}
		return len(functionCalls(must(responding.New(ctx, forced))))
	}
	check(choose("none") == 0 && choose("auto") == 2, "none or auto is not heeded")
	check(choose("required") >= 1 && choose(tool) >= 1, "a forced call was not made")
}

func responseStructured(c cell) {
	params := responseAsk(c.model, naming)
	params.Text.Format.OfJSONSchema = &responses.ResponseFormatTextJSONSchemaConfigParam{
		Name: "town", Schema: townSchema, Strict: openai.Bool(true)}
	town(must(responding.New(ctx, params)).OutputText())
}

func responseImage(c cell) {
	picture := responses.ResponseInputContentUnionParam{OfInputImage: &responses.ResponseInputImageParam{
		Detail: "auto", ImageURL: openai.String("data:image/png;base64," + png)}}
	answers(must(responding.New(ctx, responseParams(c.model,
		userInput(inputText("What is this?"), picture)))).OutputText())
}

func responseDocument(c cell) {
	data := base64.StdEncoding.EncodeToString([]byte(pdf))
	file := responses.ResponseInputContentUnionParam{OfInputFile: &responses.ResponseInputFileParam{
		Filename: openai.String("a.pdf"), FileData: openai.String("data:application/pdf;base64," + data)}}
	answers(must(responding.New(ctx, responseParams(c.model,
		userInput(inputText("What is this?"), file)))).OutputText())
}

func responseThinking(c cell) {
	params := responseTool(responseAsk(c.model, call))
	params.Reasoning = shared.ReasoningParam{Effort: shared.ReasoningEffortHigh, Summary: "auto"}
	params.Include = []responses.ResponseIncludable{"reasoning.encrypted_content"}
	params.Store = openai.Bool(false)
	whole, _ := finished(params)
	thoughts := false
	for _, item := range whole.Output {
		thoughts = thoughts || item.Type == "reasoning" && len(item.AsReasoning().Summary) > 0
	}
	check(thoughts, "no thoughts are shown")
	responseGoOn(params, whole)
}

func responseWebsearch(c cell) {
	params := responseAsk(c.model, searching)
	params.Tools = []responses.ToolUnionParam{responses.ToolParamOfWebSearch("web_search")}
	whole, _ := finished(params)
	for _, answer := range []*responses.Response{must(responding.New(ctx, params)), whole} {
		url := ""
		for _, item := range answer.Output {
			for _, part := range item.Content {
				for _, annotation := range part.Annotations {
					url = annotation.URL
				}
			}
		}
		check(url != "", "no citation")
	}
}

func responseCount(c cell) {
	count := must(responding.InputTokens.Count(ctx, responses.InputTokenCountParams{Model: openai.String(c.model),
		Input: responses.InputTokenCountParamsInputUnion{OfString: openai.String(question)}}))
	check(count.InputTokens > 0, "nothing was counted")
}

func responseErrors(c cell) {
	ask := func(model string, options ...option.RequestOption) error {
		_, err := responding.New(ctx, responseAsk(model, question), options...)
		return err
	}
	openaiRaises(404, ask("no-such-model"))
	openaiRaises(400, ask(c.model, option.WithJSONSet("temperature", "warm")))
	failsWith(c.vendor, 429, func() { openaiRaises(429, ask(c.model)) })
	failsWith(c.vendor, 503, func() { openaiRaises(503, ask(c.model)) })
	cut(c.vendor, func() {
		stream := responding.NewStreaming(ctx, responseAsk(c.model, question))
		whole := false
		for stream.Next() {
			whole = whole || stream.Current().Type == "response.completed"
		}
		check(stream.Err() != nil && !whole, "a cut stream ended as if it were whole")
	})
}

func responseCancel(c cell) {
	cancelled(c.vendor, func(leaving context.Context) {
		stream := responding.NewStreaming(leaving, responseAsk(c.model, question))
		check(stream.Next(), "nothing came: %v", stream.Err())
	})
}

func openaiResponses() suite {
	return suite{
		sdk: "openai-go", module: openaiModule, api: "responses", own: "openai", refusal: openaiRefusal,
		features: map[string]func(cell){
			"chat": responsePlain, "stream": responseStream, "tools": responseTools,
			"parallel_tools": responseParallelTools, "structured": responseStructured,
			"image": responseImage, "document": responseDocument, "thinking": responseThinking,
			"websearch": responseWebsearch, "count_tokens": responseCount, "errors": responseErrors,
			"cancel": responseCancel,
		},
		known: map[string]map[string]known{
			"document": {"xai": noDocument}, "count_tokens": {"xai": noCount}},
	}
}
