// OpenAI's SDK through Pillion: an answer, a stream, and a tool loop. Over the Unix socket, where
// PILLION_SOCKET names one, and else over TCP.
package main

import (
	"context"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
)

func newClient() openai.Client {
	options := []option.RequestOption{option.WithAPIKey("unused")} // the real keys are Pillion's
	if socket := os.Getenv("PILLION_SOCKET"); socket != "" {
		dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "unix", socket)
		}
		options = append(options,
			option.WithBaseURL("http://pillion/v1"), // the host's name is free
			option.WithHTTPClient(&http.Client{Transport: &http.Transport{DialContext: dial}}))
		return openai.NewClient(options...)
	}
	base := os.Getenv("PILLION_URL")
	if base == "" {
		base = "http://127.0.0.1:4141"
	}
	return openai.NewClient(append(options, option.WithBaseURL(base+"/v1"))...)
}

// ask sends one request; a class may stand in place of the model.
func ask(client openai.Client, params openai.ChatCompletionNewParams) openai.ChatCompletionMessage {
	answer, err := client.Chat.Completions.New(context.Background(), params)
	if err != nil {
		log.Fatal(err)
	}
	return answer.Choices[0].Message
}

func user(text string) []openai.ChatCompletionMessageParamUnion {
	return []openai.ChatCompletionMessageParamUnion{openai.UserMessage(text)}
}

func main() {
	client := newClient()
	answer := ask(client, openai.ChatCompletionNewParams{
		Model: "class:fast", Messages: user("What does a sidecar carry?")})
	fmt.Println("chat:", answer.Content)

	// A stream from another vendor, in the same format.
	stream := client.Chat.Completions.NewStreaming(context.Background(), openai.ChatCompletionNewParams{
		Model: "anthropic/claude-sonnet-5-5", Messages: user("Tell me something short.")})
	text := ""
	for stream.Next() {
		for _, choice := range stream.Current().Choices {
			text += choice.Delta.Content
		}
	}
	if err := stream.Err(); err != nil {
		log.Fatal(err)
	}
	fmt.Println("stream:", text)

	// A tool loop: answer each call until there are no more.
	params := openai.ChatCompletionNewParams{
		Model:    "class:balanced",
		Messages: user("call get_weather for the city of Oslo"),
		Tools: []openai.ChatCompletionToolUnionParam{
			openai.ChatCompletionFunctionTool(openai.FunctionDefinitionParam{
				Name: "get_weather",
				Parameters: openai.FunctionParameters{
					"type":       "object",
					"properties": map[string]any{"city": map[string]string{"type": "string"}},
				},
			}),
		},
	}
	message := ask(client, params)
	for turn := 0; turn < 5 && len(message.ToolCalls) > 0; turn++ {
		params.Messages = append(params.Messages, message.ToParam())
		for _, call := range message.ToolCalls {
			fmt.Println("tool call:", call.Function.Name, call.Function.Arguments)
			params.Messages = append(params.Messages, openai.ToolMessage("4 °C, light rain", call.ID))
		}
		message = ask(client, params)
	}
	fmt.Println("tool answer:", message.Content)
}
