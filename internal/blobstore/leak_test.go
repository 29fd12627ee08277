package blobstore

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What a URL carries, in its query or before its @, does not travel to the host
// that a redirect leads to.
func TestRedirectKeepsSecretsHome(t *testing.T) {
	var leaked string
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for name, values := range r.Header {
			if text := strings.Join(values, " "); strings.Contains(text, "TopSecret") || name == "Authorization" || name == "Referer" {
				leaked += name + ": " + text + "\n"
			}
		}
		_, _ = w.Write([]byte("x"))
	}))
	defer other.Close()
	first := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, strings.Replace(other.URL, "127.0.0.1", "localhost", 1)+"/b.jsonl", http.StatusFound)
	}))
	defer first.Close()
	s := New(Options{})
	defer s.Close()
	url := strings.Replace(first.URL, "http://", "http://ann:TopSecret@", 1) + "/a.jsonl?sig=TopSecret"
	if b, err := get(t.Context(), s, url); err != nil || string(b) != "x" {
		t.Fatalf("%q, %v", b, err)
	}
	if leaked != "" {
		t.Errorf("the other host was told\n%s", leaked)
	}
}

// Reading a folder as a bucket makes no folder where there is none.
func TestReadingMakesNoFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "none", "below")
	s := New(Options{})
	defer s.Close()
	if _, err := s.Expand(t.Context(), "file://"+dir+"/"); err == nil {
		t.Error("a folder that is not there was listed")
	} else if !strings.Contains(err.Error(), dir) {
		t.Errorf("the error does not name the folder: %v", err)
	}
	if _, err := os.Stat(filepath.Dir(dir)); err == nil {
		t.Error("reading made the folder")
	}
}
