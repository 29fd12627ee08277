package report

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
)

func renderHTML(t *testing.T, in *Input) string {
	t.Helper()
	var b bytes.Buffer
	if err := WriteHTML(&b, Build(in)); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// allowedElements is every element the template may produce; log text can add none.
var allowedElements = strings.Fields(`html head meta title style body a header h1 h2 h3 p nav ul li main section div span strong
	dl dt dd table caption thead tbody tr th td figure figcaption svg desc rect line text g circle polygon details summary article footer`)

// checkMarkup reads the page as XML, which is stricter than HTML: every element
// known, closed and nested, ids unique, references resolved, and what a screen
// reader needs in place.
func checkMarkup(t *testing.T, page string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(page))
	var open []string
	count := map[string]int{}
	ids, refs := map[string]bool{}, []string{}
	var tableHasCaption, svgHasTitle, svgHasDesc bool
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("page is not well-formed: %v", err)
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			name := tok.Name.Local
			if !slices.Contains(allowedElements, name) {
				t.Errorf("element %q does not belong in the page", name)
			}
			attr := map[string]string{}
			for _, a := range tok.Attr {
				attr[a.Name.Local] = a.Value
				if strings.HasPrefix(a.Name.Local, "on") || a.Name.Local == "style" || a.Name.Local == "src" {
					t.Errorf("element %q has attribute %q", name, a.Name.Local)
				}
			}
			if id := attr["id"]; id != "" {
				if ids[id] {
					t.Errorf("id %q is used twice", id)
				}
				ids[id] = true
			}
			refs = append(refs, strings.Fields(attr["aria-labelledby"])...)
			if h := attr["href"]; h != "" {
				if !strings.HasPrefix(h, "#") {
					t.Errorf("link leaves the page: %q", h)
				}
				refs = append(refs, strings.TrimPrefix(h, "#"))
			}
			switch name {
			case "th":
				if !slices.Contains([]string{"col", "row", "colgroup"}, attr["scope"]) {
					t.Errorf("th without scope")
				}
			case "table":
				tableHasCaption = false
			case "caption":
				tableHasCaption = true
			case "thead":
				if !tableHasCaption {
					t.Error("table without caption")
				}
			case "svg":
				svgHasTitle, svgHasDesc = attr["aria-hidden"] == "true", attr["aria-hidden"] == "true"
				if attr["aria-hidden"] != "true" && attr["role"] != "img" {
					t.Error("picture without role img")
				}
			case "title":
				svgHasTitle = true
			case "desc":
				svgHasDesc = true
			case "nav":
				if attr["aria-label"] == "" {
					t.Error("nav without a name")
				}
			}
			open = append(open, name)
			count[name]++
		case xml.EndElement:
			if tok.Name.Local == "svg" && (!svgHasTitle || !svgHasDesc) {
				t.Error("picture without title or description")
			}
			open = open[:len(open)-1]
		}
	}
	for _, r := range refs {
		if !ids[r] {
			t.Errorf("reference to %q, which is nowhere", r)
		}
	}
	for name, want := range map[string]int{"main": 1, "h1": 1, "header": 1, "footer": 1, "style": 1, "script": 0, "html": 1} {
		if count[name] != want {
			t.Errorf("%d elements %q, want %d", count[name], name, want)
		}
	}
}

func TestHTMLMarkup(t *testing.T) {
	for name, in := range map[string]*Input{"sample": sampleInput(), "empty": {}} {
		t.Run(name, func(t *testing.T) { checkMarkup(t, renderHTML(t, in)) })
	}
}

func TestHTMLAsksForNothing(t *testing.T) {
	page := renderHTML(t, sampleInput())
	for _, bad := range []string{"http://", "https://", "//cdn", "@import", "url(", "<script", "<link", "<iframe", "javascript:"} {
		if strings.Contains(page, bad) {
			t.Errorf("page contains %q", bad)
		}
	}
	for _, want := range []string{`lang="en"`, `name="viewport"`, "default-src 'none'", "prefers-color-scheme: dark", "@media print", `class="skip"`} {
		if !strings.Contains(page, want) {
			t.Errorf("page lacks %q", want)
		}
	}
}

// TestFirstScreen: the answer, the picture and the top cells come first, in this order.
func TestFirstScreen(t *testing.T) {
	page := renderHTML(t, sampleInput())
	last := -1
	for _, want := range []string{`<section class="lead"`, `<dl class="tiles">`, `role="img"`, `class="arrow"`, "The groups and workspaces that pay most", `id="candidates"`} {
		i := strings.Index(page, want)
		if i <= last {
			t.Errorf("%q at %d, want it after %d", want, i, last)
		}
		last = i
	}
}
