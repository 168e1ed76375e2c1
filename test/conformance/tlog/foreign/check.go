package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/transparency-dev/formats/log"
	fnote "github.com/transparency-dev/formats/note"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type logToCheck struct {
	URL       string   `json:"url"`
	Key       string   `json:"key"`
	Witnesses []string `json:"witnesses"`
	// Proofs that the log's own code made, in the tree of the checkpoint.
	Inclusion []struct {
		Index    int64    `json:"index"`
		LeafHash []byte   `json:"leafHash"`
		Proof    [][]byte `json:"proof"`
	} `json:"inclusion"`
	Consistency []struct {
		Old   int64    `json:"old"`
		Root  []byte   `json:"root"`
		Proof [][]byte `json:"proof"`
	} `json:"consistency"`
}

// checkLog reads a log over HTTP: its newest checkpoint by note.Open, its tiles by tlog.TileHashReader, and proofs of its own code by tlog.CheckRecord and
// tlog.CheckTree. Proofs that tlog makes from the tiles must be the same.
func checkLog() error {
	var input logToCheck
	if err := readInput(&input); err != nil {
		return err
	}
	verifier, err := note.NewVerifier(input.Key)
	if err != nil {
		return err
	}
	verifiers := []note.Verifier{verifier}
	for _, key := range input.Witnesses {
		witness, err := fnote.NewVerifierForCosignatureV1(key)
		if err != nil {
			return err
		}
		verifiers = append(verifiers, witness)
	}
	raw, err := get(input.URL + "/checkpoint")
	if err != nil {
		return err
	}
	opened, err := note.Open(raw, note.VerifierList(verifiers...))
	if err != nil {
		return err
	}
	if len(opened.Sigs) != len(verifiers) || len(opened.UnverifiedSigs) != 0 {
		return fmt.Errorf("%d of %d signatures verified", len(opened.Sigs), len(verifiers))
	}
	passed("note.Open: the log's signature and %d cosignatures", len(input.Witnesses))
	checkpoint, _, _, err := log.ParseCheckpoint(raw, verifier.Name(), verifier)
	if err != nil {
		return err
	}
	passed("log.ParseCheckpoint: %d leaves", checkpoint.Size)
	root := tlog.Hash(checkpoint.Hash)
	size := int64(checkpoint.Size)
	tiles := tlog.TileHashReader(tlog.Tree{N: size, Hash: root}, &tileReader{input.URL})
	for _, each := range input.Inclusion {
		proof, err := hashesOf(each.Proof)
		if err != nil {
			return err
		}
		if err := tlog.CheckRecord(proof, size, root, each.Index, tlog.Hash(each.LeafHash)); err != nil {
			return err
		}
		theirs, err := tlog.ProveRecord(size, each.Index, tiles)
		if err != nil {
			return err
		}
		if !same(theirs, proof) {
			return fmt.Errorf("another inclusion proof for leaf %d", each.Index)
		}
	}
	passed("tlog.CheckRecord: %d inclusion proofs, each the same as tlog.ProveRecord makes from the tiles", len(input.Inclusion))
	for _, each := range input.Consistency {
		proof, err := hashesOf(each.Proof)
		if err != nil {
			return err
		}
		if err := tlog.CheckTree(proof, size, root, each.Old, tlog.Hash(each.Root)); err != nil {
			return err
		}
		theirs, err := tlog.ProveTree(size, each.Old, tiles)
		if err != nil {
			return err
		}
		if !same(theirs, proof) {
			return fmt.Errorf("another consistency proof from %d leaves", each.Old)
		}
	}
	passed("tlog.CheckTree: %d consistency proofs, each the same as tlog.ProveTree makes from the tiles", len(input.Consistency))
	return nil
}

func hashesOf(proof [][]byte) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(proof))
	for i, each := range proof {
		if len(each) != tlog.HashSize {
			return nil, fmt.Errorf("a hash of %d bytes", len(each))
		}
		hashes[i] = tlog.Hash(each)
	}
	return hashes, nil
}

func same(a, b []tlog.Hash) bool {
	return bytes.Equal(bytes.Join(bytesOf(a), nil), bytes.Join(bytesOf(b), nil))
}

// tileReader reads the layout of C2SP tlog-tiles, whose paths do not name the height.
type tileReader struct{ url string }

func (r *tileReader) Height() int                         { return 8 }
func (r *tileReader) SaveTiles(_ []tlog.Tile, _ [][]byte) {}
func (r *tileReader) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	all := make([][]byte, len(tiles))
	for i, tile := range tiles {
		found, err := get(r.url + "/" + strings.Replace(tile.Path(), "tile/8/", "tile/", 1))
		if err != nil {
			return nil, err
		}
		all[i] = found
	}
	return all, nil
}

func get(url string) ([]byte, error) {
	request, err := http.NewRequestWithContext(context.Background(), http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("GET %s: %d", url, response.StatusCode)
	}
	return io.ReadAll(response.Body)
}
