package ingest

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"strings"
	"testing"
)

// TestEvtx: an event log file is read like the same events as JSON, and damage to
// it costs only what is damaged. The sample is written by the test of evtxjson.
func TestEvtx(t *testing.T) {
	packed, err := os.ReadFile("evtxjson/testdata/security.evtx.gz")
	if err != nil {
		t.Fatal(err)
	}
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	file, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	want := result(t, "Security.evtx", file, Options{Workers: 1})
	for _, part := range []string{
		`"outcome":"success"`, `"principal_id":"name:corp\\ada"`, `"code":"0xC000006D"`, `"principal_name":"corp\\o'hära <&>\""`,
		`"ip":"2001:db8::7"`, `"session_id":"srv05.corp.example.com:0x1a2b"`, `"time":"2026-03-02T08:00:00.123456Z"`, `"client":"RemoteInteractive"`,
	} {
		if !strings.Contains(want, part) {
			t.Errorf("no %s in\n%s", part, want)
		}
	}
	if strings.Contains(want, "bad:") || strings.Contains(want, "error:") {
		t.Error(want)
	}
	if got := result(t, "Security.evtx", packed, Options{Workers: 3}); got != want {
		t.Errorf("gzipped:\n%s", got)
	}
	file[4096] = 'x' // the first of two chunks
	got := result(t, "Security.evtx", file, Options{Workers: 1})
	if !strings.Contains(got, "2001:db8::7") || strings.Contains(got, "198.51.100.7") || !strings.Contains(got, "chunk 1: damaged") {
		t.Errorf("damaged:\n%s", got)
	}
}
