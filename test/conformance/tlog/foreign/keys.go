package main

import (
	"crypto/sha256"
	"io"

	fnote "github.com/transparency-dev/formats/note"
	"golang.org/x/mod/sumdb/note"
)

const (
	logName     = "foreign.example/log"
	tesseraName = "foreign.example/tessera"
	witnessName = "foreign.example/witness"
)

// Keys are made from fixed seeds: they are for tests, and anyone can make them.
type foreignKeys struct {
	LogPrivate     string `json:"logPrivate"`
	Log            string `json:"log"`
	TesseraPrivate string `json:"tesseraPrivate"`
	Tessera        string `json:"tessera"`
	WitnessPrivate string `json:"-"`
	// As a witness's: of type 0x04.
	Witness string `json:"witness"`
}

func keysOf() (foreignKeys, error) {
	logPrivate, log, err := note.GenerateKey(seeded("log"), logName)
	if err != nil {
		return foreignKeys{}, err
	}
	tesseraPrivate, tessera, err := note.GenerateKey(seeded("tessera"), tesseraName)
	if err != nil {
		return foreignKeys{}, err
	}
	witnessPrivate, plain, err := note.GenerateKey(seeded("witness"), witnessName)
	if err != nil {
		return foreignKeys{}, err
	}
	witness, err := fnote.VKeyToCosignatureV1(plain)
	return foreignKeys{logPrivate, log, tesseraPrivate, tessera, witnessPrivate, witness}, err
}

func printKeys() error {
	keys, err := keysOf()
	if err != nil {
		return err
	}
	return printJSON(keys)
}

type seededReader struct {
	state [32]byte
	rest  []byte
}

func seeded(seed string) io.Reader {
	return &seededReader{state: sha256.Sum256([]byte("foreign test key " + seed))}
}

func (r *seededReader) Read(into []byte) (int, error) {
	if len(r.rest) == 0 {
		r.rest = append(r.rest, r.state[:]...)
		r.state = sha256.Sum256(r.state[:])
	}
	n := copy(into, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}
