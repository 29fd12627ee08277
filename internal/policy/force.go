package policy

import (
	"strings"

	"frisk/internal/signin"
)

// Force is when one version of a policy, or of a named location, was the one
// that counted. Between two looks at a tenant nobody knows when it changed, so
// there are two spans: certain [From, Until) inside possible [MaybeFrom,
// MaybeUntil). Times are UTC; 0 in From or MaybeFrom is "since ever", 0 in
// Until or MaybeUntil "until now".
//
// A nil *Force is a version that counts for the whole history: what every
// candidate is, and a current set without dates.
type Force struct {
	MaybeFrom, From   signin.Time
	Until, MaybeUntil signin.Time
	// Assumed reports that nothing older was supplied: before Assumed the tenant had
	// a version nobody here has seen, and this one stands in for it. 0 = not so.
	Assumed signin.Time
}

// At says whether the version counted at a time: Unknown where its change falls
// between two looks.
func (f *Force) At(t signin.Time) signin.Truth {
	switch {
	case f == nil:
		return signin.True
	case f.MaybeFrom != 0 && t < f.MaybeFrom || f.MaybeUntil != 0 && t >= f.MaybeUntil:
		return signin.False
	case f.From != 0 && t < f.From || f.Until != 0 && t >= f.Until:
		return signin.Unknown
	}
	return signin.True
}

// open reports whether the version counts, or may count, until now.
func (f *Force) open() bool { return f == nil || f.MaybeUntil == 0 || f.MaybeUntil >= never }

// edges appends the instants at which At may change.
func (f *Force) edges(to []signin.Time) []signin.Time {
	if f == nil {
		return to
	}
	for _, t := range [...]signin.Time{f.MaybeFrom, f.From, f.Until, f.MaybeUntil} {
		if t != 0 && t < never {
			to = append(to, t)
		}
	}
	return to
}

// String says when, in days (UTC): "since 2026-05-01", "until about 2026-06-01",
// "2026-05-01 to 2026-06-01". About is an end that lies between two exports.
func (f *Force) String() string {
	if f == nil {
		return "always"
	}
	from, until := edge(f.MaybeFrom, f.From), edge(f.Until, f.MaybeUntil)
	switch {
	case from == "" && until == "":
		return "always"
	case until == "":
		return "since " + from
	case from == "":
		return "until " + until
	}
	return from + " to " + until
}

// edge is one end of a span, between two instants; never and 0 are no end.
func edge(a, b signin.Time) string {
	if b == 0 || a >= never {
		return ""
	}
	t := b
	if b >= never {
		t = a
	}
	day, _, _ := strings.Cut(t.String(), "T")
	if a != b {
		return "about " + day
	}
	return day
}
