package analysis

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"

	"frisk/internal/dataset"
	"frisk/internal/replay"
	"frisk/internal/risk"
	"frisk/internal/signin"
	"frisk/internal/workaround"

	"golang.org/x/sync/errgroup"
)

// shardBlock is how many neighbouring shards a worker takes at a time: a reader
// reuses pages and dictionaries when it goes on where it stopped.
const shardBlock = 4

// eachShard runs work over every shard with as many workers as the options
// say. newWorker makes what one worker keeps across shards; work is called with
// it for one shard at a time. The first error stops all.
func eachShard[W any](ctx context.Context, opt *Options, newWorker func() W, work func(context.Context, W, int) error) ([]W, error) {
	var next atomic.Int64
	n := min(opt.threads(), signin.Shards)
	workers := make([]W, n)
	g, ctx := errgroup.WithContext(ctx)
	for i := range n {
		workers[i] = newWorker()
		g.Go(func() error {
			for {
				first := int(next.Add(shardBlock)) - shardBlock
				if first >= signin.Shards {
					return nil
				}
				for shard := first; shard < first+shardBlock; shard++ {
					if err := work(ctx, workers[i], shard); err != nil {
						return err
					}
				}
			}
		})
	}
	return workers, g.Wait()
}

// counted reports rows to a Progress from several workers.
type counted struct {
	mu sync.Mutex
	p  Progress
}

func (c *counted) add(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.p.Add(int64(n))
}

// looked is what the first phase finds out before people are judged.
type looked struct {
	nets    *risk.Networks
	learned *replay.Learned // nil without current policies
}

// look is the first phase: what each source address did, across people, and
// what the log's own results prove of memberships and app groups.
func (s *surroundings) look(ctx context.Context, d *dataset.Dataset, cfg risk.Config, opt *Options) (*looked, error) {
	need := risk.NetworksNeed()
	if several(d) {
		need = need.Or(risk.AttemptsNeed())
	}
	if len(s.engines) > 0 {
		need = need.Or(replay.LearnerNeed())
	}
	r, err := d.Reader(need)
	if err != nil {
		return nil, err
	}
	type worker struct {
		sym     *signin.Symbols
		nets    *risk.Networks
		learner *replay.Learner
	}
	p := opt.progress()
	m := r.Manifest()
	p.Stage("looking at networks", m.Rows(), false)
	defer p.Done()
	c := &counted{p: p}
	workers, err := eachShard(ctx, opt, func() *worker {
		w := &worker{sym: signin.NewSymbols(), nets: risk.NewNetworks(cfg)}
		if s.joins != nil {
			w.nets.PersonOf = s.joins.of
		}
		if len(s.engines) > 0 {
			w.learner = replay.NewLearner(s.engines[0].Set(), s.dir, w.sym)
		}
		return w
	}, func(ctx context.Context, w *worker, shard int) error {
		for h, err := range r.People(ctx, shard, w.sym) {
			if err != nil {
				return err
			}
			for i := range h.Rows {
				w.nets.Observe(&h.Rows[i], w.sym)
			}
			if w.learner != nil {
				w.learner.Person(replay.History(h))
			}
			c.add(len(h.Rows))
		}
		return nil
	})
	if err != nil {
		return nil, closeAll(err, r)
	}
	out := &looked{nets: workers[0].nets}
	for i, w := range workers {
		if i > 0 {
			out.nets.Merge(w.nets)
		}
		switch {
		case w.learner == nil:
		case out.learned == nil:
			out.learned = w.learner.Learned()
		default:
			out.learned.Merge(w.learner.Learned())
		}
	}
	out.nets.Seal()
	return out, r.Close()
}

// several reports that the dataset has rows of a provider that writes more than
// one row about a try. Entra writes one, and reading what joins rows is dear.
func several(d *dataset.Dataset) bool {
	m := d.Manifest()
	for i := range m.Runs {
		for _, t := range m.Runs[i].Tenants {
			if !signin.AttemptRuleOf(t.Provider).EachRow {
				return true
			}
		}
	}
	return false
}

// personWorker does the second phase for one person at a time and keeps what
// is needed of them.
type personWorker struct {
	sym       *signin.Symbols
	assessor  *risk.Assessor
	replay    *replay.Worker
	shares    shares
	ways      *workaround.Worker
	excluded  *exclusionWatcher
	confirmed confirmed
	runs      []string // base names of the run files
	joins     *joins
	merged    merged

	scores   scoreKeeper
	findings []risk.Finding
	names    map[string]string
	// Of the shard at hand; there may be one for every sign-in.
	attacks     []signin.Ref
	attribution []attributed
	decisions   []decisionRow
}

// decided keeps one decision for the shard's table.
func (w *personWorker) decided(d *replay.Decision) {
	w.decisions = append(w.decisions, decisionRow{
		Run: w.runs[d.Ref.Run], Row: int64(d.Ref.Row), Time: int64(d.Time), PrincipalID: risk.PersonID(d.Person), Set: d.Set,
		Verdict: d.Verdict, Best: d.Best, Worst: d.Worst, Controls: d.Controls, Policies: d.Policies, Unknown: d.Unknown,
		Score: d.Score, Attack: d.Attack,
	})
}

// writeDecisions writes the shard's table, so that memory holds one shard.
func (w *personWorker) writeDecisions(folder string, shard int) error {
	rows := w.decisions
	w.decisions = w.decisions[:0]
	return dataset.WriteTable(filepath.Join(folder, fmt.Sprintf("shard-%02d.parquet", shard)), slices.Values(rows))
}

// person judges one person: risk sees all accounts as one history, policies are
// replayed account by account.
func (w *personWorker) person(hs personal) {
	findings, by := assess(w.assessor, &w.merged, hs, w.sym)
	w.scores.person(hs, by, findings)
	for i := range findings {
		w.findings = append(w.findings, findings[i].Clone())
	}
	w.showPerson(hs, by)
	w.confirm()
	for k := range hs {
		w.account(&hs[k], by[k], k > 0)
	}
}

// account replays one account; more says that the one before is the same person's.
func (w *personWorker) account(h *dataset.History, a risk.Assessed, more bool) {
	w.excluded.account(h)
	w.attribution = w.shares.account(h.Rows, w.sym, w.attribution)
	key := h.Person()
	w.replay.PersonOf(w.joins.of(key), replay.History(*h), a, more)
	if n := len(h.Rows); n > 0 {
		w.names[key] = w.sym.Text(&h.Rows[n-1], signin.DimPrincipalName)
	}
	for i := range h.Rows {
		row := &h.Rows[i]
		if a.Attack[i] {
			w.attacks = append(w.attacks, row.Ref)
		}
	}
}

// assessPeople is the second phase: findings, scores, workspaces and replay,
// one person at a time. It fills r and writes, under a name of their own until
// WriteTables, the tables that have a row for many sign-ins.
func (r *Result) assessPeople(ctx context.Context, rd *dataset.Reader, nets *risk.Networks, cfg replay.Config, rc risk.Config, opt *Options) error {
	p := opt.progress()
	m := rd.Manifest()
	p.Stage("replaying people", m.Rows(), false)
	defer p.Done()
	c := &counted{p: p}
	base := r.around.attributor
	runs := make([]string, len(m.Runs))
	for i := range m.Runs {
		runs[i] = filepath.Base(m.Runs[i].Name) + ".parquet"
	}
	r.openTables(runs)
	env := r.workaroundEnv(rc, nets)
	watch, err := r.watchExcluded(rc)
	if err != nil {
		return err
	}
	workers, err := eachShard(ctx, opt, func() *personWorker {
		w := &personWorker{
			sym: signin.NewSymbols(), runs: runs, joins: r.around.joins,
			shares: shares{of: base.Fork()}, names: map[string]string{},
		}
		w.assessor = risk.NewAssessor(rc, risk.Detectors(), nets, r.around.dir, w.sym)
		w.assessor.UseLabels(r.labels)
		w.ways = workaround.New(env, w.sym)
		w.excluded = watch.worker(w.sym)
		mine := cfg
		mine.Attribute = w.shares.Attribute
		if opt.Decisions {
			mine.Decisions = w.decided
		}
		w.replay = replay.New(mine, w.sym)
		return w
	}, func(ctx context.Context, w *personWorker, shard int) error {
		w.attacks, w.attribution = r.attacks.buffer(), r.attribution.buffer()
		for hs, err := range w.joins.people(ctx, rd, shard, w.sym) {
			if err != nil {
				return err
			}
			w.person(hs)
			for i := range hs {
				c.add(len(hs[i].Rows))
			}
		}
		r.attacks.add(shard, w.attacks)
		r.attribution.add(shard, w.attribution)
		if opt.Decisions {
			return w.writeDecisions(decisionFolder(r.dataset, r.state), shard)
		}
		return nil
	})
	if err := r.closeTables(err); err != nil {
		return err
	}
	r.gather(workers, nets, rc)
	r.gatherScores(workers)
	r.excluded = watch.excludedPeople(workers)
	return nil
}
