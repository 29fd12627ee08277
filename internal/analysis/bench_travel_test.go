package analysis

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"frisk/internal/dataset"
	"frisk/internal/risk"
	"frisk/internal/signin"
)

// travelJob reads every history and runs the travel detector over it, alone: both
// phases, as a report does. With Set "second" only the second, without what is
// learned across people.
func travelJob(ctx context.Context, j *job) (outcome, error) {
	detectors := slices.DeleteFunc(risk.Detectors(), func(d risk.Detector) bool { return d.Name != "impossible-travel" })
	d, err := dataset.Open(j.Data)
	if err != nil {
		return outcome{}, err
	}
	var findings atomic.Int64
	first := 0.0
	o, err := measure(func() (int64, error) {
		begin := time.Now()
		var nets *risk.Networks
		if j.Set != "second" {
			var err error
			if nets, err = travelNetworks(ctx, d, detectors); err != nil {
				return 0, err
			}
		}
		first = time.Since(begin).Seconds()
		r, err := d.Reader(risk.Need(detectors))
		if err != nil {
			return 0, err
		}
		type worker struct {
			sym *signin.Symbols
			a   *risk.Assessor
		}
		var rows atomic.Int64
		_, err = eachShard(ctx, &Options{Threads: benchThreads}, func() *worker {
			sym := signin.NewSymbols()
			return &worker{sym, risk.NewAssessor(risk.Defaults(), detectors, nets, nil, sym)}
		}, func(ctx context.Context, w *worker, shard int) error {
			for h, err := range r.People(ctx, shard, w.sym) {
				if err != nil {
					return err
				}
				rows.Add(int64(len(h.Rows)))
				findings.Add(int64(len(w.a.Person(h.Person(), h.Rows).Findings)))
			}
			return nil
		})
		return rows.Load(), closeAll(err, r)
	})
	if o.Extra != nil {
		o.Extra["findings"], o.Extra["first"] = float64(findings.Load()), first
	}
	return o, err
}

// travelNetworks is the first phase.
func travelNetworks(ctx context.Context, d *dataset.Dataset, detectors []risk.Detector) (*risk.Networks, error) {
	r, err := d.Reader(risk.NetworksNeedFor(detectors))
	if err != nil {
		return nil, err
	}
	type worker struct {
		sym  *signin.Symbols
		nets *risk.Networks
	}
	workers, err := eachShard(ctx, &Options{Threads: benchThreads}, func() *worker {
		return &worker{signin.NewSymbols(), risk.NewNetworksFor(risk.Defaults(), detectors)}
	}, func(ctx context.Context, w *worker, shard int) error {
		for h, err := range r.People(ctx, shard, w.sym) {
			if err != nil {
				return err
			}
			for i := range h.Rows {
				w.nets.Observe(&h.Rows[i], w.sym)
			}
		}
		return nil
	})
	if err = closeAll(err, r); err != nil {
		return nil, err
	}
	nets := risk.NewNetworksFor(risk.Defaults(), detectors)
	for _, w := range workers {
		nets.Merge(w.nets)
	}
	nets.Seal()
	return nets, nil
}

// The baseline: great-circle distance and speed between each row of a person
// and the one before, the fastest of the eight forms tried in SQL (times as whole
// microseconds, ordered by time alone, people told apart by the hash of their id, a
// step to the same point not worked out, the filter inside). It knows no radius, no anchor,
// no blame and no suppression.
const duckTravel = `SELECT count(*), count(*) FILTER (WHERE km > 500 AND km * 3.6e9 > 1000 * us), sum(km) FROM (
 SELECT t - pt AS us, CASE WHEN pt IS NOT NULL AND (la <> pla OR lo <> plo)
  THEN 2 * 6371.0088 * asin(least(1, sqrt(pow(sin((la - pla) / 2), 2) + cos(pla) * cos(la) * pow(sin((lo - plo) / 2), 2)))) ELSE 0 END AS km FROM (
  SELECT t, la, lo, lag(t) OVER w AS pt, lag(la) OVER w AS pla, lag(lo) OVER w AS plo FROM (
   SELECT hash(principal_id) AS who, epoch_us(time) AS t, radians(lat) AS la, radians(lon) AS lo FROM read_parquet([%s]) %s)
  WINDOW w AS (PARTITION BY who ORDER BY t)))`

// duckTravelJob runs the baseline over all rows, or, with Set "accepted", over
// interactive successes with a position.
func duckTravelJob(ctx context.Context, j *job) (outcome, error) {
	runs, err := filepath.Glob(filepath.Join(j.Data, "runs", "*.parquet"))
	if err != nil {
		return outcome{}, err
	}
	for i := range runs {
		runs[i] = sqlText(runs[i])
	}
	where := ""
	if j.Set == "accepted" {
		where = "WHERE stream = 'interactive' AND outcome = 'success' AND lat IS NOT NULL"
	}
	return duckJob(ctx, "SET preserve_insertion_order = false", fmt.Sprintf(duckTravel, strings.Join(runs, ", "), where))
}

func benchTravel(b *testing.B, s *setting) {
	data := s.dataset(b)
	for b.Loop() {
		var ours, second, rule, ruleAll, all, some series
		for range s.rounds {
			ours = append(ours, spawn(b, job{Name: "travel", Data: data}))
			all = append(all, spawn(b, job{Name: "duck-travel", Data: data}))
			rule = append(rule, spawn(b, job{Name: "naive", Data: data}))
			some = append(some, spawn(b, job{Name: "duck-travel", Data: data, Set: "accepted"}))
			second = append(second, spawn(b, job{Name: "travel", Data: data, Set: "second"}))
			ruleAll = append(ruleAll, spawn(b, job{Name: "naive", Data: data, Set: "all"}))
		}
		ours.check(b, "travel", s.rows)
		second.check(b, "travel, second phase", s.rows)
		all.check(b, "duckdb", s.rows)
		ruleAll.check(b, "naive", s.rows)
		if r, d := &rule[0], &some[0]; r.Rows != d.Rows || r.Extra["alerts"] != d.Extra["second"] {
			b.Fatalf("the naive rule: %d rows and %v alerts, DuckDB %d and %v", r.Rows, r.Extra["alerts"], d.Rows, d.Extra["second"])
		}
		ours.report(b, s.rows, 0, all)
		b.ReportMetric(float64(s.rows)/second.seconds(), "second-phase-rows/s")
		b.ReportMetric(rule.seconds(), "naive-wall-s")
		b.ReportMetric(ruleAll.seconds(), "naive-all-wall-s")
		b.ReportMetric(some.seconds(), "duckdb-accepted-wall-s")
		b.ReportMetric(some.seconds()/rule.seconds(), "x-naive-wall")
		b.ReportMetric(some.cpu()/rule.cpu(), "x-naive-cpu")
		b.ReportMetric(all.seconds()/ruleAll.seconds(), "x-naive-all-wall")
		b.ReportMetric(some.seconds()/ours.seconds(), "x-accepted-wall")
		b.ReportMetric(float64(some[0].Rows), "accepted-rows")
		b.ReportMetric(ours[0].Extra["findings"], "findings")
	}
}
