package analysis

import (
	"context"
	"math"
	"sync"

	"frisk/internal/dataset"
	"frisk/internal/signin"
)

// naive is what the naive rule counts: successive places of a person over 500 km
// apart, faster than 1,000 km/h. The sum of the distances is for comparison with
// DuckDB, which must work out all of them too.
type naive struct {
	rows, alerts int64
	km           float64
}

// track adds one person. A step to the same point is no distance.
func (n *naive) track(t *dataset.Track) {
	n.rows += int64(len(t.Time))
	const rad = math.Pi / 180
	for i := 1; i < len(t.Time); i++ {
		if t.Lat[i] == t.Lat[i-1] && t.Lon[i] == t.Lon[i-1] {
			continue
		}
		la, lb := t.Lat[i-1]*rad, t.Lat[i]*rad
		s, c := math.Sin((lb-la)/2), math.Sin((t.Lon[i]-t.Lon[i-1])*rad/2)
		km := 2 * 6371.0088 * math.Asin(math.Min(1, math.Sqrt(s*s+math.Cos(la)*math.Cos(lb)*c*c)))
		n.km += km
		if km > 500 && km*3.6e9 > 1000*float64(t.Time[i]-t.Time[i-1]) {
			n.alerts++
		}
	}
}

// naiveJob is the naive rule on our engine: place and time of interactive
// successes, nothing else read.
func naiveJob(ctx context.Context, j *job) (outcome, error) {
	d, err := dataset.Open(j.Data)
	if err != nil {
		return outcome{}, err
	}
	var sum naive
	o, err := measure(func() (int64, error) {
		r, err := d.Reader(signin.Need{})
		if err != nil {
			return 0, err
		}
		f := dataset.TrackFilter{Streams: []signin.Stream{signin.Interactive}, Outcomes: []signin.Outcome{signin.Success}}
		if j.Set == "all" {
			f = dataset.TrackFilter{}
		}
		var wg sync.WaitGroup
		parts, errs := make([]naive, benchThreads), make([]error, benchThreads)
		for w := range benchThreads { // neighbouring shards share pages
			wg.Go(func() {
				for t, err := range r.Tracks(ctx, w*signin.Shards/benchThreads, (w+1)*signin.Shards/benchThreads, f, signin.NewSymbols()) {
					if errs[w] = err; err != nil {
						return
					}
					parts[w].track(&t)
				}
			})
		}
		wg.Wait()
		for w := range parts {
			sum.rows += parts[w].rows
			sum.alerts += parts[w].alerts
			sum.km += parts[w].km
			if errs[w] != nil {
				err = errs[w]
			}
		}
		return sum.rows, closeAll(err, r)
	})
	if o.Extra != nil {
		o.Extra["alerts"], o.Extra["km"] = float64(sum.alerts), sum.km
	}
	return o, err
}
