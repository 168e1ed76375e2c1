package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	fnote "github.com/transparency-dev/formats/note"
	client "github.com/transparency-dev/witness/client/http"
	"github.com/transparency-dev/witness/witness"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type witnessToAsk struct {
	URL string `json:"url"`
	Key string `json:"key"`
}

// askWitness is a log that asks a witness, by the client of transparency-dev/witness: what it must cosign, and everything that it must refuse. The witness
// knows the log by its key (see the command "keys"), and has seen nothing of it.
func askWitness() error {
	var input witnessToAsk
	if err := readInput(&input); err != nil {
		return err
	}
	keys, err := keysOf()
	if err != nil {
		return err
	}
	signer, err := note.NewSigner(keys.LogPrivate)
	if err != nil {
		return err
	}
	verifier, err := fnote.NewVerifierForCosignatureV1(input.Key)
	if err != nil {
		return err
	}
	where, err := url.Parse(input.URL)
	if err != nil {
		return err
	}
	log, err := treeOf(5000, leafOf)
	if err != nil {
		return err
	}
	other, err := treeOf(5000, func(i int64) string { return "other " + leafOf(i) })
	if err != nil {
		return err
	}
	asked := &asker{client.NewWitness(where, http.DefaultClient), verifier}
	for _, step := range []struct {
		old, size, from int64
		tree            *tree
		origin          string
		signer          note.Signer
		refusal         error
		theirs          uint64
	}{
		{old: 0, size: 3, tree: log},
		{old: 0, size: 700, tree: log, refusal: witness.ErrCheckpointStale, theirs: 3},
		{old: 3, size: 700, from: 3, tree: log},
		{old: 700, size: 700, tree: log},
		{old: 700, size: 700, tree: other, refusal: witness.ErrInvalidProof},
		{old: 700, size: 900, from: 700, tree: other, refusal: witness.ErrInvalidProof},
		{old: 700, size: 900, from: 699, tree: log, refusal: witness.ErrInvalidProof},
		{old: 900, size: 700, tree: log, refusal: witness.ErrOldSizeInvalid},
		{old: 0, size: 700, tree: log, origin: "foreign.example/unknown", refusal: witness.ErrUnknownLog},
		{old: 700, size: 900, from: 700, tree: log, signer: &forger{signer}, refusal: witness.ErrNoValidSignature},
		{old: 700, size: 5000, from: 700, tree: log},
	} {
		if step.origin == "" {
			step.origin = logName
		}
		if step.signer == nil {
			step.signer = signer
		}
		checkpoint, err := step.tree.checkpoint(step.origin, step.size, step.signer)
		if err != nil {
			return err
		}
		var proof []tlog.Hash
		if step.from > 0 {
			if proof, err = tlog.ProveTree(step.size, step.from, step.tree); err != nil {
				return err
			}
		}
		if err := asked.once(step.old, checkpoint, bytesOf(proof), step.refusal, step.theirs); err != nil {
			return fmt.Errorf("from %d to %d: %w", step.old, step.size, err)
		}
	}
	return nil
}

type asker struct {
	witness  client.Witness
	verifier note.Verifier
}

func (a *asker) once(old int64, checkpoint []byte, proof [][]byte, refusal error, theirs uint64) error {
	lines, size, err := a.witness.Update(context.Background(), uint64(old), checkpoint, proof)
	if refusal != nil {
		if !errors.Is(err, refusal) || size != theirs {
			return fmt.Errorf("must be refused as %q with size %d, not %v with %d", refusal, theirs, err, size)
		}
		passed("witness refuses: %v", refusal)
		return nil
	}
	if err != nil {
		return err
	}
	opened, err := note.Open(append(checkpoint, lines...), note.VerifierList(a.verifier))
	if err != nil {
		return err
	}
	at, err := fnote.CoSigV1Timestamp(opened.Sigs[0])
	if err != nil {
		return err
	}
	if age := time.Since(at); age < -time.Minute || age > time.Minute {
		return fmt.Errorf("cosigned at %v", at)
	}
	passed("witness cosigns from %d", old)
	return nil
}

// forger signs something else.
type forger struct{ note.Signer }

func (f *forger) Sign(text []byte) ([]byte, error) { return f.Signer.Sign(append(text, '\n')) }
