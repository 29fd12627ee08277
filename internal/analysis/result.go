package analysis

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"syscall"

	"frisk/internal/dataset"
	"frisk/internal/exceptions"
	"frisk/internal/replay"
	"frisk/internal/report"
	"frisk/internal/risk"
	"frisk/internal/signin"
	"frisk/internal/workaround"
)

// Result is an assessed and replayed dataset, ready to be shown. It holds no
// files open.
type Result struct {
	Model *report.Model
	Tally *replay.Tally

	cfg         *Config
	dataset     *dataset.Dataset
	state       string // of the dataset the result is of; see stateOf
	around      *surroundings
	learned     *replay.Learned
	constants   *constants
	names       map[string]string // last seen name by person key
	findings    []risk.Finding
	exceptions  []exceptions.Finding // of requests
	requests    *exceptions.Report
	excluded    []exceptions.Excluded // nil = not looked at; see watchExcluded
	workarounds *workaround.Result
	events      resolver // the sign-ins that are shown
	incidents   []risk.Incident
	incidentOf  []string // by finding; "" = none
	attacks     *shardTable[signin.Ref, attackRow]
	attribution *shardTable[attributed, attributionRow]
	risk        risk.Config
	labels      *risk.Labels
	scores      []scored
	calibration *risk.Calibration // nil without enough answers
	calibrated  *Calibrated       // nil without any answer
	from, until signin.Time
}

// urgent are the notices about policies a user should see at once: what they
// say changes whose policies are replayed.
var urgent = []string{codePlaceholder, codeForeign, "folder-date", "edit-unread"}

// Assess runs both phases over the dataset and builds the report. It writes
// the derived tables that SQL joins with.
func Assess(ctx context.Context, cfg *Config, opt Options) (*Result, error) {
	d, err := openDataset(cfg, &opt)
	if err != nil {
		return nil, err
	}
	around, err := loadSurroundings(cfg)
	if err != nil {
		return nil, err
	}
	r := &Result{cfg: cfg, dataset: d, around: around, events: resolver{}}
	rc, err := cfg.riskConfig()
	if err != nil {
		return nil, err
	}
	r.risk = rc
	if r.labels, err = cfg.loadLabels(); err != nil {
		return nil, err
	}
	if r.constants, err = cfg.constants(); err != nil {
		return nil, err
	}
	if around.joins, err = joinsOf(d, cfg); err != nil {
		return nil, err
	}
	m := d.Manifest()
	if err := around.addToday(m.Span()); err != nil {
		return nil, err
	}
	for _, n := range around.notices {
		if slices.Contains(urgent, n.Code) {
			opt.warn(strings.Trim(n.Message+"; "+n.Fix, "; "))
		}
	}
	seen, err := around.look(ctx, d, rc, &opt)
	if err != nil {
		return nil, fmt.Errorf("look at networks: %w", err)
	}
	r.learned = seen.learned
	if err := around.learn(cfg, seen.learned); err != nil {
		return nil, err
	}
	pc, need := r.plan()
	rd, err := d.Reader(need)
	if err != nil {
		return nil, err
	}
	m = rd.Manifest()
	r.state = stateOf(&m)
	r.from, r.until = m.Span()
	err = r.finish(ctx, rd, seen.nets, pc, rc, &opt)
	if err := closeAll(err, rd); err != nil {
		return nil, fmt.Errorf("assess: %w", err)
	}
	if err := r.WriteTables(); err != nil {
		if !errors.Is(err, fs.ErrPermission) && !errors.Is(err, syscall.EROFS) {
			return nil, err
		}
		// Whoever may only read the dataset still gets the answer.
		opt.warn("findings, workspaces and groups were not written for SQL: " + err.Error())
	}
	return r, nil
}

// plan is what the second phase replays and the columns it reads.
func (r *Result) plan() (replay.Config, signin.Need) {
	pc := replay.Config{
		Engines: r.around.engines, Baseline: r.around.baseline, Plain: r.around.plain, RememberMFA: r.around.rememberMFA(), Directory: r.around.dir, Groups: r.around.reportGroups(), Masks: true, Pass: r.constants.passes,
	}
	need := risk.Need(risk.Detectors()).Or(r.around.attributor.Need()).Or(pc.Need()).Or(workaround.Need())
	need.Dims[signin.DimPrincipalName] = true
	if r.labels.Len() > 0 {
		need = need.Or(risk.LabelsNeed())
	}
	return pc, need
}

func (r *Result) finish(ctx context.Context, rd *dataset.Reader, nets *risk.Networks, pc replay.Config, rc risk.Config, opt *Options) error {
	if err := r.assessPeople(ctx, rd, nets, pc, rc, opt); err != nil {
		return err
	}
	r.judgeRequests(rc)
	refs := risk.Refs(r.findings)
	for i := range r.scores {
		refs = append(refs, r.scores[i].ref)
	}
	for i := range r.Tally.Changes {
		if c := &r.Tally.Changes[i]; c.At != 0 {
			refs = append(refs, c.Example)
		}
	}
	for i := range r.Tally.Fidelity.Policies {
		for _, e := range r.Tally.Fidelity.Policies[i].Examples {
			refs = append(refs, e.Ref)
		}
	}
	refs = append(refs, verifyRefs(&r.Tally.Fidelity)...)
	refs = append(refs, r.workaroundRefs()...)
	if err := r.events.fetch(ctx, rd, refs); err != nil {
		return err
	}
	r.groupIncidents(nets, rc)
	r.Model = report.Build(r.input())
	return nil
}

// reportGroups are the ids of the groups that make rows of the report.
func (s *surroundings) reportGroups() []string {
	if s.groups != nil {
		return s.groups
	}
	var out []string
	for _, g := range s.dir.Groups() {
		out = append(out, g.ID)
	}
	return out
}
