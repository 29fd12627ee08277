package workaround

import (
	"testing"

	"frisk/internal/signin"
	"frisk/internal/synth"
)

// BenchmarkPerson is the cost per row over a world in which most people are
// stopped now and then, and over one in which nobody is.
func BenchmarkPerson(b *testing.B) {
	for _, calm := range []bool{true, false} {
		name := "stopped"
		if calm {
			name = "calm"
		}
		b.Run(name, func(b *testing.B) {
			sym := signin.NewSymbols()
			var people []Person
			rows := 0
			for p := range synth.Ways(synth.WaysConfig{Seed: 5, People: 300, Null: true}) {
				q := Person{Key: p.Key, Accounts: p.Accounts, Account: p.Account}
				for i := range p.Events {
					if r := signin.RowOf(&p.Events[i], sym); !calm || r.Outcome() == signin.Success {
						q.Rows = append(q.Rows, r)
					}
				}
				rows += len(q.Rows)
				people = append(people, q)
			}
			w := New(Env{DevicePeople: func(string) int { return 0 }}, sym)
			b.ResetTimer()
			for b.Loop() {
				w.tally = NewTally()
				for i := range people {
					w.Person(&people[i])
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(rows), "ns/row")
		})
	}
}
