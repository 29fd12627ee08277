package directory

import (
	"fmt"
	"testing"

	"frisk/internal/signin"
)

// A directory of 20,000 people in 10 groups each and 20 witnesses per
// membership: what laying them over costs, and what a question then costs.
func BenchmarkWitnesses(b *testing.B) {
	d := New()
	var ws []Witness
	for u := range 20_000 {
		id := fmt.Sprintf("u%05d", u)
		d.AddUser(User{ID: id})
		for g := range 10 {
			group := fmt.Sprintf("g%03d", (u+g*17)%400)
			d.AddMember(group, id, 0, 0)
			for i := range 20 {
				ws = append(ws, Witness{User: id, Group: group, From: t0 + signin.Time(i)*day, Holds: i != 7})
			}
		}
	}
	for g := range 400 {
		d.AddGroup(Group{ID: fmt.Sprintf("g%03d", g), Complete: true})
	}
	d.Seal()
	b.Run("lay", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			d.WithWitnesses(ws)
		}
		b.ReportMetric(float64(len(ws)), "witnesses")
	})
	with := d.WithWitnesses(ws)
	for name, dir := range map[string]*Directory{"without": d, "with": with} {
		b.Run("member/"+name, func(b *testing.B) {
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				dir.Member("u00100", "g100", t0+signin.Time(i%20)*day)
				i++
			}
		})
	}
}
