package analysis

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A whole run pauses between two tries of a remote log, as ingest does.
func TestRunWaitsForRemoteLogs(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "busy", http.StatusServiceUnavailable)
	}))
	defer srv.Close()
	var waits int
	stop := errors.New("waited")
	opt := Options{Data: t.TempDir(), Threads: 1, Wait: func(context.Context, time.Duration) error {
		waits++
		return stop
	}}
	_, err := Run(t.Context(), &Config{Logs: []string{srv.URL + "/a.jsonl"}}, opt)
	if err == nil || waits != 1 {
		t.Errorf("%d waits, %v", waits, err)
	}
}

// Export reads what is intact when it is told to.
func TestExportSkipsDamaged(t *testing.T) {
	dir := t.TempDir()
	data := filepath.Join(dir, "data")
	cfg := &Config{}
	for i, text := range []string{signInLines(1, 3), signInLines(4, 8)} {
		log := filepath.Join(dir, string(rune('a'+i))+".jsonl")
		if err := os.WriteFile(log, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Ingest(t.Context(), cfg, Options{Data: data, Threads: 1}, []string{log}, IngestOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Truncate(filepath.Join(data, "runs", "000001.parquet"), 100); err != nil {
		t.Fatal(err)
	}
	x := ExportOptions{To: filepath.Join(dir, "out.parquet")}
	if _, err := Export(t.Context(), cfg, Options{Data: data}, x); err == nil {
		t.Error("a damaged dataset was exported without a word")
	}
	var warned []string
	res, err := Export(t.Context(), cfg, Options{Data: data, SkipDamaged: true, Warn: func(s string) { warned = append(warned, s) }}, x)
	if err != nil || res.Rows != 5 {
		t.Errorf("%+v, %v", res, err)
	}
	if len(warned) != 1 || !strings.Contains(warned[0], "000001.parquet is damaged and left out") {
		t.Errorf("warnings %q", warned)
	}
}
