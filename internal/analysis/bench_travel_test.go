package analysis

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"frisk/internal/dataset"
	"frisk/internal/risk"
	"frisk/internal/signin"
)

// travelJob reads every history and runs the travel detector over it, alone.
func travelJob(ctx context.Context, j *job) (outcome, error) {
	detectors := slices.DeleteFunc(risk.Detectors(), func(d risk.Detector) bool { return d.Name != "impossible-travel" })
	d, err := dataset.Open(j.Data)
	if err != nil {
		return outcome{}, err
	}
	var findings atomic.Int64
	o, err := measure(func() (int64, error) {
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
			return &worker{sym, risk.NewAssessor(risk.Defaults(), detectors, nil, nil, sym)}
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
		o.Extra["findings"] = float64(findings.Load())
	}
	return o, err
}

// The baseline: great-circle distance and speed between each row of a person
// and the one before, the fastest of the forms tried in SQL (times as whole
// microseconds, ordered by time alone). It knows no radius, no anchor, no blame
// and no suppression.
const duckTravel = `SELECT count(*), count(*) FILTER (WHERE km > 500 AND km * 3.6e9 > 1000 * us), sum(km) FROM (
 SELECT t - pt AS us, 2 * 6371.0088 * asin(least(1, sqrt(pow(sin((la - pla) / 2), 2) + cos(pla) * cos(la) * pow(sin((lo - plo) / 2), 2)))) AS km FROM (
  SELECT t, la, lo, lag(t) OVER w AS pt, lag(la) OVER w AS pla, lag(lo) OVER w AS plo FROM (
   SELECT principal_id, epoch_us(time) AS t, radians(lat) AS la, radians(lon) AS lo FROM read_parquet([%s]) %s)
  WINDOW w AS (PARTITION BY principal_id ORDER BY t)))`

// duckTravelJob runs the baseline over all rows, or, with Set "accepted", over
// those our detector compares: interactive, accepted, with a position.
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
		where = "WHERE stream IN ('interactive', 'unknown') AND outcome = 'success' AND lat IS NOT NULL"
	}
	return duckJob(ctx, "SET preserve_insertion_order = false", fmt.Sprintf(duckTravel, strings.Join(runs, ", "), where))
}

func benchTravel(b *testing.B, s *setting) {
	data := s.dataset(b)
	for b.Loop() {
		var ours, all, some series
		for range s.rounds {
			ours = append(ours, spawn(b, job{Name: "travel", Data: data}))
			all = append(all, spawn(b, job{Name: "duck-travel", Data: data}))
			some = append(some, spawn(b, job{Name: "duck-travel", Data: data, Set: "accepted"}))
		}
		ours.check(b, "travel", s.rows)
		all.check(b, "duckdb", s.rows)
		ours.report(b, s.rows, 0, all)
		b.ReportMetric(some.seconds(), "duckdb-accepted-wall-s")
		b.ReportMetric(some.seconds()/ours.seconds(), "x-accepted-wall")
		b.ReportMetric(float64(some[0].Rows), "accepted-rows")
		b.ReportMetric(ours[0].Extra["findings"], "findings")
	}
}
