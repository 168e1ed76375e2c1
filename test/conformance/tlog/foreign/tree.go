package main

import (
	"encoding/base64"
	"fmt"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// tree is a log in memory, by golang.org/x/mod/sumdb/tlog.
type tree struct {
	hashes []tlog.Hash
	size   int64
}

func (t *tree) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	found := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		found[i] = t.hashes[index]
	}
	return found, nil
}

func treeOf(size int64, leaf func(int64) string) (*tree, error) {
	t := &tree{}
	for ; t.size < size; t.size++ {
		more, err := tlog.StoredHashes(t.size, []byte(leaf(t.size)), t)
		if err != nil {
			return nil, err
		}
		t.hashes = append(t.hashes, more...)
	}
	return t, nil
}

// checkpoint is the note of the tree's first leaves, signed.
func (t *tree) checkpoint(origin string, size int64, signers ...note.Signer) ([]byte, error) {
	root, err := tlog.TreeHash(size, t)
	if err != nil {
		return nil, err
	}
	text := fmt.Sprintf("%s\n%d\n%s\n", origin, size, base64.StdEncoding.EncodeToString(root[:]))
	return note.Sign(&note.Note{Text: text}, signers...)
}

func bytesOf(proof []tlog.Hash) [][]byte {
	all := make([][]byte, len(proof))
	for i := range proof {
		all[i] = proof[i][:]
	}
	return all
}

func leafOf(index int64) string { return fmt.Sprintf("leaf %d", index) }
