package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"time"

	fnote "github.com/transparency-dev/formats/note"
	"github.com/transparency-dev/witness/persistence/inmemory"
	"github.com/transparency-dev/witness/witness"
	"golang.org/x/mod/sumdb/note"
)

type logToWatch struct {
	Key string `json:"key"`
}

// serveWitness runs the witness of transparency-dev for one log, on loopback, until standard input ends.
func serveWitness() error {
	var input logToWatch
	if err := readInput(&input); err != nil {
		return err
	}
	keys, err := keysOf()
	if err != nil {
		return err
	}
	verifier, err := note.NewVerifier(input.Key)
	if err != nil {
		return err
	}
	signer, err := fnote.NewSignerForCosignatureV1(keys.WitnessPrivate)
	if err != nil {
		return err
	}
	ctx := context.Background()
	w, err := witness.New(ctx, witness.Opts{
		Persistence: inmemory.New(),
		Signers:     []note.Signer{signer},
		VerifierForLog: func(_ context.Context, origin string) (note.Verifier, bool, error) {
			return verifier, origin == verifier.Name(), nil
		},
	})
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /add-checkpoint", witness.NewHTTPHandler(w).AddCheckpoint)
	server := &http.Server{Handler: mux, ReadHeaderTimeout: time.Second}
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		_ = server.Close()
	}()
	if err := printJSON(map[string]string{"url": "http://" + listener.Addr().String(), "key": keys.Witness}); err != nil {
		return err
	}
	if err := server.Serve(listener); err != http.ErrServerClosed {
		return err
	}
	return nil
}
