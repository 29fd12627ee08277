package analysis

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestCause(t *testing.T) {
	tests := []struct{ file, give, want string }{
		{"a.json", "", ""},
		{"a.json", `read "a.json": no format fits: JSON records:` + "\n  duo: no txid", "no format fits: JSON records"},
		{"a.json", "unexpected EOF", "unexpected EOF"},
		{"b.json", `read "a.json": empty`, `read "a.json": empty`},
	}
	for _, tt := range tests {
		if got := Cause(tt.file, tt.give); got != tt.want {
			t.Errorf("%q: got %q, want %q", tt.give, got, tt.want)
		}
	}
	long := Cause("a", strings.Repeat("ü", 300))
	if n := utf8.RuneCountInString(long); n > maxCause || !strings.HasSuffix(long, "ü…") {
		t.Errorf("%d characters: %q", n, long)
	}
}
