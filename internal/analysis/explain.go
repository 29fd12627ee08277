package analysis

import (
	"context"
	"fmt"
	"slices"

	"frisk/internal/dataset"
	"frisk/internal/policy"
	"frisk/internal/replay"
	"frisk/internal/risk"
	"frisk/internal/signin"
)

// Explanation is everything about one sign-in.
type Explanation struct {
	Event   ExplainedEvent   `json:"event"`
	Sets    []SetExplanation `json:"sets"`
	Risk    float64          `json:"risk"`  // score, 0 to 1
	Score   risk.ScoreParts  `json:"score"` // what it was made of
	Attack  bool             `json:"attack"`
	Finding []risk.Encoded   `json:"findings,omitempty"` // those that name the sign-in
	Work    []WorkShare      `json:"workspaces"`
	// Names gives the ids in the reasons and facts the names that the row, the
	// exports and the list of well-known apps know.
	Names map[string]string `json:"names,omitempty"`
}

// ExplainedEvent is the sign-in as stored, in the words of the log.
type ExplainedEvent struct {
	ID          string                  `json:"id"`
	Time        string                  `json:"time"`
	Provider    string                  `json:"provider"`
	Stream      string                  `json:"stream,omitempty"`
	User        string                  `json:"user"`
	UserID      string                  `json:"userId"`
	App         string                  `json:"app,omitempty"`
	Resource    string                  `json:"resource,omitempty"`
	IP          string                  `json:"ip,omitempty"`
	Place       string                  `json:"place,omitempty"`
	Client      string                  `json:"client,omitempty"`
	Device      string                  `json:"device,omitempty"`
	Compliant   string                  `json:"compliant"`
	Trust       string                  `json:"trust,omitempty"`
	Outcome     string                  `json:"outcome"`
	Code        string                  `json:"code"`
	Reason      string                  `json:"reason,omitempty"`
	MFA         string                  `json:"mfa,omitempty"`
	Correlation string                  `json:"correlationId,omitempty"`
	File        string                  `json:"file"`
	Line        int64                   `json:"line"`
	Recorded    []signin.RecordedPolicy `json:"recorded,omitempty"`
}

// SetExplanation is what one policy set makes of it.
type SetExplanation struct {
	Name string `json:"name"`
	// State is the session before the sign-in; nil when it never reached policy.
	State *StateExplanation `json:"session,omitempty"`
	// Recorded holds the log's own results against the current set; nil for others.
	Recorded *RecordedCheck `json:"recorded,omitempty"`
	policy.Explanation
}

// StateExplanation is a session's proof in words.
type StateExplanation struct {
	MFA          string   `json:"mfa"` // whether the session carried an MFA claim
	Methods      []string `json:"methods,omitempty"`
	FirstFactor  string   `json:"firstFactor"` // age
	SecondFactor string   `json:"secondFactor"`
	PRT          string   `json:"primaryRefreshToken"`
	Joined       bool     `json:"joinedDevice"`
	Background   bool     `json:"background"` // nobody sat in front of it
}

// WorkShare is a part of the sign-in that belongs to a workspace.
type WorkShare struct {
	Workspace string  `json:"workspace"`
	Weight    float64 `json:"weight"`
	Tier      string  `json:"tier"`
}

// Explain replays the person's history up to the sign-in with this id, or with the
// only id that begins like this (8 characters or more), and says how every set decides it and why. Several sign-ins of one id (in several
// tenants) give one explanation each.
func Explain(ctx context.Context, cfg *Config, opt Options, id string) ([]Explanation, error) {
	d, err := openDataset(cfg, &opt)
	if err != nil {
		return nil, err
	}
	around, err := loadSurroundings(cfg)
	if err != nil {
		return nil, err
	}
	if len(around.engines) == 0 {
		return nil, fmt.Errorf("explain %q: %w", id, ErrNoPolicies)
	}
	rc, err := cfg.riskConfig()
	if err != nil {
		return nil, err
	}
	rd, err := d.Reader(signin.NeedAll())
	if err != nil {
		return nil, err
	}
	out, err := explain(ctx, cfg, d, rd, around, rc, id, &opt)
	return out, closeAll(err, rd)
}

// explain looks the sign-in up before it reads every history for what the
// networks did, so that a wrong id is told at once.
func explain(ctx context.Context, cfg *Config, d *dataset.Dataset, rd *dataset.Reader, around *surroundings, rc risk.Config, id string, opt *Options) ([]Explanation, error) {
	var err error
	if around.joins, err = joinsOf(d, cfg); err != nil {
		return nil, err
	}
	found, err := find(ctx, cfg, rd, id, opt)
	if err != nil {
		return nil, fmt.Errorf("explain %q: %w", id, err)
	}
	m := d.Manifest()
	if err := around.addToday(m.Span()); err != nil {
		return nil, err
	}
	seen, err := around.look(ctx, d, rc, opt)
	if err != nil {
		return nil, fmt.Errorf("look at networks: %w", err)
	}
	if err := around.learn(cfg, seen.learned); err != nil {
		return nil, err
	}
	labels, err := cfg.loadLabels()
	if err != nil {
		return nil, err
	}
	x := explainer{rd, around, seen.nets, rc, labels}
	var out []Explanation
	for i := range found {
		one, err := x.one(ctx, &found[i])
		if err != nil {
			return nil, fmt.Errorf("explain %q: %w", id, err)
		}
		out = append(out, *one)
	}
	return out, nil
}

// explainer is what explaining a sign-in needs.
type explainer struct {
	rd     *dataset.Reader
	around *surroundings
	nets   *risk.Networks
	risk   risk.Config
	labels *risk.Labels
}

func (x *explainer) one(ctx context.Context, f *dataset.Found) (*Explanation, error) {
	// Rows placed by an identity file that is gone may lie in any shard.
	guess := signin.Shard(x.around.joins.of(f.Event.Person()))
	for n := range signin.Shards {
		out, err := x.within(ctx, f, (guess+n)%signin.Shards)
		if out != nil || err != nil {
			return out, err
		}
	}
	return nil, ErrNotFound
}

// within looks for the sign-in in one shard; nil when it is not there.
func (x *explainer) within(ctx context.Context, f *dataset.Found, shard int) (*Explanation, error) {
	sym := signin.NewSymbols()
	person := f.Event.Person()
	for hs, err := range x.around.joins.people(ctx, x.rd, shard, sym) {
		if err != nil {
			return nil, err
		}
		for k := range hs {
			if hs[k].Person() != person {
				continue
			}
			for i := range hs[k].Rows {
				if hs[k].Rows[i].Ref == f.Ref {
					return x.row(ctx, sym, hs, k, i, &f.Event)
				}
			}
		}
	}
	return nil, nil
}

// row explains row i of account k of a person.
func (x *explainer) row(ctx context.Context, sym *signin.Symbols, hs personal, k, i int, e *signin.Event) (*Explanation, error) {
	account := hs[k].Person()
	assessor := risk.NewAssessor(x.risk, risk.Detectors(), x.nets, x.around.dir, sym)
	assessor.UseLabels(x.labels)
	findings, by := assess(assessor, &merged{}, hs, sym)
	k = slices.IndexFunc(hs, func(h dataset.History) bool { return h.Person() == account }) // assess sorts
	h, a := &hs[k], by[k]
	tracked := replay.Tracked(sym, h.Rows, i)
	row := &tracked
	states := replay.One(replay.Config{Engines: x.around.engines, RememberMFA: x.around.rememberMFA(), Directory: x.around.dir}, sym, replay.History(*h), a, i)
	out := &Explanation{Event: explainedEvent(e), Risk: float64(a.Score[i]), Score: a.Parts[i].Explain(&x.risk), Attack: a.Attack[i]}
	for n, engine := range x.around.engines {
		s := SetExplanation{Name: engine.Set().Name}
		state := policy.State{First: policy.AnyAge, Second: policy.AnyAge, PRT: policy.AnyAge}
		if n < len(states) {
			state = states[n]
			s.State = explainState(&state)
		}
		ev := engine.Evaluator(sym)
		s.Explanation = ev.Explain(row, &state)
		if n == 0 {
			s.Recorded = checkRecorded(ev, row, out.Event.Recorded, &s.Decision, &state)
		}
		out.Sets = append(out.Sets, s)
	}
	out.Names = namesIn(out, x.around, e)
	for _, share := range x.around.attributor.Fork().Attribute(row, sym) {
		name, _ := workspaceOf(x.around.dir.Workspaces, share)
		out.Work = append(out.Work, WorkShare{Workspace: name, Weight: share.Weight, Tier: share.Tier.String()})
	}
	var mine []risk.Finding
	for k := range findings {
		if slices.Contains(findings[k].Events, row.Ref) {
			mine = append(mine, findings[k].Clone())
		}
	}
	events := resolver{}
	if err := events.fetch(ctx, x.rd, risk.Refs(mine)); err != nil {
		return nil, err
	}
	for k := range mine {
		one := mine[k].Encode(events.id, nil)
		one.Person = x.around.joins.name(mine[k].Person)
		out.Finding = append(out.Finding, one)
	}
	return out, nil
}
