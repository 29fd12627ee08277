package report

import (
	"cmp"
	"slices"
	"strings"
)

// shownReasons is how many reasons are spelled out.
const shownReasons = 6

// reasonBlocks say why log and replay differ, and what to supply.
func reasonBlocks(reasons []ReasonFigures) []Block {
	if len(reasons) == 0 {
		return nil
	}
	rs := slices.Clone(reasons)
	slices.SortFunc(rs, func(a, b ReasonFigures) int {
		return cmp.Or(cmp.Compare(b.Results, a.Results), cmp.Compare(b.Disagree, a.Disagree), cmp.Compare(b.Unknown, a.Unknown), cmp.Compare(a.Order, b.Order))
	})
	blocks := []Block{reasonList(rs), reasonTable(rs)}
	if t := subjectTable(rs); len(t.Rows) > 0 {
		blocks = append(blocks, t)
	}
	return append(blocks, exampleTable(rs))
}

// reasonList says in words why, and what to supply.
func reasonList(rs []ReasonFigures) *List {
	l := &List{}
	for i := range rs {
		if i == shownReasons {
			break
		}
		r := &rs[i]
		line := say(strong(upperFirst(r.Title)), " ("+reasonCounts(r)+"; "+r.Code+"). "+r.Doc)
		if s := reasonParts(r); s != "" {
			line = append(line, say(" Here: "+s+".")...)
		}
		line = append(line, say(" ", strong("Supply:"), " "+r.Supply)...)
		if len(r.Examples) > 0 {
			e := &r.Examples[0]
			line = append(line, say(" For example: analyze explain "+e.SignIn+".")...)
		}
		l.Items = append(l.Items, line)
	}
	return l
}

// reasonCounts are the figures of a reason. Results and conditions are counted apart:
// where only a condition differs, the result is the same all the same.
func reasonCounts(r *ReasonFigures) string {
	var parts []string
	if r.Results > 0 {
		parts = append(parts, wholeOf(float64(r.Results), "result differs", "results differ"))
	}
	if n := r.Disagree - r.Results; n > 0 {
		parts = append(parts, whole(float64(n))+verb(int(n), " differs", " differ")+" in a condition only")
	}
	if r.Unknown > 0 {
		parts = append(parts, whole(float64(r.Unknown))+" could not be told")
	}
	if r.Learned > 0 {
		parts = append(parts, whole(float64(r.Learned))+" of all these settled by what the log proved")
	}
	return strings.Join(parts, ", ")
}

// reasonGroup is what of one policy is in question, over all subjects.
type reasonGroup struct {
	ReasonPart
	subjects []ReasonPart // most first
}

// groupParts sums a reason up by policy and item, most first.
func groupParts(ps []ReasonPart) []reasonGroup {
	var out []reasonGroup
	at := map[[2]string]int{}
	for _, p := range sortedParts(ps) {
		k := [2]string{p.Policy, p.Item}
		n, ok := at[k]
		if !ok {
			n = len(out)
			at[k] = n
			out = append(out, reasonGroup{ReasonPart: ReasonPart{Policy: p.Policy, Item: p.Item}})
		}
		g := &out[n]
		g.Disagree += p.Disagree
		g.Results += p.Results
		g.Unknown += p.Unknown
		g.Learned += p.Learned
		if p.Subject != "" {
			g.subjects = append(g.subjects, p)
		}
	}
	slices.SortStableFunc(out, func(a, b reasonGroup) int { return cmp.Compare(b.count(), a.count()) })
	return out
}

func (p *ReasonPart) count() int64 { return p.Disagree + p.Unknown }

// What is named in words: parts of a reason, and subjects of a part.
const (
	shownParts    = 3
	shownSubjects = 4
)

// subjectWords name the sign-ins of a group, "" for nothing to tell apart.
func (g *reasonGroup) subjectWords() string {
	var out []string
	for i := range g.subjects {
		if i == shownSubjects {
			return strings.Join(out, ", ") + " and " + plural(len(g.subjects)-i, "other", "others")
		}
		s := &g.subjects[i]
		out = append(out, s.Subject+" ("+whole(float64(s.count()))+")")
	}
	return strings.Join(out, ", ")
}

func reasonParts(r *ReasonFigures) string {
	var out []string
	gs := groupParts(r.Parts)
	for i := range gs {
		g := &gs[i]
		if len(out) == shownParts {
			out = append(out, plural(len(gs)-i, "more line", "more lines")+" in the table")
			break
		}
		words := cmp.Or(strings.Join(slices.DeleteFunc([]string{g.Policy, g.Item}, func(s string) bool { return s == "" }), ", "), "a policy without a name")
		words += " (" + whole(float64(g.count())) + ")"
		if s := g.subjectWords(); s != "" {
			words += ": " + s
		}
		out = append(out, words)
	}
	return strings.Join(out, "; ")
}

func sortedParts(ps []ReasonPart) []ReasonPart {
	ps = slices.Clone(ps)
	slices.SortFunc(ps, func(a, b ReasonPart) int {
		return cmp.Or(cmp.Compare(b.count(), a.count()), cmp.Compare(a.Policy, b.Policy), cmp.Compare(a.Item, b.Item), cmp.Compare(a.Subject, b.Subject))
	})
	return ps
}

func reasonTable(rs []ReasonFigures) *Table {
	t := &Table{Name: "fidelity-reasons", Caption: "Why results or conditions differ, or could not be told, by policy and what of it is in question", Head: 3, Depth: DepthFolded, Shown: shownPeople, Columns: []Column{
		{Key: "reason", Name: "Reason", Unit: UnitID},
		{Key: "policy", Name: "Policy"},
		{Key: "item", Name: "Of the policy"},
		{Key: "subjects", Name: "Of the sign-ins", Minor: 2},
		{Key: "results", Name: "Results differ", Unit: UnitCount, Source: Replayed},
		{Key: "conditions", Name: "A condition only", Unit: UnitCount, Source: Replayed},
		{Key: "open", Name: "Not told", Unit: UnitCount, Source: Replayed},
		{Key: "learned", Name: "Settled by the log", Unit: UnitCount, Source: Replayed, Minor: 3},
	}}
	for i := range rs {
		for _, g := range groupParts(rs[i].Parts) {
			t.add(text(rs[i].Code), text(g.Policy), text(g.Item), text(g.subjectWords()), count(g.Results), count(g.Disagree-g.Results), count(g.Unknown), count(g.Learned))
		}
	}
	return t
}

// subjectTable tells the sign-ins apart where a reason does.
func subjectTable(rs []ReasonFigures) *Table {
	t := &Table{Name: "fidelity-subjects", Caption: "The same, by what of the sign-ins is in question", Head: 4, Depth: DepthExtra, Shown: shownPeople, Columns: []Column{
		{Key: "reason", Name: "Reason", Unit: UnitID},
		{Key: "policy", Name: "Policy"},
		{Key: "item", Name: "Of the policy"},
		{Key: "subject", Name: "Of the sign-ins"},
		{Key: "results", Name: "Results differ", Unit: UnitCount, Source: Replayed},
		{Key: "conditions", Name: "A condition only", Unit: UnitCount, Source: Replayed},
		{Key: "open", Name: "Not told", Unit: UnitCount, Source: Replayed},
		{Key: "learned", Name: "Settled by the log", Unit: UnitCount, Source: Replayed, Minor: 2},
	}}
	for i := range rs {
		for _, p := range sortedParts(rs[i].Parts) {
			if p.Subject != "" {
				t.add(text(rs[i].Code), text(p.Policy), text(p.Item), text(p.Subject), count(p.Results), count(p.Disagree-p.Results), count(p.Unknown), count(p.Learned))
			}
		}
	}
	return t
}

func exampleTable(rs []ReasonFigures) *Table {
	t := &Table{Name: "fidelity-examples", Caption: "Examples, for analyze explain", Head: 2, Depth: DepthExtra, Shown: shownPeople, Columns: []Column{
		{Key: "reason", Name: "Reason", Unit: UnitID},
		{Key: "policy", Name: "Policy"},
		{Key: "sign_in", Name: "Sign-in", Unit: UnitID},
		{Key: "recorded", Name: "Log"},
		{Key: "replayed", Name: "Replay"},
		{Key: "conditions", Name: "Conditions", Minor: 1},
	}}
	for i := range rs {
		for _, e := range rs[i].Examples {
			t.add(text(rs[i].Code), text(e.Policy), text(e.SignIn), text(e.Recorded), text(e.Replayed), text(strings.Join(e.Conditions, ", ")))
		}
	}
	return t
}
