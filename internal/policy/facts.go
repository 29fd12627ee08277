package policy

import (
	"strings"

	"frisk/internal/signin"
)

// byteFact is a yes or no remembered per code; 0 = not looked at yet.
type byteFact uint8

const (
	factNo byteFact = 1 + iota
	factYes
)

func remember(list *[]byteFact, c signin.Code, text func() string, is func(string) bool) bool {
	for int(c) >= len(*list) {
		*list = append(*list, 0)
	}
	f := &(*list)[c]
	if *f == 0 {
		*f = factNo
		if is(text()) {
			*f = factYes
		}
	}
	return *f == factYes
}

// confidential reports whether the row names a confidential client: its
// non-interactive rows carry the address the token was first issued to, and
// sign-in frequency waits for the next interaction (reference 1.7, 1.10 rule 5).
// A row that says nothing about client credentials is taken for a public client.
func (ev *Evaluator) confidential(r *signin.Row) bool {
	c := r.C[signin.DimCredential]
	if int(c) < len(ev.creds) && ev.creds[c] != 0 {
		return ev.creds[c] == factYes
	}
	return remember(&ev.creds, c, func() string { return ev.sym.Text(r, signin.DimCredential) },
		func(s string) bool { return s != "" && !strings.EqualFold(s, "none") })
}

// deviceCode reports whether the row is of, or descends from, a device code
// flow, which cannot prove a device (reference 1.9).
func (ev *Evaluator) deviceCode(r *signin.Row) bool {
	for i, d := range [...]signin.Dim{signin.DimProtocol, signin.DimTransfer} {
		c := r.C[d]
		list := &ev.flows[i]
		if int(c) < len(*list) && (*list)[c] != 0 {
			if (*list)[c] == factYes {
				return true
			}
			continue
		}
		if remember(list, c, func() string { return ev.sym.Text(r, d) },
			func(s string) bool { return strings.Contains(strings.ToLower(s), "devicecode") }) {
			return true
		}
	}
	return false
}

// edge reports whether the browser may be Microsoft Edge: the row names it, or no browser.
func (ev *Evaluator) edge(r *signin.Row) bool {
	c := r.C[signin.DimBrowser]
	if int(c) < len(ev.browsers) && ev.browsers[c] != 0 {
		return ev.browsers[c] == factYes
	}
	return remember(&ev.browsers, c, func() string { return ev.sym.Text(r, signin.DimBrowser) },
		func(s string) bool { return s == "" || strings.HasPrefix(strings.ToLower(s), "edge") })
}
