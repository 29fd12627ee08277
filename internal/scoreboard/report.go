package scoreboard

import (
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"frisk/internal/synth"
)

// The targets of impossible travel (reference, detection 6, goal 1).
const (
	MostFalse   = 2.0  // per 1,000 sign-ins
	LeastRecall = 0.95 // of the attacks that an honest place in the log shows
)

// Report is a scoreboard: every rule under every view.
type Report struct {
	Schema  string   `json:"schema"`
	Seeds   []uint64 `json:"seeds"`
	People  int      `json:"people"`
	Days    int      `json:"days"`
	Scores  []Score  `json:"scores"`
	Targets []Target `json:"targets"`
}

// Target is what our travel detector reached under one view. Country and network
// number alone cannot reach the recall: they are stated, not asked for.
type Target struct {
	Known            string  `json:"known"`
	FalsePerThousand float64 `json:"false_per_1000"`
	Recall           float64 `json:"recall"`
	RecallShown      float64 `json:"recall_shown"`
	// Quiet and Found say whether the target is met: MostFalse, and LeastRecall of
	// those that an honest place shows. Of the others, no sign-in of the victim around
	// the attack says where the victim was, so a rule that finds them has guessed.
	// Asked: the target holds for this knowledge (coordinates, with devices or without).
	Asked bool `json:"asked"`
	Quiet bool `json:"quiet_enough"`
	Found bool `json:"found_enough"`
}

// Views are the variants of the documentation.
func Views() []synth.HostileView {
	v := func(k synth.Knowledge, lists, devices bool) synth.HostileView {
		return synth.HostileView{Knowledge: k, Lists: lists, Devices: devices}
	}
	return []synth.HostileView{
		v(synth.KnowRadius, true, true), v(synth.KnowRadius, false, true), v(synth.KnowRadius, true, false), v(synth.KnowRadius, false, false),
		v(synth.KnowPoints, true, true), v(synth.KnowPoints, false, true),
		v(synth.KnowCity, true, true), v(synth.KnowCountry, true, true), v(synth.KnowASN, true, true),
	}
}

// ParseViews reads words like "radius+lists+devices"; none gives Views. A word
// without + means with lists and devices; "+none" with neither.
func ParseViews(words []string) ([]synth.HostileView, error) {
	if len(words) == 0 {
		return Views(), nil
	}
	var out []synth.HostileView
	for _, w := range words {
		parts := strings.Split(w, "+")
		k, err := synth.ParseKnowledge(parts[0])
		if err != nil {
			return nil, err
		}
		v := synth.HostileView{Knowledge: k, Lists: len(parts) == 1, Devices: len(parts) == 1}
		for _, p := range parts[1:] {
			switch p {
			case "lists":
				v.Lists = true
			case "devices":
				v.Devices = true
			case "none":
			default:
				return nil, fmt.Errorf("unknown addition %q, want one of [\"devices\" \"lists\" \"none\"]", p)
			}
		}
		out = append(out, v)
	}
	return out, nil
}

// Make runs all rules and sums them up.
func Make(cfg synth.HostileConfig, seeds []uint64, views []synth.HostileView) Report {
	r := Report{Schema: "frisk.bench.travel/v1", Seeds: seeds, People: cfg.People, Days: cfg.Days}
	r.Scores = Run(cfg, seeds, views, Rules())
	for i := range r.Scores {
		if s := &r.Scores[i]; s.Rule == Travel {
			v := views[slices.IndexFunc(views, func(v synth.HostileView) bool { return v.String() == s.Known })]
			r.Targets = append(r.Targets, Target{
				Known: s.Known, FalsePerThousand: s.FalsePerThousand(), Recall: s.Recall(), RecallShown: s.RecallShown(),
				Asked: v.Devices && v.Knowledge <= synth.KnowPoints,
				Quiet: s.FalsePerThousand() <= MostFalse, Found: s.RecallShown() >= LeastRecall,
			})
		}
	}
	return r
}

// Met reports whether every target that is asked for is met.
func (r *Report) Met() bool {
	return !slices.ContainsFunc(r.Targets, func(t Target) bool { return t.Asked && !(t.Quiet && t.Found) })
}

func (t *Target) verdict() string {
	switch {
	case t.Quiet && t.Found:
		return "pass"
	case !t.Asked:
		return "not asked for"
	}
	return "FAIL"
}

// Text is the scoreboard for a terminal.
func (r *Report) Text() string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "%d worlds of %d people and %d days\n", len(r.Seeds), r.People, r.Days)
	known := ""
	for i := range r.Scores {
		s := &r.Scores[i]
		if s.Known != known {
			known = s.Known
			fmt.Fprintf(w, "\nThe log knows: %s (%d sign-ins, %d attacks that distance shows of %d)\n", known, s.SignIns, s.Attacks, s.Everything)
			fmt.Fprintln(w, "RULE\tFALSE / 1,000\tPRECISION\tFOUND\tOF ALL ATTACKS")
		}
		if s.Alerts == 0 {
			fmt.Fprintf(w, "%s\t-\t-\tsilent\t\n", s.Rule)
			continue
		}
		fmt.Fprintf(w, "%s\t%.1f\t%.3f\t%.1f %%\t%.1f %%\n", s.Rule, s.FalsePerThousand(), s.Precision(), 100*s.Recall(), 100*s.RecallAll())
	}
	fmt.Fprintf(w, "\nTargets of impossible travel: at most %g false alerts per 1,000 sign-ins, at least %g %% of attacks found\n", MostFalse, 100*LeastRecall)
	for i := range r.Targets {
		t := &r.Targets[i]
		fmt.Fprintf(w, "%s\t%s\t%.2f false\t%.1f %% found\t(%.1f %% of those an honest place shows)\n", t.verdict(), t.Known, t.FalsePerThousand, 100*t.Recall, 100*t.RecallShown)
	}
	if err := w.Flush(); err != nil { // a strings.Builder does not fail
		panic("scoreboard: " + err.Error())
	}
	return b.String()
}

// Markdown is the scoreboard of docs/detection.md: one table for the attacks that
// distance shows, a line per rule, a column per view.
func (r *Report) Markdown() string {
	var b strings.Builder
	var known, rules []string
	for i := range r.Scores {
		s := &r.Scores[i]
		if !slices.Contains(known, s.Known) {
			known = append(known, s.Known)
		}
		if !slices.Contains(rules, s.Rule) {
			rules = append(rules, s.Rule)
		}
	}
	at := func(rule, known string) *Score {
		return &r.Scores[slices.IndexFunc(r.Scores, func(s Score) bool { return s.Rule == rule && s.Known == known })]
	}
	first := at(rules[0], known[0])
	fmt.Fprintf(&b, "%d worlds (seeds %d to %d) of %d people and %d days: %s sign-ins, %d attacks. ", len(r.Seeds), r.Seeds[0], r.Seeds[len(r.Seeds)-1], r.People, r.Days, thousands(first.SignIns), first.Everything)
	b.WriteString("Each cell: false alerts per 1,000 sign-ins / attacks found, of those that distance shows.\n\n| Rule |")
	for _, k := range known {
		b.WriteString(" " + k + " |")
	}
	b.WriteString("\n|---|" + strings.Repeat("---|", len(known)) + "\n")
	for _, rule := range rules {
		b.WriteString("| " + rule + " |")
		for _, k := range known {
			s := at(rule, k)
			if s.Alerts == 0 {
				b.WriteString(" silent |")
				continue
			}
			fmt.Fprintf(&b, " %.1f / %.0f %% |", s.FalsePerThousand(), 100*s.Recall())
		}
		b.WriteString("\n")
	}
	b.WriteString("\n| Impossible travel, by knowledge | False / 1,000 | Precision | Found | Of those an honest place shows | All detectors: of all attacks | Target |\n|---|---|---|---|---|---|---|\n")
	for i := range r.Targets {
		t := &r.Targets[i]
		s, all := at(Travel, t.Known), at(AllDetectors, t.Known)
		fmt.Fprintf(&b, "| %s | %.2f | %.2f | %.1f %% | %.1f %% | %.1f %% | %s |\n", t.Known, t.FalsePerThousand, s.Precision(), 100*t.Recall, 100*t.RecallShown, 100*all.RecallAll(), t.verdict())
	}
	b.WriteString("\n| Kind of attack |")
	for _, k := range known {
		b.WriteString(" " + k + " |")
	}
	b.WriteString("\n|---|" + strings.Repeat("---|", len(known)) + "\n")
	for _, kind := range at(Travel, known[0]).ByKind {
		b.WriteString("| " + kind.Kind + " |")
		for _, k := range known {
			s, all := at(Travel, k), at(AllDetectors, k)
			fmt.Fprintf(&b, " %d, %d of %d |", s.kind(kind.Kind).Found, all.kind(kind.Kind).Found, kind.Of)
		}
		b.WriteString("\n")
	}
	b.WriteString("\nBy kind: found by impossible travel, by all detectors that label attack traffic, of how many.\n")
	return b.String()
}

func thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
