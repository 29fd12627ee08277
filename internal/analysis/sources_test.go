package analysis

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"frisk/internal/dataset"
	"frisk/internal/signin"
)

func TestParseSpan(t *testing.T) {
	now := time.Date(2026, 6, 10, 12, 0, 0, 0, time.FixedZone("", 7200))
	for _, c := range []struct{ since, until, want string }{
		{"", "", "... .."},
		{"2026-05-04", "2026-05-05", "2026-05-04T00:00:00Z 2026-05-05T00:00:00Z"},
		{"2026-05-04T08:00:00+02:00", "", "2026-05-04T06:00:00Z .."},
		{"2026-05-04T08:30", "", "2026-05-04T08:30:00Z .."},
		{"30d", "12h", "2026-05-11T10:00:00Z 2026-06-09T22:00:00Z"},
		{"2w", "1h30m", "2026-05-27T10:00:00Z 2026-06-10T08:30:00Z"},
		{"yesterday", "", "error: cannot read"},
		{"", "-3h", "error: cannot read"},
		{"2026-13-01", "", "error: cannot read"},
		{"1d", "2d", "error: is not before"},
		{"2026-05-04", "2026-05-04", "error: is not before"},
	} {
		s, err := ParseSpan(c.since, c.until, now)
		show := func(m time.Time) string {
			if m.IsZero() {
				return ".."
			}
			return m.Format(time.RFC3339)
		}
		if text, wrong := strings.CutPrefix(c.want, "error: "); wrong {
			if err == nil || !strings.Contains(err.Error(), text) {
				t.Errorf("%q, %q: got %v, want %q", c.since, c.until, err, text)
			}
			continue
		}
		if got := show(s.Since) + " " + show(s.Until); err != nil || got != strings.TrimPrefix(c.want, ".") && got != ".. .." {
			t.Errorf("%q, %q: got %s, %v, want %s", c.since, c.until, got, err, c.want)
		}
	}
}

func TestSpanHas(t *testing.T) {
	at := func(s string) time.Time {
		m, err := time.Parse(time.RFC3339Nano, s)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	s := Span{at("2026-05-04T08:00:00Z"), at("2026-05-04T09:00:00Z")}
	for text, want := range map[string]bool{
		"2026-05-04T07:59:59.999999Z": false, "2026-05-04T08:00:00Z": true, "2026-05-04T08:59:59.999999Z": true, "2026-05-04T09:00:00Z": false,
	} {
		if got := s.Has(signin.FromTime(at(text))); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
	if !(Span{}).Has(1) || !(Span{}).Open() || s.Open() {
		t.Error("the open span")
	}
}

// accountOf is the account of an ingest, which must add up.
func accountOf(t *testing.T, r *IngestResult) string {
	t.Helper()
	all := []Counts{r.Total}
	for _, s := range r.Sources {
		all = append(all, s.Counts)
	}
	for _, c := range all {
		if sum := c.Kept + c.Superseded + c.Duplicate + c.Quarantined + c.Other + c.Outside; sum != c.Read {
			t.Errorf("the counts add up to %d of %d", sum, c.Read)
		}
	}
	c := r.Total
	return fmt.Sprintf("%d read %d kept %d duplicate %d bad %d outside", c.Read, c.Kept, c.Duplicate, c.Quarantined, c.Outside)
}

// What lies outside the span is counted, not kept and not quarantined; asked for
// later it is new.
func TestIngestSpan(t *testing.T) {
	dir := t.TempDir()
	logs := filepath.Join(dir, "a.jsonl")
	if err := os.WriteFile(logs, []byte(signInLines(1, 120)+"broken\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	span, err := ParseSpan("2026-05-04T08:01:00Z", "2026-05-04T08:02:00Z", time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		span Span
		want string
	}{
		{span, "121 read 60 kept 0 duplicate 1 bad 60 outside"},
		{span, "121 read 0 kept 60 duplicate 1 bad 60 outside"},
		{Span{}, "121 read 60 kept 60 duplicate 1 bad 0 outside"},
	} {
		r, err := Ingest(t.Context(), &Config{}, Options{Data: filepath.Join(dir, "data")}, []string{logs}, IngestOptions{Span: c.span})
		if err != nil {
			t.Fatal(err)
		}
		if got := accountOf(t, r); got != c.want {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
}

// A URL of the configuration is read where it is, and neither the result nor
// the manifest nor an error shows its secrets.
func TestIngestURL(t *testing.T) {
	packed := packedText(t, signInLines(1, 5))
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/a.jsonl.gz" || r.URL.Query().Get("sig") != "TopSecret" {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write([]byte(packed))
	}))
	defer srv.Close()
	dir := t.TempDir()
	file := filepath.Join(dir, ConfigName)
	url := strings.Replace(srv.URL, "http://", "http://ann:TopSecret@", 1) + "/a.jsonl.gz?sig=TopSecret"
	local := filepath.Join(dir, "b.jsonl")
	if err := errors.Join(
		os.WriteFile(file, []byte("logs:\n  - "+url+"\n  - b.jsonl\n  - file://"+filepath.ToSlash(dir)+"/b.jsonl\n"), 0o600),
		os.WriteFile(local, []byte(signInLines(5, 6)), 0o600),
	); err != nil {
		t.Fatal(err)
	}
	cfg, err := LoadConfig(file, false)
	if err != nil {
		t.Fatal(err)
	}
	r, err := Ingest(t.Context(), cfg, Options{}, nil, IngestOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := accountOf(t, r), "9 read 6 kept 3 duplicate 0 bad 0 outside"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if want := srv.URL + "/a.jsonl.gz?sig=…"; r.Sources[len(r.Sources)-1].File != want {
		t.Errorf("the source is called %q, want %q", r.Sources[len(r.Sources)-1].File, want)
	}
	manifest, err := os.ReadFile(filepath.Join(dir, DefaultData, "manifest.json"))
	if err != nil || strings.Contains(string(manifest), "TopSecret") || !strings.Contains(string(manifest), "a.jsonl.gz") {
		t.Errorf("the manifest: %v\n%s", err, manifest)
	}
	_, err = Ingest(t.Context(), cfg, Options{}, []string{strings.Replace(url, "/a.jsonl", "/x.jsonl", 1)}, IngestOptions{})
	if err == nil || strings.Contains(err.Error(), "TopSecret") || !strings.Contains(err.Error(), "404") {
		t.Errorf("a URL that is not there: %v", err)
	}
}

// An export has the same bytes however the dataset came about, and reading it
// back gives the same sign-ins.
func TestExportRoundTrip(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	write := func(name, text string) {
		if err := os.WriteFile(at(name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	ingest := func(data string, paths ...string) *IngestResult {
		t.Helper()
		r, err := Ingest(t.Context(), &Config{}, Options{Data: at(data)}, paths, IngestOptions{})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	export := func(data string, x ExportOptions) *ExportResult {
		t.Helper()
		r, err := Export(t.Context(), &Config{}, Options{Data: at(data)}, x)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	sample := filepath.Join("..", "..", "sample-logs") // of every provider
	ingest("once", sample)
	one := export("once", ExportOptions{To: at("one.parquet")})
	if one.Rows == 0 || one.Outside != 0 {
		t.Fatalf("exported %d rows", one.Rows)
	}

	// Another dataset of the same sign-ins, of several runs and with a replaced row.
	write("old.jsonl", strings.Replace(signInLine(1), `"errorCode":0`, `"errorCode":50126`, 1)+"\n")
	write("new.jsonl", signInLines(1, 1))
	ingest("twice", at("new.jsonl"))
	plain := export("twice", ExportOptions{To: at("new.parquet")})
	ingest("often", at("old.jsonl"))
	ingest("often", at("new.jsonl"))
	if r := export("often", ExportOptions{To: at("often.parquet")}); r.Rows != plain.Rows {
		t.Errorf("a replaced row was exported: %d rows, want %d", r.Rows, plain.Rows)
	}
	again := export("once", ExportOptions{To: "file://" + filepath.ToSlash(at("again.parquet"))})
	for _, pair := range [][2]string{{"one.parquet", "again.parquet"}, {"new.parquet", "often.parquet"}} {
		a, errA := os.ReadFile(at(pair[0]))
		b, errB := os.ReadFile(at(pair[1]))
		if errA != nil || errB != nil {
			t.Fatal(errA, errB)
		}
		if !bytes.Equal(a, b) {
			t.Errorf("%v differ", pair)
		}
	}
	if again.Files[0].File != "file://"+filepath.ToSlash(at("again.parquet")) {
		t.Errorf("wrote %q", again.Files[0].File)
	}

	// Into a folder, in parts; back into the same dataset they are all known, and
	// a dataset of theirs has the same sign-ins.
	parts := export("once", ExportOptions{To: at("parts") + "/", FileRows: one.Rows/3 + 1})
	if len(parts.Files) != 3 || parts.Rows != one.Rows {
		t.Errorf("parts: %+v", parts)
	}
	if r := ingest("once", at("parts")); r.Total.Duplicate != one.Rows || r.Total.Read != one.Rows {
		t.Errorf("read back: %s", accountOf(t, r))
	}
	ingest("back", at("parts"))
	if diff := cmp.Diff(whole(t, at("once")), whole(t, at("back")), cmp.Comparer(func(a, b netip.Addr) bool { return a == b })); diff != "" {
		t.Errorf("sign-ins (-before +after):\n%s", diff)
	}
	if _, err := Export(t.Context(), &Config{}, Options{Data: at("once")}, ExportOptions{To: at("parts")}); !errors.Is(err, ErrNotEmpty) {
		t.Errorf("a second export into a folder: %v", err)
	}
}

// whole are the events of a dataset, without the place they were read from.
func whole(t *testing.T, data string) []signin.Event {
	t.Helper()
	d, err := dataset.Open(data)
	if err != nil {
		t.Fatal(err)
	}
	r, err := d.Reader(signin.NeedAll())
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var out []signin.Event
	for e, err := range r.All(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		e.Raw = signin.Raw{}
		out = append(out, e)
	}
	return out
}

func TestExportSpan(t *testing.T) {
	dir := t.TempDir()
	logs, data := filepath.Join(dir, "a.jsonl"), filepath.Join(dir, "data")
	if err := os.WriteFile(logs, []byte(signInLines(1, 120)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Ingest(t.Context(), &Config{}, Options{Data: data}, []string{logs}, IngestOptions{}); err != nil {
		t.Fatal(err)
	}
	span, err := ParseSpan("2026-05-04T08:01:00Z", "", time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	r, err := Export(t.Context(), &Config{}, Options{Data: data}, ExportOptions{To: filepath.Join(dir, "x.parquet"), Span: span})
	if err != nil || r.Rows != 61 || r.Outside != 59 {
		t.Errorf("got %+v, %v", r, err)
	}
	// Nothing in the span still gives a file, with no row.
	none := Span{Since: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)}
	r, err = Export(t.Context(), &Config{}, Options{Data: data}, ExportOptions{To: filepath.Join(dir, "none") + "/", Span: none})
	if err != nil || r.Rows != 0 || len(r.Files) != 1 {
		t.Errorf("got %+v, %v", r, err)
	}
	if _, err := Export(t.Context(), &Config{}, Options{Data: data}, ExportOptions{To: filepath.Join(dir, "no", "such", "x.parquet")}); err == nil {
		t.Error("a folder that is not there: no error")
	}
}
