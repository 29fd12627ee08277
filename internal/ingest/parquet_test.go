package ingest

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go"
)

type lakeUser struct {
	UID  *string `parquet:"uid,optional"`
	Name *string `parquet:"name,optional"`
}

type lakeRow struct {
	Class    int32 `parquet:"class_uid"`
	Activity int32 `parquet:"activity_id"`
	Time     int64 `parquet:"time"`
	Status   int32 `parquet:"status_id"`
	MFA      *bool `parquet:"is_mfa,optional"`
	Metadata struct {
		UID string `parquet:"uid"`
	} `parquet:"metadata"`
	User *lakeUser `parquet:"user,optional"`
	Src  struct {
		IP string `parquet:"ip"`
	} `parquet:"src_endpoint"`
	Unmapped map[string]string `parquet:"unmapped"`
}

// TestParquetOfOthers: an OCSF table as Parquet gives the events of its JSON,
// from a file, from a stream and compressed as a whole; a damaged one is the
// file's error.
func TestParquetOfOthers(t *testing.T) {
	name, yes := "ada@example.com", true
	rows := make([]lakeRow, 3)
	for i := range rows {
		r := &rows[i]
		r.Class, r.Activity, r.Time, r.Status, r.MFA, r.User = 3002, 1, 1772438400250+int64(i), 1, &yes, &lakeUser{Name: &name}
		r.Metadata.UID, r.Src.IP = "e-"+string(rune('1'+i)), "192.0.2.7"
	}
	rows[2].Class = 3001
	var b bytes.Buffer
	if err := parquet.Write(&b, rows); err != nil {
		t.Fatal(err)
	}
	const want = `{"time":"2026-03-02T08:00:00.25Z","id":"e-1","stream":"interactive","outcome":"success","mfa_state":"done","provider":"ocsf","principal_id":"name:ada@example.com","principal_name":"ada@example.com","ip":"192.0.2.7","raw_file":"FILE","raw_line":1}
{"time":"2026-03-02T08:00:00.251Z","id":"e-2","stream":"interactive","outcome":"success","mfa_state":"done","provider":"ocsf","principal_id":"name:ada@example.com","principal_name":"ada@example.com","ip":"192.0.2.7","raw_file":"FILE","raw_line":2}
not a sign-in: 1 class 3001
`
	check := func(name, got string) {
		t.Helper()
		if diff := cmp.Diff(strings.ReplaceAll(want, "FILE", name), got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	check("lake.parquet", result(t, "lake.parquet", b.Bytes(), Options{Workers: 2}))
	z, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	check("lake.zst", result(t, "lake.zst", z.EncodeAll(b.Bytes(), nil), Options{Workers: 2}))

	path := filepath.Join(t.TempDir(), "x")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	a := collect(t, []Source{FileSource(path, int64(b.Len()))}, Options{})[path]
	if a.Err != nil || a.Events != 2 || a.Format != "ocsf" {
		t.Errorf("from a file: %+v", a)
	}
	cutShort := collect(t, []Source{ReaderSource("cut", bytes.NewReader(b.Bytes()[:b.Len()/2]))}, Options{})["cut"]
	if cutShort.Err == nil || !strings.Contains(cutShort.Err.Error(), "parquet") {
		t.Errorf("a damaged file: %v", cutShort.Err)
	}
}
