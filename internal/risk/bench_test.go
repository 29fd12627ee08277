package risk

import (
	"testing"

	"frisk/internal/signin"
)

// benchWorld is people who mostly sign in from where they were before.
func benchWorld(b *testing.B) (*world, int) {
	events := syntheticEvents(11, 200, 500)
	for i := range events {
		e := &events[i]
		if i%50 != 0 { // the plain path: home, known device
			e.Geo.Lat, e.Geo.Lon, e.Geo.Country = 59.91, 10.75, "NO"
			e.Outcome, e.Reason, e.Network, e.Risk, e.Client = signin.Success, 0, "", signin.Risk{}, "Browser"
		}
	}
	w := worldOf(events)
	n := 0
	for _, p := range w.people {
		n += len(w.rows[p])
	}
	b.ResetTimer()
	return w, n
}

func benchAssess(b *testing.B, ds []Detector) {
	w, n := benchWorld(b)
	a := NewAssessor(Defaults(), ds, w.networks(Defaults()), nil, w.sym)
	findings := 0
	b.ReportAllocs()
	for b.Loop() {
		findings = 0
		for _, p := range w.people {
			findings += len(a.Person(p, w.rows[p]).Findings)
		}
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
	b.ReportMetric(float64(findings), "findings")
}

func BenchmarkTravel(b *testing.B)    { benchAssess(b, []Detector{detector(b, "impossible-travel")}) }
func BenchmarkDetectors(b *testing.B) { benchAssess(b, Detectors()) }

func BenchmarkNetworks(b *testing.B) {
	w, n := benchWorld(b)
	b.ReportAllocs()
	for b.Loop() {
		w.networks(Defaults())
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
