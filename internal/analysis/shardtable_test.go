package analysis

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"frisk/internal/dataset"
	"frisk/internal/signin"

	"github.com/google/go-cmp/cmp"
)

type numberRow struct {
	N int64 `parquet:"n"`
}

func numberTable(t *testing.T) *shardTable[int, numberRow] {
	t.Helper()
	return newShardTable(filepath.Join(t.TempDir(), "numbers.parquet"), func(n int) numberRow { return numberRow{int64(n)} })
}

// TestShardTableOrder: shards that end in any order give one file.
func TestShardTableOrder(t *testing.T) {
	var want []int64
	for s := range signin.Shards {
		want = append(want, int64(s)*10, int64(s)*10+1)
	}
	for _, step := range []int{1, 63, 27} { // each prime to 64: every shard once
		tab := numberTable(t)
		for i := range signin.Shards {
			s := (5 + i*step) % signin.Shards
			tab.add(s, append(tab.buffer(), s*10, s*10+1))
		}
		if err := tab.close(nil); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(tab.path); err == nil {
			t.Error("the table is in place before commit")
		}
		if err := tab.commit(); err != nil {
			t.Fatal(err)
		}
		var got []int64
		for r, err := range dataset.ReadTable[numberRow](tab.path) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, r.N)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("step %d: %s", step, diff)
		}
	}
}

// TestShardTableFails: after an error there is no file, and adding never hangs.
func TestShardTableFails(t *testing.T) {
	tab := numberTable(t)
	tab.add(0, []int{1})
	cause := errors.New("a worker failed")
	if err := tab.close(cause); !errors.Is(err, cause) {
		t.Errorf("close: %v", err)
	}
	if _, err := os.Stat(tab.next()); err == nil {
		t.Error("a part of the table is left")
	}

	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	tab = newShardTable(filepath.Join(file, "numbers.parquet"), func(n int) numberRow { return numberRow{int64(n)} })
	for s := range signin.Shards {
		tab.add(s, []int{s})
	}
	if err := tab.close(nil); err == nil {
		t.Error("a table in a folder that is a file was written")
	}
}
