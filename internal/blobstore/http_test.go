package blobstore

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// content is long enough that a cut is met in the middle of it.
var content = bytes.Repeat([]byte("0123456789abcdef\n"), 20_000)

// get reads one URL.
func get(ctx context.Context, s *Store, url string) ([]byte, error) {
	objects, err := s.Expand(ctx, url)
	if err != nil {
		return nil, err
	}
	r, err := objects[0].OpenAt(ctx, 0)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}

func hijack(w http.ResponseWriter) {
	c, _, err := w.(http.Hijacker).Hijack()
	if err == nil {
		_ = c.Close()
	}
}

// faulty serves content with the fault its path names. n counts the requests of
// a path.
func faulty(n *atomic.Int64) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		try := n.Add(1)
		tag := func() { w.Header().Set("ETag", `"v1"`) }
		switch r.URL.Path {
		case "/ok", "/dir/x.jsonl":
			tag()
			http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
		case "/500-twice":
			if try <= 2 {
				http.Error(w, "no", http.StatusInternalServerError)
				return
			}
			_, _ = w.Write(content)
		case "/500":
			http.Error(w, "no", http.StatusInternalServerError)
		case "/403":
			http.Error(w, "no", http.StatusForbidden)
		case "/404":
			http.NotFound(w, r)
		case "/short", "/short-always", "/short-no-tag", "/short-no-range", "/short-changed":
			from := 0
			if r.Header.Get("Range") != "" && r.URL.Path != "/short-no-range" {
				from, _ = strconv.Atoi(strings.TrimSuffix(strings.TrimPrefix(r.Header.Get("Range"), "bytes="), "-"))
			}
			if r.URL.Path != "/short-no-tag" {
				tag()
			}
			if r.URL.Path == "/short-changed" && try > 1 {
				w.Header().Set("ETag", `"v2"`)
				_, _ = w.Write(content) // If-Range does not match: all of it
				return
			}
			rest := content[from:]
			w.Header().Set("Content-Length", strconv.Itoa(len(rest)))
			if from > 0 {
				w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", from, len(content)-1, len(content)))
				w.WriteHeader(http.StatusPartialContent)
			}
			cut := len(rest) * 2 / 3
			if r.URL.Path == "/short" && try >= 3 {
				cut = len(rest)
			}
			if r.URL.Path == "/short-always" && try > 1 {
				cut = 0
			}
			_, _ = w.Write(rest[:cut])
			if cut < len(rest) {
				w.(http.Flusher).Flush()
				hijack(w)
			}
		case "/wrong-range":
			tag()
			if r.Header.Get("Range") != "" {
				w.Header().Set("Content-Range", "bytes 7-8/9")
				w.WriteHeader(http.StatusPartialContent)
				return
			}
			w.Header().Set("Content-Length", strconv.Itoa(len(content)))
			_, _ = w.Write(content[:100])
			w.(http.Flusher).Flush()
			hijack(w)
		case "/loop":
			http.Redirect(w, r, "/loop?n="+strconv.FormatInt(try, 10), http.StatusFound)
		case "/moved":
			http.Redirect(w, r, "/ok", http.StatusFound)
		case "/silent":
			tag()
			if r.Header.Get("Range") != "" {
				w.Header().Set("Content-Range", fmt.Sprintf("bytes 100-%d/%d", len(content)-1, len(content)))
				w.WriteHeader(http.StatusPartialContent)
				w.(http.Flusher).Flush()
				<-r.Context().Done()
				return
			}
			w.Header().Set("Content-Length", strconv.Itoa(len(content)))
			_, _ = w.Write(content[:100])
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		case "/slow":
			for i := 0; i < len(content); i += 17_000 {
				_, _ = w.Write(content[i:min(i+17_000, len(content))])
				w.(http.Flusher).Flush()
				time.Sleep(time.Millisecond)
			}
		}
	}
}

func TestHTTPFaults(t *testing.T) {
	for _, c := range []struct {
		path string
		want string // part of the error; "" for the content
		is   error
	}{
		{"/ok", "", nil},
		{"/moved", "", nil},
		{"/slow", "", nil},
		{"/500-twice", "", nil},
		{"/500", "500 Internal Server Error", nil},
		{"/403", "403 Forbidden", nil},
		{"/404", "404 Not Found", fs.ErrNotExist},
		{"/short", "", nil},
		{"/short-always", "unexpected EOF", io.ErrUnexpectedEOF},
		{"/short-no-tag", "does not tell versions apart", nil},
		{"/short-no-range", "cannot send a part", ErrChanged},
		{"/wrong-range", "where bytes from", nil},
		{"/short-changed", "changed while it was read", ErrChanged},
		{"/loop", "stopped after 5 redirects", nil},
		{"/silent", "silent for too long", errStalled},
	} {
		t.Run(strings.TrimPrefix(c.path, "/"), func(t *testing.T) {
			var n atomic.Int64
			srv := httptest.NewServer(faulty(&n))
			defer srv.Close()
			s := New(Options{Stall: 300 * time.Millisecond})
			defer s.Close()
			got, err := get(t.Context(), s, srv.URL+c.path+"?sig=TopSecret")
			switch {
			case c.want == "":
				if err != nil || !bytes.Equal(got, content) {
					t.Errorf("got %d bytes, %v, want %d", len(got), err, len(content))
				}
			case err == nil || !strings.Contains(err.Error(), c.want):
				t.Errorf("got %v, want %q", err, c.want)
			case strings.Contains(err.Error(), "TopSecret"):
				t.Errorf("the error shows a secret: %v", err)
			case c.is != nil && !errors.Is(err, c.is):
				t.Errorf("%v is no %v", err, c.is)
			}
			if max := int64(maxRedirects + 20); n.Load() > max {
				t.Errorf("%d requests", n.Load())
			}
		})
	}
}

// A server that is gone and one that cannot be named are errors, not panics.
func TestHTTPUnreachable(t *testing.T) {
	srv := httptest.NewServer(http.NotFoundHandler())
	srv.Close()
	s := New(Options{})
	if _, err := get(t.Context(), s, srv.URL+"/x?sig=TopSecret"); err == nil || strings.Contains(err.Error(), "TopSecret") {
		t.Errorf("got %v", err)
	}
	if _, err := get(t.Context(), s, "https:///x"); err == nil {
		t.Error("no host: no error")
	}
}

// Cancelling ends a reading that waits.
func TestHTTPCancelled(t *testing.T) {
	var n atomic.Int64
	srv := httptest.NewServer(faulty(&n))
	defer srv.Close()
	ctx, cancel := context.WithCancel(t.Context())
	s := New(Options{})
	objects, err := s.Expand(ctx, srv.URL+"/silent")
	if err != nil {
		t.Fatal(err)
	}
	r, err := objects[0].OpenAt(ctx, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if _, err := io.ReadFull(r, make([]byte, 100)); err != nil {
		t.Fatal(err)
	}
	cancel()
	if _, err := r.Read(make([]byte, 1)); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
}
