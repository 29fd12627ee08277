package report

import (
	"bytes"
	"fmt"
	"testing"
)

// BenchmarkReport builds and renders a large tenant: 40 groups × 25 workspaces,
// 20,000 people touched by candidates.
func BenchmarkReport(b *testing.B) {
	in := sampleInput()
	one := in.Cells[0]
	for g := range 40 {
		for w := range 25 {
			c := one
			c.Group, c.Workspace = fmt.Sprintf("group-%02d", g), fmt.Sprintf("workspace-%02d", w)
			in.Cells = append(in.Cells, c)
		}
	}
	change := in.Changes[0]
	for i := range 20000 {
		change.Person = fmt.Sprintf("person-%05d@example.com", i)
		in.Changes = append(in.Changes, change)
	}
	for _, r := range Renderers() {
		b.Run(r.Name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				var out bytes.Buffer
				if err := r.Render(&out, Build(in)); err != nil {
					b.Fatal(err)
				}
				b.SetBytes(int64(out.Len()))
			}
		})
	}
}
