package risk

import "frisk/internal/signin"

var _ = register(Detector{
	Name:  "legacy-client",
	Doc:   "a person's first accepted sign-in with a client that cannot ask for a second factor",
	Needs: "client type as Graph clientAppUsed names it",
	Quiet: "a client the log does not name, or names in other words, is not judged",
	Scope: ScopePerson,
	Need:  signin.NeedDims(signin.DimClient, signin.DimIP, signin.DimUserAgent),
	New: func(e *Env) Watcher {
		w := &legacy{env: e}
		w.is.of = LegacyClient
		return w
	},
})

var legacyNames = map[string]bool{
	"exchange activesync": true, "imap4": true, "imap": true, "pop3": true, "pop": true,
	"smtp": true, "authenticated smtp": true, "mapi over http": true, "mapi": true,
	"exchange online powershell": true, "exchange online power shell": true, "exchange web services": true,
	"outlook anywhere (rpc over http)": true, "autodiscover": true, "offline address book": true,
	"other clients": true, "reporting web services": true, "outlook service": true, "universal outlook": true,
}

// LegacyClient reports whether a Graph clientAppUsed text names legacy
// authentication (Microsoft Entra documentation, "Block legacy authentication").
func LegacyClient(client string) bool { return legacyNames[foldASCII(client)] }

// legacy watches for the first use, in any stream of a person's: legacy
// protocols are logged as non-interactive too.
type legacy struct {
	env    *Env
	is     byCode[bool]
	first  signin.Time
	last   signin.Time // of a legacy sign-in
	anyRow bool
}

func (w *legacy) Begin()    { w.first, w.last, w.anyRow = 0, 0, false }
func (w *legacy) End(*Sink) {}

func (w *legacy) Observe(v *View, s *Sink) {
	if !v.Entered {
		return
	}
	r := v.Row
	if !w.anyRow {
		w.first, w.anyRow = r.Time, true
	}
	if r.C[signin.DimClient] == 0 || !w.is.get(w.env.Symbols[signin.DimClient], r.C[signin.DimClient]) {
		return
	}
	quiet := hours(24 * w.env.Config.LegacyDays)
	since := max(w.first, w.last)
	w.last = r.Time
	if r.Time-since < quiet {
		return
	}
	s.evidence().text("client", w.env.Symbols.Text(r, signin.DimClient)).
		text("user_agent", w.env.Symbols.Text(r, signin.DimUserAgent)).
		text("ip", w.env.Symbols.Text(r, signin.DimIP)).
		num("days_without", float64(r.Time-since)/float64(signin.Day)).
		text("stopped_by", stopped(r))
	s.raise(Finding{Detector: "legacy-client", Severity: Low, Score: scoreLegacy, Bits: w.env.Config.BitsLegacy, Attack: true},
		FamilyCredential, v.Index)
}

// scoreLegacy is an assumption: mostly old mail programs.
const scoreLegacy = 0.15
