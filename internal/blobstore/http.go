package blobstore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// maxRedirects is how many times an answer may point elsewhere.
const maxRedirects = 5

func newClient(stall time.Duration) *http.Client {
	t := http.DefaultTransport.(*http.Transport).Clone() //nolint:forcetypeassert // the standard library's own
	t.ResponseHeaderTimeout = stall
	t.DisableCompression = true // what is stored is what is read; ingest unpacks
	return &http.Client{Transport: t, CheckRedirect: checkRedirect}
}

func checkRedirect(req *http.Request, via []*http.Request) error {
	// net/http names the address it comes from, with a signature in its query.
	req.Header.Del("Referer")
	switch {
	case len(via) > maxRedirects:
		return fmt.Errorf("stopped after %d redirects", maxRedirects)
	case via[0].URL.Scheme == "https" && req.URL.Scheme != "https":
		return errors.New("redirected from https to plain http")
	}
	return nil
}

func (s *Store) httpObject(raw string) (Object, error) {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" {
		return Object{}, fmt.Errorf("open input: %q is not a URL", Redact(raw))
	}
	name := Redact(raw)
	return Object{Name: name, Size: -1, OpenAt: func(ctx context.Context, offset int64) (io.ReadCloser, error) {
		return s.openHTTP(ctx, raw, name, offset)
	}}, nil
}

// openHTTP reads a file from a web server.
func (s *Store) openHTTP(ctx context.Context, raw, name string, offset int64) (io.ReadCloser, error) {
	g := &getter{s: s, ctx: ctx, url: raw}
	r := &resuming{ctx: ctx, name: name, at: offset, size: -1, left: tries, wait: s.opt.Wait, open: g.open, stream: io.NopCloser(nil)}
	stream, err := g.open(offset)
	if err == nil {
		r.stream = stream
		return r, nil
	}
	if retry(err) {
		err = r.again(err)
	}
	if err != nil {
		return nil, scrub(fmt.Errorf("open %q: %w", name, err))
	}
	return r, nil
}

// statusError is an answer other than the content.
type statusError struct {
	status string
	code   int
}

func (e *statusError) Error() string { return "the server answers " + e.status }

func (e *statusError) Is(target error) bool {
	return target == fs.ErrNotExist && (e.code == http.StatusNotFound || e.code == http.StatusGone)
}

// retry reports whether a request may succeed when it is made again.
func retry(err error) bool {
	if s, ok := errors.AsType[*statusError](err); ok {
		return s.code == http.StatusTooManyRequests || s.code >= 500 && s.code != http.StatusNotImplemented
	}
	return !errors.Is(err, context.Canceled) && !strings.Contains(err.Error(), "redirect")
}

// getter makes the requests of one reading.
type getter struct {
	s   *Store
	ctx context.Context
	url string
	// validator is the ETag or date by which a later request asks for the rest of the
	// same content; "" when the server gave none.
	validator string
	begun     bool
}

func (g *getter) open(at int64) (io.ReadCloser, error) {
	ctx, cancel := context.WithCancelCause(g.ctx)
	body, err := g.request(ctx, at)
	if err != nil {
		cancel(nil)
		return nil, err
	}
	b := &watched{body: body, stall: g.s.opt.Stall, cancel: cancel}
	// A silent connection is told by a timer, not by reading a clock: no result
	// depends on it but whether the request is made again.
	b.timer = time.AfterFunc(b.stall, func() { cancel(errStalled) })
	b.cause = func() error { return context.Cause(ctx) }
	return b, nil
}

func (g *getter) request(ctx context.Context, at int64) (io.ReadCloser, error) {
	if g.begun && at > 0 && g.validator == "" {
		return nil, errors.New("the connection broke, and the server does not tell versions apart, so reading cannot go on in the middle")
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, g.url, nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("User-Agent", "frisk")
	if at > 0 {
		req.Header.Set("Range", "bytes="+strconv.FormatInt(at, 10)+"-")
		if g.validator != "" {
			req.Header.Set("If-Range", g.validator)
		}
	}
	resp, err := g.s.http.Do(req)
	if err != nil {
		return nil, err
	}
	if err := g.check(resp, at); err != nil {
		_ = resp.Body.Close()
		return nil, err
	}
	g.begun = true
	if g.validator == "" {
		if tag := resp.Header.Get("ETag"); tag != "" && !strings.HasPrefix(tag, "W/") {
			g.validator = tag
		} else {
			g.validator = resp.Header.Get("Last-Modified")
		}
	}
	return resp.Body, nil
}

// check says whether an answer is the content from byte at on.
func (g *getter) check(resp *http.Response, at int64) error {
	switch {
	case resp.StatusCode == http.StatusOK && at == 0:
		return nil
	case resp.StatusCode == http.StatusOK && g.begun:
		return fmt.Errorf("%w, or the server cannot send a part of it", ErrChanged)
	case resp.StatusCode == http.StatusOK:
		return errors.New("the server cannot send a part of it")
	case resp.StatusCode == http.StatusPartialContent && at > 0:
		if !strings.HasPrefix(resp.Header.Get("Content-Range"), "bytes "+strconv.FormatInt(at, 10)+"-") {
			return fmt.Errorf("the server sent %q where bytes from %d on were asked for", resp.Header.Get("Content-Range"), at)
		}
		return nil
	}
	return &statusError{resp.Status, resp.StatusCode}
}

var errStalled = errors.New("the connection was silent for too long")

// watched is a body whose connection must not fall silent.
type watched struct {
	body   io.ReadCloser
	stall  time.Duration
	timer  *time.Timer
	cancel context.CancelCauseFunc
	cause  func() error
}

func (w *watched) Read(p []byte) (int, error) {
	w.timer.Reset(w.stall)
	n, err := w.body.Read(p)
	w.timer.Stop()
	if err != nil && err != io.EOF && errors.Is(w.cause(), errStalled) {
		err = errStalled
	}
	return n, err
}

func (w *watched) Close() error {
	w.timer.Stop()
	w.cancel(nil)
	return w.body.Close()
}
