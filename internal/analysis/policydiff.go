package analysis

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"

	"frisk/internal/dataset"
	"frisk/internal/policy"
	"frisk/internal/policydiff"
	"frisk/internal/policytext"
	"frisk/internal/replay"
	"frisk/internal/risk"
	"frisk/internal/signin"
)

// PolicyDiff is what a second set of policies changes.
type PolicyDiff struct {
	*policydiff.Diff
	// Notes are what makes the comparison mean less than it seems.
	Notes []string `json:"notes,omitempty"`
	// Touched is whom it touches in the dataset; nil without one.
	Touched *Touched `json:"touched,omitempty"`
}

// Touched counts people whom the second set treats otherwise than the first over
// the history of the dataset. Each figure is people for certain and, in Maybe,
// those for whom it hangs on what the log does not tell.
type Touched struct {
	From          string      `json:"from"` // first and last sign-in, RFC 3339
	To            string      `json:"to"`
	People        int         `json:"people"` // replayed
	NewlyBlocked  TouchedPart `json:"newlyBlocked"`
	NewlyPrompted TouchedPart `json:"newlyPrompted"`
	Relieved      TouchedPart `json:"relieved"`
}

// TouchedPart is one kind of change.
type TouchedPart struct {
	People int `json:"people"`
	Maybe  int `json:"maybe"`
	// Policies are the people by the policy behind their example, most first; of
	// relieved people it is a policy of the first set.
	Policies []TouchedPolicy `json:"policies,omitempty"`
	// Who are the people, those for certain first, then by name.
	Who []TouchedPerson `json:"who,omitempty"`
}

// TouchedPerson is one of the people, with a sign-in that shows the change.
type TouchedPerson struct {
	Person  string `json:"person"`
	Certain bool   `json:"certain"`
	Policy  string `json:"policy,omitempty"`
	Control string `json:"control,omitempty"`
	// SignIn and Time are of the example; empty where no row of the log shows it.
	SignIn string `json:"signIn,omitempty"`
	Time   string `json:"time,omitempty"` // RFC 3339
}

// TouchedPolicy is the part of one policy.
type TouchedPolicy struct {
	Policy string `json:"policy"`
	People int    `json:"people"` // certain or not
}

// DiffPolicies compares the policies at a with those at b. Locations are for
// both sets unless locationsB names others. The directory of the configuration
// gives names and counts people; its dataset is replayed under both sets, as
// they are, for the whole history. Stand-ins of templates mean what cfg says of
// them; the others are left standing in the comparison, and in the replay are
// read as for a candidate. Of o, which cfg has applied already, AsEnabled counts
// the report-only policies of b as enabled.
func DiffPolicies(ctx context.Context, cfg *Config, opt Options, a, b string, locations, locationsB []string, o *Override) (*PolicyDiff, error) {
	if len(locations) == 0 {
		var err error
		if locations, err = glob(cfg.paths(cfg.Policies.Locations)); err != nil {
			return nil, err
		}
	}
	if len(locationsB) == 0 {
		locationsB = locations
	}
	dir, err := checkDirectory(cfg)
	if err != nil {
		return nil, err
	}
	old, _, err := policy.Load("A", []string{a}, locations)
	if err != nil {
		return nil, err
	}
	next, _, err := policy.Load("B", []string{b}, locationsB)
	if err != nil {
		return nil, err
	}
	for _, set := range []*policy.Set{old, next} {
		warnDuplicates(set, &opt)
	}
	old, next = old.Present(), next.Present()
	if err := unusedPlaceholder(o.placeholderNames(), old, next); err != nil {
		return nil, err
	}
	if old, err = fillKnown(cfg, dir, old); err != nil {
		return nil, err
	}
	if next, err = fillKnown(cfg, dir, next); err != nil {
		return nil, err
	}
	if o.AsEnabled {
		next = next.AsEnabled()
	}
	out := &PolicyDiff{Diff: policydiff.Compare(old, next, dir), Notes: diffNotes(old, next)}
	old, next = old.Fill(nil), next.Fill(nil)
	d, err := openDataset(cfg, &opt)
	if errors.Is(err, dataset.ErrNoDataset) {
		return out, nil
	}
	if err != nil {
		return nil, err
	}
	po, err := cfg.policyOptions()
	if err != nil {
		return nil, err
	}
	pc := replay.Config{Directory: dir}
	for i, set := range []*policy.Set{old, next} {
		// What the log recorded of named locations holds for the ranges of then.
		po.IgnoreRecordedLocations = i > 0 && hasKind(out.Items, "location")
		e, err := policy.NewEngine(set, dir, po)
		if err != nil {
			return nil, fmt.Errorf("policy set %q: %w", set.Name, err)
		}
		pc.Engines = append(pc.Engines, e)
	}
	out.Touched, err = touched(ctx, d, pc, &opt)
	return out, err
}

// warnDuplicates says when a set holds policies twice: then they cannot be
// matched one to one.
func warnDuplicates(set *policy.Set, opt *Options) {
	n := 0
	for _, notice := range set.Notices {
		if notice.Code == "duplicate-id" {
			n++
		}
	}
	if n > 0 && opt.Warn != nil {
		opt.Warn(fmt.Sprintf("%s holds %d policies or locations whose id another one has too: is the folder several sets?", set.Name, n))
	}
}

func hasKind(items []policydiff.Item, what string) bool {
	for i := range items {
		if items[i].What == what {
			return true
		}
	}
	return false
}

// diffNotes says what of the two sets a reader of their difference should know first.
func diffNotes(sets ...*policy.Set) []string {
	var out []string
	for _, set := range sets {
		enabled, trial := 0, 0
		for _, p := range set.Policies {
			switch p.State {
			case policy.Enabled:
				enabled++
			case policy.ReportOnly:
				trial++
			}
		}
		if enabled == 0 {
			text := fmt.Sprintf("%s enforces nothing: it has %s and none is enabled", set.Name, policytext.Count(len(set.Policies), "policy", "policies"))
			if trial > 0 {
				text += fmt.Sprintf(" (%d report-only)", trial)
				if set.Name == "B" {
					text += "; --as-enabled counts report-only ones as enabled"
				}
			}
			out = append(out, text)
		}
		var names []string
		for _, p := range set.Placeholders() {
			names = append(names, p.Name)
		}
		if n := len(names); n > 0 {
			const most = 5
			if n > most {
				names = append(names[:most], fmt.Sprintf("%d more", n-most))
			}
			out = append(out, fmt.Sprintf("%s names %s that stand for nothing of this tenant: where they are excluded nobody is left out, where they are included the answer is unknown; "+
				"--placeholder 'NAME=GROUP' says what they mean: %s", set.Name, policytext.Count(n, "placeholder", "placeholders"), strings.Join(names, ", ")))
		}
	}
	return out
}

// touched replays everybody under both sets.
func touched(ctx context.Context, d *dataset.Dataset, pc replay.Config, opt *Options) (*Touched, error) {
	need := pc.Need()
	need.Dims[signin.DimPrincipalName] = true
	r, err := d.Reader(need)
	if err != nil {
		return nil, err
	}
	out, err := touchedIn(ctx, r, pc, opt)
	return out, closeAll(err, r)
}

func touchedIn(ctx context.Context, r *dataset.Reader, pc replay.Config, opt *Options) (*Touched, error) {
	p := opt.progress()
	m := r.Manifest()
	p.Stage("replaying people", m.Rows(), false)
	defer p.Done()
	c := &counted{p: p}
	type worker struct {
		sym    *signin.Symbols
		replay *replay.Worker
		people int
		names  map[string]string // last seen in the log, by person
	}
	workers, err := eachShard(ctx, opt, func() *worker {
		sym := signin.NewSymbols()
		return &worker{sym: sym, replay: replay.New(pc, sym), names: map[string]string{}}
	}, func(ctx context.Context, w *worker, shard int) error {
		for h, err := range r.People(ctx, shard, w.sym) {
			if err != nil {
				return err
			}
			w.replay.Person(replay.History(h), risk.Assessed{})
			w.people++
			if n := len(h.Rows); n > 0 {
				w.names[h.Person()] = w.sym.Text(&h.Rows[n-1], signin.DimPrincipalName)
			}
			c.add(len(h.Rows))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	all := workers[0].replay.Tally()
	t := &teller{names: map[string]string{}, dir: pc.Directory, events: resolver{}}
	out := &Touched{}
	for i, w := range workers {
		if i > 0 {
			all.Merge(w.replay.Tally())
		}
		maps.Copy(t.names, w.names)
		out.People += w.people
	}
	var refs []signin.Ref
	for i := range all.Changes {
		if c := &all.Changes[i]; c.At != 0 {
			refs = append(refs, c.Example)
		}
	}
	if err := t.events.fetch(ctx, r, refs); err != nil {
		return nil, err
	}
	from, to := m.Span()
	out.From, out.To = from.String(), to.String()
	sets := [2]*policy.Set{pc.Engines[0].Set(), pc.Engines[1].Set()}
	out.NewlyBlocked = t.part(all.Changes, replay.NewlyBlocked, sets[1])
	out.NewlyPrompted = t.part(all.Changes, replay.NewlyPrompted, sets[1])
	out.Relieved = t.part(all.Changes, replay.Relieved, sets[0])
	return out, nil
}
