package fetch

import (
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// Every part says what it is, what it needs and where that is documented, and
// the run book has a row for it.
func TestCatalog(t *testing.T) {
	book, err := os.ReadFile(filepath.Join("..", "..", "docs", "fetch.md"))
	if err != nil {
		t.Fatal(err)
	}
	name := regexp.MustCompile(`^[a-z][a-z0-9-]*$`)
	for _, p := range Parts() {
		switch {
		case !name.MatchString(p.Name), p.Doc == "", len(p.Permissions) == 0, p.Source == "", p.Folder == "", len(p.collections) == 0:
			t.Errorf("%+v lacks something", p)
		case p.Time != "" && len(p.collections) != 1:
			t.Errorf("%s: a log is one collection", p.Name)
		}
		for _, c := range p.collections {
			if v, _, _ := strings.Cut(c.path, "/"); v != "v1.0" && v != "beta" {
				t.Errorf("%s: path %q names no version", p.Name, c.path)
			}
			if (c.ids != nil) != strings.Contains(c.name, "{id}") {
				t.Errorf("%s: %q and its ids do not agree", p.Name, c.name)
			}
		}
		row := "| `" + p.Name + "` | `" + strings.Join(p.Permissions, "`, `") + "` |"
		if !strings.Contains(string(book), row) {
			t.Errorf("docs/fetch.md lacks %s", row)
		}
	}
}

func TestSelect(t *testing.T) {
	for _, c := range []struct{ only, with, skip, want string }{
		{"", "", "signins,directory,risk,audit", "authentication-contexts authentication-strengths policies"},
		{"signins", "", "signins-managed-identities", "signins-interactive signins-noninteractive signins-service-principals"},
		{"risk", "", "", "risk-detections risky-users"},
		{"risk-history,risky-users", "", "", "risky-users risk-history"},
		{"policies", "risk-history", "", "policies risk-history"},
		{"groups,signins-interactive,policies", "", "", "policies groups signins-interactive"},
	} {
		split := func(s string) []string {
			if s == "" {
				return nil
			}
			return strings.Split(s, ",")
		}
		ps, err := Select(split(c.only), split(c.with), split(c.skip))
		var got []string
		for _, p := range ps {
			got = append(got, p.Name)
		}
		if err != nil || strings.Join(got, " ") != c.want {
			t.Errorf("%+v: %q, %v", c, got, err)
		}
	}
	if _, err := Select([]string{"signin"}, nil, nil); err == nil || !strings.Contains(err.Error(), "signins-interactive") {
		t.Errorf("unknown part: %v", err)
	}
}

func TestAddress(t *testing.T) {
	base := &url.URL{Scheme: "https", Host: "graph.microsoft.com"}
	i := slices.IndexFunc(parts, func(p Part) bool { return p.Name == "signins-noninteractive" })
	got := parts[i].collections[0].address(base, "", within("createdDateTime", span{at(0), at(6)})).String()
	want := "https://graph.microsoft.com/beta/auditLogs/signIns?$filter=createdDateTime%20ge%202026-05-01T00%3A00%3A00Z%20and%20" +
		"createdDateTime%20le%202026-05-01T05%3A59%3A59.9999999Z%20and%20signInEventTypes%2Fany%28t%3A%20t%20eq%20%27nonInteractiveUser%27%29" +
		"&$orderby=createdDateTime&$top=1000"
	if got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}

func TestBaseURL(t *testing.T) {
	for s, ok := range map[string]bool{
		"https://graph.microsoft.com": true, "https://graph.microsoft.com/": true, "http://127.0.0.1:8080": true, "http://[::1]:1": true, "http://localhost:1": true,
		"http://graph.microsoft.com": false, "http://192.0.2.1": false, "http://localhost.example.com": false, "https://user:pw@example.com": false,
		"https://example.com/path": false, "https://example.com?x": false, "graph.microsoft.com": false, "file:///etc": false, "": false,
	} {
		if _, err := BaseURL(s); (err == nil) != ok {
			t.Errorf("%q: %v", s, err)
		}
	}
	for _, c := range Clouds() {
		if _, err := BaseURL(c.Graph); err != nil || c.login.ActiveDirectoryAuthorityHost == "" {
			t.Errorf("%s: %v", c.Name, err)
		}
	}
}

func TestRetryAfter(t *testing.T) {
	for v, want := range map[string]time.Duration{
		"120": 2 * time.Minute, "0": 0, " 5 ": 5 * time.Second, "2.5": 2500 * time.Millisecond,
		now.Add(time.Minute).Format(http.TimeFormat): time.Minute, now.Add(-time.Minute).Format(http.TimeFormat): 0,
		"": -1, "-1": -1, "NaN": -1, "1e99": -1, "soon": -1,
	} {
		d, ok := retryAfter(http.Header{"Retry-After": {v}}, now.Truncate(time.Second))
		if !ok {
			d = -1
		}
		if d != want {
			t.Errorf("%q: %s, want %s", v, d, want)
		}
	}
}

// Waits grow to the cap, differ, and are the same for the same seed.
func TestBackoff(t *testing.T) {
	a, b := rand.New(rand.NewPCG(1, 0)), rand.New(rand.NewPCG(1, 0)) //nolint:gosec // a test
	for n := 1; n < 100; n++ {
		d := backoff(n, a)
		full := longWait
		if n < 8 {
			full = firstWait << (n - 1)
		}
		if d < full/2 || d > full {
			t.Errorf("try %d waits %s, want %s to %s", n, d, full/2, full)
		}
		if e := backoff(n, b); e != d {
			t.Errorf("try %d: %s and %s for the same seed", n, d, e)
		}
	}
}

func TestFollow(t *testing.T) {
	base := &url.URL{Scheme: "https", Host: "graph.microsoft.com"}
	first, _ := url.Parse("https://graph.microsoft.com/v1.0/users?$top=999")
	seen := map[string]bool{"https://graph.microsoft.com/v1.0/users?$skiptoken=a": true}
	for link, ok := range map[string]bool{
		"https://graph.microsoft.com/v1.0/users?$skiptoken=b":       true,
		"https://GRAPH.microsoft.com/v1.0/users?$skiptoken=b":       true,
		"https://graph.microsoft.com/v1.0/users?$skiptoken=a":       false, // again
		"https://graph.microsoft.com/v1.0/users?$top=999":           false, // again the first
		"https://graph.microsoft.com/beta/users?$skiptoken=b":       false,
		"http://graph.microsoft.com/v1.0/users?$skiptoken=b":        false,
		"https://graph.microsoft.com.example.com/v1.0/users":        false,
		"https://graph.microsoft.com:444/v1.0/users":                false,
		"https://graph.microsoft.com@example.com/v1.0/users":        false,
		"https://user@graph.microsoft.com/v1.0/users?$skiptoken=b":  false,
		"//example.com/v1.0/users":                                  false,
		"/v1.0/users?$skiptoken=b":                                  false,
		"https://graph.microsoft.com/v1.0/users?$skiptoken=b#x":     false,
		"javascript:alert(1)":                                       false,
		"https://graph.microsoft.com/v1.0/users?$skiptoken=%zz\x00": false,
	} {
		if u, err := follow(base, first, link, seen); (err == nil) != ok {
			t.Errorf("%q: %v %v", link, u, err)
		}
	}
}

// The scanner takes what encoding/json takes as an object with rows, and counts
// and reads the same.
func FuzzPage(f *testing.F) {
	for _, s := range []string{
		`{"value":[]}`, `{"@odata.context":"c","@odata.nextLink":"https://x/y","value":[{"id":"1"},{"id":"2"}]}`,
		`{"value":[{"a":1,"a":2}]}`, `{"value":[1,2`, `{"value":null}`, `[]`, `{"error":{"code":"x"}}`, "{\"value\":[]}\n", `{"value":[]}x`, ``,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := parsePage(data, false)
		if err != nil {
			return
		}
		var want map[string]json.RawMessage
		if !json.Valid(data) {
			t.Skip() // encoding/json is stricter about some escapes
		}
		if err := json.Unmarshal(data, &want); err != nil {
			t.Fatalf("taken for a page: %q: %v", data, err)
		}
		if p.rows < 0 || want["value"] == nil {
			t.Errorf("%q: %d rows", data, p.rows)
		}
	})
}
