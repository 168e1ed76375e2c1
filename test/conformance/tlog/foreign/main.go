// Command foreign is the other side of the checks of Symbolon's logs: the code of the Go project and of transparency-dev, put to work on files and
// services of ours. Nothing in it knows Symbolon. See docs/conformance.md.
package main

import (
	"encoding/json"
	"fmt"
	"os"
)

func main() {
	commands := map[string]func() error{
		"keys":    printKeys,
		"vectors": printVectors,
		"check":   checkLog,
		"ask":     askWitness,
		"witness": serveWitness,
	}
	if len(os.Args) != 2 || commands[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "usage: foreign keys | vectors | check | ask | witness")
		os.Exit(64)
	}
	if err := commands[os.Args[1]](); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// readInput reads what the command is to do: JSON on standard input, one value.
func readInput(into any) error {
	decoder := json.NewDecoder(os.Stdin)
	decoder.DisallowUnknownFields()
	return decoder.Decode(into)
}

func printJSON(value any) error {
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetIndent("", " ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(value)
}

// passed tells one check that was made.
func passed(format string, values ...any) {
	fmt.Printf("ok  "+format+"\n", values...)
}
