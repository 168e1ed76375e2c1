package main

import (
	fnote "github.com/transparency-dev/formats/note"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type rootVector struct {
	Size int64  `json:"size"`
	Root []byte `json:"root"`
}

type inclusionVector struct {
	Index int64    `json:"index"`
	Size  int64    `json:"size"`
	Proof [][]byte `json:"proof"`
}

type consistencyVector struct {
	Old   int64    `json:"old"`
	Size  int64    `json:"size"`
	Proof [][]byte `json:"proof"`
}

type vectors struct {
	Log     string `json:"log"`
	Witness string `json:"witness"`
	// Signed by the log, and by the log and the witness.
	Notes       []string            `json:"notes"`
	Cosigned    []string            `json:"cosigned"`
	Roots       []rootVector        `json:"roots"`
	Inclusion   []inclusionVector   `json:"inclusion"`
	Consistency []consistencyVector `json:"consistency"`
}

var sizes = []int64{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100, 127, 128, 129, 255, 256, 257, 300, 511, 512, 513, 767, 768, 769, 999, 1000}

// printVectors prints roots, proofs and signed notes of a log whose leaves are "leaf 0", "leaf 1" and so on.
func printVectors() error {
	t, err := treeOf(1000, leafOf)
	if err != nil {
		return err
	}
	keys, err := keysOf()
	if err != nil {
		return err
	}
	logSigner, err := note.NewSigner(keys.LogPrivate)
	if err != nil {
		return err
	}
	witnessSigner, err := fnote.NewSignerForCosignatureV1(keys.WitnessPrivate)
	if err != nil {
		return err
	}
	out := vectors{Log: keys.Log, Witness: keys.Witness}
	for i, size := range sizes {
		root, err := tlog.TreeHash(size, t)
		if err != nil {
			return err
		}
		out.Roots = append(out.Roots, rootVector{size, root[:]})
		if i%6 == 0 {
			signed, err := t.checkpoint(logName, size, logSigner)
			if err != nil {
				return err
			}
			cosigned, err := t.checkpoint(logName, size, logSigner, witnessSigner)
			if err != nil {
				return err
			}
			out.Notes, out.Cosigned = append(out.Notes, string(signed)), append(out.Cosigned, string(cosigned))
		}
		for _, index := range []int64{0, size / 3, size - 2, size - 1} {
			if index < 0 || index >= size {
				continue
			}
			proof, err := tlog.ProveRecord(size, index, t)
			if err != nil {
				return err
			}
			out.Inclusion = append(out.Inclusion, inclusionVector{index, size, bytesOf(proof)})
		}
		for _, old := range []int64{1, size / 2, size - 1, size} {
			if old < 1 || old > size {
				continue
			}
			proof, err := tlog.ProveTree(size, old, t)
			if err != nil {
				return err
			}
			out.Consistency = append(out.Consistency, consistencyVector{old, size, bytesOf(proof)})
		}
	}
	return printJSON(out)
}
