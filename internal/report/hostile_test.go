package report

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

// hostile is what an attacker may put into a name that ends up in a log.
var hostile = []string{
	`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `</style></title></svg>`,
	"\x1b[2J\x1b]0;owned\x07", "a\u009b31mb", "a|b|c", "`code` **bold** [x](http://example.com) ![i](x)",
	`=cmd|' /C calc'!A0`, "+1+1", "-2+3", "@SUM(1)", "\t=1", " =1", "x;=1", "＝1",
	"\u202egnp.exe", "\u2066a\u2069", "zero\u200bwidth", "line\nbreak\r\n# heading", "\u2028sep", "nul\x00", "bad\xff\xfeutf8",
	"{{.}}", "# heading", "- item", "1. item", "~~~", "<!--", "&lt;", "https://example.com www.example.com", "\U000e0041tag",
	strings.Repeat("long", 60),
}

// poison puts s into every text of v.
func poison(v reflect.Value, s string) {
	switch v.Kind() {
	case reflect.Pointer:
		poison(v.Elem(), s)
	case reflect.Struct:
		for _, field := range v.Fields() {
			poison(field, s)
		}
	case reflect.Slice:
		for i := range v.Len() {
			poison(v.Index(i), s)
		}
	case reflect.String:
		v.SetString(s)
	}
}

// poisoned is the sample with every text replaced by s, but for policy states
// and the ends of group names.
func poisoned(s string) *Input {
	in := sampleInput()
	poison(reflect.ValueOf(in), s)
	for i := range in.Policies {
		in.Policies[i].State = stateEnabled
	}
	for i := range in.Cells {
		// Distinct groups, so that several rows stay in play.
		in.Cells[i].Group = s + strings.Repeat("x", i)
		in.Cells[i].Workspace = s
	}
	return in
}

func TestHostileText(t *testing.T) {
	for _, s := range hostile {
		m := Build(poisoned(s))
		for _, r := range Renderers() {
			var b bytes.Buffer
			if err := r.Render(&b, m); err != nil {
				t.Errorf("%s with %q: %v", r.Name, s, err)
				continue
			}
			checkHarmless(t, r.Name, s, b.Bytes())
		}
		q := &QueryTable{Name: s, Doc: s, Columns: []Column{{Key: s, Name: s}, {Key: "n", Name: "n", Unit: UnitPlain}}, Rows: [][]Value{{text(s), number(-1)}}}
		for _, r := range Renderers() {
			var b bytes.Buffer
			if err := r.Query(&b, q); err != nil {
				t.Errorf("query as %s with %q: %v", r.Name, s, err)
			}
			checkHarmless(t, r.Name, s, b.Bytes())
		}
	}
}

func checkHarmless(t *testing.T, format, s string, out []byte) {
	t.Helper()
	if !utf8.Valid(out) {
		t.Errorf("%s with %q: not UTF-8", format, s)
	}
	for _, r := range string(out) {
		if r != '\n' && hidden(r) {
			t.Errorf("%s with %q: hidden character %U in the output", format, s, r)
			break
		}
	}
	text := string(out)
	switch format {
	case "html":
		checkMarkup(t, text)
	case "markdown":
		unescaped := escapePair.ReplaceAllString(text, "")
		for _, bad := range []string{"<script", "<img", "<!--", "](http", "![", "https://", "\n# heading", "\n1. item", "\n- item"} {
			if strings.Contains(unescaped, bad) {
				t.Errorf("markdown with %q contains %q", s, bad)
			}
		}
		checkMarkdownTables(t, s, text)
	case "json":
		if !json.Valid(out) {
			t.Errorf("json with %q is not valid", s)
		}
	case "csv":
		rows, err := csv.NewReader(bytes.NewReader(out)).ReadAll()
		if err != nil {
			t.Errorf("csv with %q: %v", s, err)
		}
		for _, row := range rows {
			for _, cell := range row {
				checkCell(t, s, cell)
			}
		}
	}
}

// escapePair is a backslash and what it makes plain.
var escapePair = regexp.MustCompile(`\\[[:punct:]]`)

func checkCell(t *testing.T, s, cell string) {
	t.Helper()
	c := strings.TrimSpace(cell)
	if c == "" || strings.Trim(c, "-0123456789.") == "" {
		return
	}
	for _, p := range []string{"=", "+", "-", "@", "＝"} {
		if strings.HasPrefix(c, p) || strings.Contains(c, ";"+p) {
			t.Errorf("csv with %q: cell %q can run as a formula", s, cell)
		}
	}
}

// checkMarkdownTables wants as many cells in each row as in its table's head.
func checkMarkdownTables(t *testing.T, s, text string) {
	t.Helper()
	want := 0
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "|") {
			want = 0
			continue
		}
		n := strings.Count(strings.ReplaceAll(line, `\|`, ""), "|")
		if want == 0 {
			want = n
		}
		if n != want {
			t.Errorf("markdown with %q: row has %d bars, want %d: %s", s, n, want, line)
			return
		}
	}
}

// TestJSONKeepsText: what is written out for eyes comes back unchanged for machines.
func TestJSONKeepsText(t *testing.T) {
	for _, s := range hostile {
		var b bytes.Buffer
		q := &QueryTable{Name: "q", Columns: []Column{{Key: "a", Name: "a"}}, Rows: [][]Value{{text(s)}}}
		if err := WriteQueryJSON(&b, q); err != nil {
			t.Fatal(err)
		}
		var got struct{ Rows [][]string }
		if err := json.Unmarshal(b.Bytes(), &got); err != nil {
			t.Fatal(err)
		}
		if want := strings.ToValidUTF8(s, "\ufffd"); got.Rows[0][0] != want {
			t.Errorf("got %q, want %q", got.Rows[0][0], want)
		}
	}
}

func TestVisible(t *testing.T) {
	for in, want := range map[string]string{
		"plain ‘text’ – ok":     "plain ‘text’ – ok",
		"עברית العربية 日本":      "עברית العربية 日本",
		"\x1b[2J\x07":           `\x1b[2J\x07`,
		"\u009b31m":             `\u009b31m`,
		"\u202egnp.exe":         `\u202egnp.exe`,
		"\u2066a\u2069\u200f":   `\u2066a\u2069\u200f`,
		"a\u200bb\u00adc\ufeff": `a\u200bb\u00adc\ufeff`,
		"a\nb\r\nc\td":          `a\nb\r\nc d`,
		"\u2028\u2029\u3164":    `\u2028\u2029\u3164`,
		"\U000e0041\ue000":      `\U000e0041\ue000`,
		"\x00\x7f":              `\x00\x7f`,
		"bad\xff":               `bad\xff`,
	} {
		if got := visible(in); got != want {
			t.Errorf("visible(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzVisible(f *testing.F) {
	for _, s := range hostile {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		v := visible(s)
		if !utf8.ValidString(v) || strings.ContainsFunc(v, hidden) {
			t.Errorf("visible(%q) = %q is not harmless", s, v)
		}
		if visible(v) != v {
			t.Errorf("visible is not stable on %q", s)
		}
		for _, l := range wrap(v, 7) {
			if strings.Contains(l, "\n") {
				t.Errorf("wrap leaves a line break in %q", l)
			}
		}
		e := escapeMarkdown(s)
		if strings.ContainsAny(e, "<>\n") {
			t.Errorf("escapeMarkdown(%q) = %q", s, e)
		}
		checkCell(t, s, cellCSV(s))
	})
}
