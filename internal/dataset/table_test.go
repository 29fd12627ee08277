package dataset

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"frisk/internal/signin"
)

func TestWriteTable(t *testing.T) {
	type row struct {
		Person string    `parquet:"person,dict"`
		At     time.Time `parquet:"at,timestamp(microsecond:local)"`
		Score  *float64  `parquet:"score"`
		Attack bool      `parquet:"attack"`
		Events []string  `parquet:"events,list"`
	}
	half := 0.5
	var rows []row
	for i := range 2000 {
		r := row{Person: []string{"a", "b", ""}[i%3], At: time.UnixMicro(int64(1700000000000000 + i)).UTC(), Attack: i%2 == 0}
		if i%5 == 0 {
			r.Score, r.Events = &half, []string{"x", "y"}
		}
		rows = append(rows, r)
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "findings", "travel.parquet")
	for range 2 { // over an older file
		if err := WriteTable(path, slices.Values(rows)); err != nil {
			t.Fatal(err)
		}
	}
	var got []row
	for r, err := range ReadTable[row](path) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, r)
	}
	if diff := cmp.Diff(rows, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	type narrow struct {
		Person string `parquet:"person"`
		New    int64  `parquet:"new"`
	}
	for r, err := range ReadTable[narrow](path) {
		if err != nil || r.Person != "a" || r.New != 0 {
			t.Errorf("narrow: %+v, %v", r, err)
		}
		break
	}
	again := filepath.Join(dir, "again.parquet")
	if err := WriteTable(again, slices.Values(rows)); err != nil {
		t.Fatal(err)
	}
	a, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(again)
	if err != nil || !bytes.Equal(a, b) {
		t.Errorf("same rows, other bytes (%v)", err)
	}
	if err := WriteTable(filepath.Join(dir, "empty.parquet"), slices.Values([]row(nil))); err != nil {
		t.Fatal(err)
	}
	for r, err := range ReadTable[row](filepath.Join(dir, "empty.parquet")) {
		t.Errorf("row in an empty table: %+v, %v", r, err)
	}
	for _, err := range ReadTable[row](filepath.Join(dir, "missing.parquet")) {
		if err == nil {
			t.Error("no error for a missing table")
		}
	}
	left, err := filepath.Glob(filepath.Join(dir, "*", "*"+tmpExt))
	if err != nil || len(left) > 0 {
		t.Errorf("left %q, %v", left, err)
	}
}

// What RunFiles and TombstoneFile hand to other engines is the dataset.
func TestRunFilesLessTombstones(t *testing.T) {
	events := newGenerator(16, 30).events(400)
	d := create(t)
	ingest(t, d, AppendOptions{BufferRows: 150}, events)
	if d.TombstoneFile() != "" {
		t.Errorf("tombstones in a new dataset: %q", d.TombstoneFile())
	}
	changed := slices.Clone(events[100:120])
	for i := range changed {
		changed[i].Detail = "changed"
	}
	ingest(t, d, AppendOptions{}, changed)

	dead := map[tombstone]bool{}
	for r, err := range ReadTable[tombstone](d.TombstoneFile()) {
		if err != nil {
			t.Fatal(err)
		}
		dead[r] = true
	}
	type narrow struct {
		ID     [16]byte `parquet:"id,uuid,optional"`
		Detail *string  `parquet:"detail"`
	}
	got, was := map[signin.GUID]string{}, int64(0)
	for _, f := range d.RunFiles() {
		n := int64(0)
		for r, err := range ReadTable[narrow](f.Path) {
			if err != nil {
				t.Fatal(err)
			}
			if !dead[tombstone{f.Name, n}] {
				detail := ""
				if r.Detail != nil {
					detail = *r.Detail
				}
				got[r.ID] = detail
			}
			n++
		}
		if n != f.Rows {
			t.Errorf("%s has %d rows, want %d", f.Name, n, f.Rows)
		}
		was += f.Dead
	}
	want := map[signin.GUID]string{}
	for i, e := range events {
		id, _ := signin.ParseGUID(e.ID)
		want[id] = ""
		if i >= 100 && i < 120 {
			want[id] = "changed"
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("ids (-want +got):\n%s", diff)
	}
	if was != 20 {
		t.Errorf("%d dead rows, want 20", was)
	}
}
