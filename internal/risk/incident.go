package risk

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"frisk/internal/signin"
)

// Incident is findings of one story. Every raised finding that is at least
// medium, or attack traffic, is in exactly one; lesser findings of its people
// within the span stand with it and never join two.
type Incident struct {
	// ID is made from the first finding, so that it stays the same while a story
	// goes on and whatever order the log was read in.
	ID          string
	From, Until signin.Time // first and last sign-in of its findings
	// People are the persons (signin.PersonKey) with a finding of their own, GotIn
	// those of them whom a sign-in held hostile let in with nothing to stop it,
	// Stopped those whose password was right and something else stopped it. Each by
	// first finding.
	People, GotIn, Stopped []string
	// Tried is how many people the largest attack of the incident tried; 0 = none.
	Tried int
	// Sources are the attacker's addresses, networks, operators and user agents by
	// first finding, at most maxSources; MoreSources is how many were left out.
	Sources     []string
	MoreSources int
	Detectors   []string // by first finding
	Techniques  []string // MITRE ATT&CK, in the order of an attack; see techniqueOrder
	Severity    Severity // the worst
	Score       float64  // see combined
	// Findings and Suppressed are indices into the findings given, by time.
	Findings, Suppressed []int
}

const maxSources = 10

// IncidentContext is what grouping needs beside the findings.
type IncidentContext struct {
	Config   Config    // the zero Config means Defaults
	Networks *Networks // sealed; nil = unknown, and then addresses and agents join nothing
	// Event is the sign-in of a ref, nil where it is not at hand.
	Event func(signin.Ref) *signin.Event
}

// FindingID names a finding by what it is about, equal in every run over the
// same log: detector, time, person and the provider's id of the subject.
func FindingID(f *Finding, event string) string {
	return "f-" + shortHash(f.Detector, f.Time.String(), f.Person, event, f.Suppressed)
}

// shortHash is the first 48 bits of SHA-256 over the parts, in hex: a collision
// among a million findings is as likely as 1 in 500.
func shortHash(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		h.Write([]byte(p))
		h.Write([]byte{0})
	}
	return hex.EncodeToString(h.Sum(nil)[:6])
}

// Incidents groups findings, which it reads only, by first sign-in and id. The
// result does not depend on their order. Two findings are of one story when they
//
//   - are about one person, within incident.span of each other;
//   - are about, or follow, one attack across people (Finding.Window);
//   - are attack traffic and share the attacker's address, network, user agent,
//     session or device within incident.span. What honest people use as well joins
//     nothing: trusted locations, corporate networks, managed devices, and
//     addresses, networks and agents whose accepted sign-ins findings do not
//     mostly hold (incident.purity).
func Incidents(fs []Finding, c IncidentContext) []Incident {
	if c.Config == (Config{}) {
		c.Config = Defaults()
	}
	g := newGluing(fs, &c)
	g.join()
	out := g.collect()
	slices.SortFunc(out, func(a, b Incident) int { return cmp.Or(cmp.Compare(a.From, b.From), strings.Compare(a.ID, b.ID)) })
	return out
}

// weighty findings make an incident; others only stand with one.
func weighty(f *Finding) bool {
	return f.Suppressed == "" && (f.Severity >= Medium || f.Attack)
}

// collect builds an incident of every group of weighty findings and puts the
// lesser and the suppressed findings of its people with it.
func (g *gluing) collect() []Incident {
	groups := map[int]*Incident{}
	var out []*Incident
	for _, i := range g.order {
		if !weighty(&g.fs[i]) {
			continue
		}
		root := g.root(i)
		in := groups[root]
		if in == nil {
			in = &Incident{ID: "i-" + shortHash(g.fs[i].Detector, g.fs[i].Time.String(), g.fs[i].Person, g.eventID(g.fs[i].Subject))}
			groups[root] = in
			out = append(out, in)
		}
		in.Findings = append(in.Findings, i)
	}
	g.attach(out)
	done := make([]Incident, len(out))
	for k, in := range out {
		g.finish(in)
		done[k] = *in
	}
	return done
}

// attach gives each other finding to the earliest incident with its person, or
// its attack, within the span.
func (g *gluing) attach(ins []*Incident) {
	type stay struct {
		in          *Incident
		from, until signin.Time
	}
	people, windows := map[string][]stay{}, map[*AttackWindow]*Incident{}
	for _, in := range ins {
		for _, i := range in.Findings {
			f := &g.fs[i]
			if f.Person != "" {
				people[f.Person] = append(people[f.Person], stay{in, g.from[i], g.until[i]})
			}
			if f.Window != nil {
				windows[f.Window] = in
			}
		}
	}
	for _, i := range g.order {
		f := &g.fs[i]
		if weighty(f) {
			continue
		}
		in := windows[f.Window]
		if f.Window == nil {
			in = nil
		}
		for _, s := range people[f.Person] {
			if in != nil {
				break
			}
			if f.Person != "" && g.from[i] <= s.until+g.span && g.until[i] >= s.from-g.span {
				in = s.in
			}
		}
		switch {
		case in == nil:
		case f.Suppressed != "":
			in.Suppressed = append(in.Suppressed, i)
		default:
			in.Findings = append(in.Findings, i)
		}
	}
}

// finish fills in what follows from the findings of an incident.
func (g *gluing) finish(in *Incident) {
	rank := make(map[int]int, len(g.order))
	for k, i := range g.order {
		rank[i] = k
	}
	slices.SortFunc(in.Findings, func(a, b int) int { return cmp.Compare(rank[a], rank[b]) })
	best := map[string]float64{}
	var sources []string
	for k, i := range in.Findings {
		f := &g.fs[i]
		if k == 0 || g.from[i] < in.From {
			in.From = g.from[i]
		}
		in.Until = max(in.Until, g.until[i])
		in.Severity = max(in.Severity, f.Severity)
		in.Detectors = addWord(in.Detectors, f.Detector)
		best[f.Detector] = max(best[f.Detector], f.Score)
		for _, t := range techniquesOf(f.Detector) {
			in.Techniques = addWord(in.Techniques, t)
		}
		if f.Person != "" {
			in.People = addWord(in.People, f.Person)
		}
		if w := f.Window; w != nil {
			in.Tried = max(in.Tried, w.Users)
			sources = append(sources, w.SourceText())
		} else if e := g.event(f.Subject); e != nil && f.Attack && e.Source.IP.IsValid() {
			sources = append(sources, e.Source.IP.String())
		}
		g.outcome(in, f)
	}
	in.Sources = distinct(sources)
	if more := len(in.Sources) - maxSources; more > 0 {
		in.Sources, in.MoreSources = in.Sources[:maxSources], more
	}
	in.Stopped = slices.DeleteFunc(in.Stopped, func(p string) bool { return slices.Contains(in.GotIn, p) })
	slices.SortStableFunc(in.Techniques, func(a, b string) int { return cmp.Compare(techniqueRank(a), techniqueRank(b)) })
	in.Score = combined(best)
}

// distinct is list without repeats, in order of first mention.
func distinct(list []string) []string {
	seen := map[string]bool{}
	return slices.DeleteFunc(list, func(w string) bool {
		was := seen[w]
		seen[w] = true
		return was
	})
}

// outcome notes whether hostile sign-ins of a finding about a person let
// somebody in.
func (g *gluing) outcome(in *Incident, f *Finding) {
	if f.Person == "" || !f.Attack {
		return
	}
	for _, ref := range append([]signin.Ref{f.Subject}, f.Events...) {
		e := g.event(ref)
		if e == nil || ref != f.Subject && !g.sameSource(f, e) {
			continue
		}
		switch {
		case e.Outcome == signin.Success:
			in.GotIn = addWord(in.GotIn, f.Person)
		case acceptedReasons[e.Reason]:
			in.Stopped = addWord(in.Stopped, f.Person)
		}
	}
}

func addWord(list []string, w string) []string {
	if slices.Contains(list, w) {
		return list
	}
	return append(list, w)
}

// combined is the score of an incident: its strongest detector in full, each
// further one at half its weight, as in a noisy-or. Detectors look at the same
// rows, so they corroborate without being independent (halving is an assumption);
// findings of one detector say the same thing again and count once. Never above
// maxIncidentScore.
func combined(best map[string]float64) float64 {
	scores := make([]float64, 0, len(best))
	for _, s := range best {
		scores = append(scores, s)
	}
	slices.Sort(scores)
	slices.Reverse(scores)
	miss := 1.0
	for k, s := range scores {
		if k > 0 {
			s /= 2
		}
		miss *= 1 - s
	}
	return min(1-miss, maxIncidentScore)
}

const maxIncidentScore = 0.99
