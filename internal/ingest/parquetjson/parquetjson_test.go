package parquetjson_test

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"frisk/internal/ingest/parquetjson"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/parquet-go/parquet-go"
)

type endpoint struct {
	IP   string `parquet:"ip"`
	Port *int32 `parquet:"port,optional"`
}

type row struct {
	Time     int64             `parquet:"time"`
	Stamp    time.Time         `parquet:"stamp,timestamp(microsecond)"`
	Day      int32             `parquet:"day,date"`
	ID       uuid.UUID         `parquet:"id,uuid"`
	Name     *string           `parquet:"name,optional"`
	OK       bool              `parquet:"ok"`
	Score    float64           `parquet:"score"`
	Src      *endpoint         `parquet:"src_endpoint,optional"`
	Factors  []endpoint        `parquet:"factors,list"`
	Tags     []string          `parquet:"tags,list"`
	Unmapped map[string]string `parquet:"unmapped"`
}

func write(t testing.TB, rows ...row) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := parquet.Write(&b, rows); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func sample() []row {
	name, port := `A "b"`, int32(443)
	at := time.Date(2026, 3, 2, 8, 0, 0, 250_000, time.UTC)
	id := uuid.MustParse("22608a25-1d9b-44b5-b0f2-cb94f06b2d00")
	return []row{
		{
			Time: 9007199254740993, Stamp: at, Day: 20514, ID: id, Name: &name, OK: true, Score: 0.5,
			Src: &endpoint{"192.0.2.1", &port}, Factors: []endpoint{{IP: "a"}, {"b", &port}}, Tags: []string{"x", "y"},
			Unmapped: map[string]string{"k2": "v", "k1": "w"},
		},
		{Time: 1, Stamp: at, ID: id},
	}
}

const want = `{"time":9007199254740993,"stamp":"2026-03-02T08:00:00.00025Z","day":"2026-03-02","id":"22608a25-1d9b-44b5-b0f2-cb94f06b2d00","name":"A \"b\"","ok":true,"score":0.5,"src_endpoint":{"ip":"192.0.2.1","port":443},"factors":[{"ip":"a","port":null},{"ip":"b","port":443}],"tags":["x","y"],"unmapped":{"k1":"w","k2":"v"}}
{"time":1,"stamp":"2026-03-02T08:00:00.00025Z","day":"1970-01-01","id":"22608a25-1d9b-44b5-b0f2-cb94f06b2d00","name":null,"ok":false,"score":0,"src_endpoint":null,"factors":[],"tags":[],"unmapped":{}}
`

func TestReader(t *testing.T) {
	data := write(t, sample()...)
	r, err := parquetjson.Open(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if r.Rows() != 2 || r.Close() != nil {
		t.Error("rows or close")
	}
}

// TestDamaged cuts and flips: an error or fewer rows, never a panic.
func TestDamaged(t *testing.T) {
	data := write(t, sample()...)
	read := func(b []byte) (int, error) {
		r, err := parquetjson.Open(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			return 0, err
		}
		got, err := io.ReadAll(r)
		_ = r.Close()
		return strings.Count(string(got), "\n"), err
	}
	for n := 0; n < len(data); n += 7 {
		if _, err := read(data[:n]); err == nil {
			t.Errorf("cut to %d bytes: no error", n)
		}
	}
	if raceEnabled {
		t.Skip("damaged values end a process under the race detector")
	}
	for i := range data {
		b := bytes.Clone(data)
		b[i] ^= 0x55
		_, _ = read(b)
	}
}

// FuzzReader: any bytes give rows or an error.
func FuzzReader(f *testing.F) {
	f.Add(write(f, sample()...))
	f.Fuzz(func(_ *testing.T, data []byte) {
		r, err := parquetjson.Open(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			return
		}
		_, _ = io.Copy(io.Discard, io.LimitReader(r, 1<<20))
		_ = r.Close()
	})
}

func TestFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.parquet")
	if err := os.WriteFile(path, write(t, sample()...), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	r, err := parquetjson.Open(f, info.Size())
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(r); err != nil || string(got) != want {
		t.Errorf("%v\n%s", err, got)
	}
}
