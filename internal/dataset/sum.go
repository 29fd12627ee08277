package dataset

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/zeebo/xxh3"
)

// fileSum is the checksum of a file: XXH3, 128 bit, as xxh128sum prints it. A
// file that has just been written is read from memory, at several GB a second.
func fileSum(path string) (string, error) {
	f, err := os.Open(path) //nolint:gosec // inside the dataset folder
	if err != nil {
		return "", err
	}
	defer f.Close() //nolint:errcheck // read only
	h := xxh3.New128()
	if _, err := io.CopyBuffer(h, struct{ io.Reader }{f}, make([]byte, 1<<20)); err != nil {
		return "", err
	}
	return sumText(h.Sum128()), nil
}

// runSums are the checksums of a whole file and of what follows its first foot
// bytes.
func runSums(path string, foot int64) (sum, footSum string, err error) {
	f, err := os.Open(path) //nolint:gosec // inside the dataset folder
	if err != nil {
		return "", "", err
	}
	defer f.Close() //nolint:errcheck // read only
	all, end := xxh3.New128(), xxh3.New128()
	buf := make([]byte, 1<<20)
	if _, err := io.CopyBuffer(all, struct{ io.Reader }{io.LimitReader(f, foot)}, buf); err != nil {
		return "", "", err
	}
	if _, err := io.CopyBuffer(io.MultiWriter(all, end), struct{ io.Reader }{f}, buf); err != nil {
		return "", "", err
	}
	return sumText(all.Sum128()), sumText(end.Sum128()), nil
}

// checkFoot compares the end of a run's file with its checksum.
func (r *Run) checkFoot(f io.ReaderAt, size int64) error {
	if size != r.Bytes {
		return fmt.Errorf("it has %d bytes, the manifest says %d", size, r.Bytes)
	}
	if r.FootSum == "" {
		return nil
	}
	h := xxh3.New128()
	if _, err := io.Copy(h, io.NewSectionReader(f, r.Foot, size-r.Foot)); err != nil {
		return err
	}
	if sumText(h.Sum128()) != r.FootSum {
		return errors.New("the checksum of its footer is not the manifest's")
	}
	return nil
}

func sumText(u xxh3.Uint128) string {
	b := u.Bytes()
	return hex.EncodeToString(b[:])
}

// The manifest carries its own checksum in its first field: that of the whole
// file with zeros in the place of the checksum, so that fields a reader does
// not know count too.
const (
	sumPrefix = "{\n \"sum\": \""
	zeroSum   = "00000000000000000000000000000000"
)

// seal puts the checksum into an encoded manifest whose Sum was zeroSum.
func seal(b []byte) ([]byte, error) {
	if !bytes.HasPrefix(b, []byte(sumPrefix+zeroSum)) {
		return nil, fmt.Errorf("dataset: a manifest does not begin with its checksum")
	}
	out := bytes.Clone(b)
	copy(out[len(sumPrefix):], sumText(xxh3.Hash128(b)))
	return out, nil
}

// sealed reports whether an encoded manifest has the checksum it says. One
// without a checksum, of an older version of the program, passes.
func sealed(b []byte) bool {
	if !bytes.HasPrefix(b, []byte("{\n \"sum\"")) {
		return true
	}
	at := len(sumPrefix)
	if len(b) < at+len(zeroSum) || !bytes.HasPrefix(b, []byte(sumPrefix)) {
		return false
	}
	plain := bytes.Clone(b)
	copy(plain[at:], zeroSum)
	return string(b[at:at+len(zeroSum)]) == sumText(xxh3.Hash128(plain))
}
