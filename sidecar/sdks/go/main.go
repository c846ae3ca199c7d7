// The suites of Go's SDKs against Pillion: each feature with models of all four vendors.
package main

import "os"

func main() {
	failed := runAll([]suite{openaiChat(), openaiResponses(), anthropicMessages(), googleGenai()})
	if failed > 0 {
		os.Exit(1)
	}
}
