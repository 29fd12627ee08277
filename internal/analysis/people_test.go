package analysis

import (
	"testing"

	"frisk/internal/risk"
	"frisk/internal/signin"

	"github.com/google/go-cmp/cmp"
)

// TestMergedJoin: accounts become one history in time, equal instants in the
// order of accounts; what is said of it comes back to each; and an id that two
// providers use for a device is two devices.
func TestMergedJoin(t *testing.T) {
	sym := signin.NewSymbols()
	n := uint32(0)
	row := func(at signin.Time, device string) signin.Row {
		n++
		r := signin.Row{Time: at, Ref: signin.Ref{Row: n}}
		r.C[signin.DimDevice] = sym[signin.DimDevice].Code(device)
		return r
	}
	hs := personal{
		{Provider: "entra", Rows: []signin.Row{row(1, "d"), row(5, ""), row(5, "e")}},
		{Provider: "entra", Tenant: "t2", Rows: []signin.Row{row(2, "d")}},
		{Provider: "okta", Rows: []signin.Row{row(0, ""), row(5, "d"), row(9, "d")}},
	}
	var m merged
	for range 2 { // memory of the person before does no harm
		m.join(hs, sym)
		var got [][3]any
		for i, r := range m.rows {
			got = append(got, [3]any{int64(r.Time), int(m.from[i]), sym[signin.DimDevice].Text(r.C[signin.DimDevice])})
		}
		want := [][3]any{
			{int64(0), 2, ""}, {int64(1), 0, "d"}, {int64(2), 1, "d"}, {int64(5), 0, ""}, {int64(5), 0, "e"}, {int64(5), 2, "okta: d"}, {int64(9), 2, "okta: d"},
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Error(d)
		}
	}
	all := risk.Assessed{Score: make([]float32, len(m.rows)), Attack: make([]bool, len(m.rows)), Parts: make([]risk.Parts, len(m.rows))}
	for i := range m.rows {
		all.Parts[i].Families[0] = float32(m.rows[i].Ref.Row)
		all.Score[i], all.Attack[i] = float32(m.rows[i].Ref.Row), m.from[i] == 1
	}
	for k := range hs {
		a := m.of(k, &all)
		for i, r := range hs[k].Rows {
			if want := float32(r.Ref.Row); a.Score[i] != want || a.Parts[i].Families[0] != want || a.Attack[i] != (k == 1) {
				t.Errorf("account %d row %d: score %v of %v, attack %v", k, i, a.Score[i], a.Parts[i].Families, a.Attack[i])
			}
			f := []risk.Finding{{Subject: r.Ref}}
			if m.name(f, hs); f[0].Person != hs[k].Person() {
				t.Errorf("a finding about account %d row %d is named after %q", k, i, f[0].Person)
			}
		}
	}
	if c := hs[2].Rows[1].C[signin.DimDevice]; sym[signin.DimDevice].Text(c) != "d" {
		t.Error("the account's own rows were changed: policies know the device by its id")
	}
}
