package report

import (
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// bare is a tenant with one ranked cell and nothing replayed.
func bare() *Input {
	in := &Input{
		From: at("2026-07-01 00:00:00"), Until: at("2026-09-29 00:00:00"), Days: 90, People: 40, SignIns: 9000, Directory: true, Workspaces: true,
		Total: Cell{People: 40, Recorded: recordedFigures(40, 2, 0.1, 5, 0, 0)},
		Cells: []Cell{{Group: "Analysts", Workspace: "mlw-a", People: 12, Recorded: recordedFigures(12, 3, 0.1, 5, 0, 0)}},
	}
	in.Quality.Streams = []Stream{{Name: "interactive", Rows: 5000}, {Name: "non-interactive", Rows: 4000}}
	return in
}

// replayed adds a current set and what it does to the cell and the total.
func replayed(in *Input, cell, total ReplayedFigures) *Input {
	in.Sets = []Set{{Name: "current"}}
	in.Cells[0].Sets = []ReplayedFigures{cell}
	in.Total.Sets = []ReplayedFigures{total}
	in.Cells[0].Causes = []Cause{{Policy: "CA002", Clause: "mfa at every sign-in", Share: Exact(0.6), Attacks: 2}}
	return in
}

func candidate(in *Input, name string, cell ReplayedFigures) *Input {
	in.Sets = append(in.Sets, Set{Name: name})
	in.Cells[0].Sets = append(in.Cells[0].Sets, cell)
	in.Total.Sets = append(in.Total.Sets, cell)
	return in
}

func figures(prompts, blocks, residual Range) ReplayedFigures {
	return ReplayedFigures{Prompts: prompts, Blocks: blocks, Residual: residual, Risk: 3, Unknown: Exact(0.01)}
}

var leadCases = []struct {
	name  string
	input func() *Input
}{
	{"nothing-read", func() *Input { return &Input{} }},
	{"nothing-replayed", bare},
	{"no-candidates", func() *Input {
		return replayed(bare(), figures(Between(2.8, 3.1), Exact(0), Exact(0.5)), figures(Exact(2), Exact(0), Exact(1)))
	}},
	{"better", func() *Input {
		in := replayed(bare(), figures(Between(2.8, 3.1), Exact(0), Exact(0.5)), figures(Exact(2), Exact(0), Exact(1)))
		return candidate(in, "calm", figures(Between(1, 1.4), Exact(0), Between(0.5, 0.53)))
	}},
	{"trade", func() *Input {
		in := replayed(bare(), figures(Between(2.8, 3.1), Exact(0), Exact(0.5)), figures(Exact(2), Exact(0), Exact(1)))
		return candidate(in, "lax", figures(Exact(0.2), Exact(0), Exact(2.5)))
	}},
	{"none-helps", func() *Input {
		in := replayed(bare(), figures(Between(2.8, 3.1), Exact(0), Exact(0.5)), figures(Exact(2), Exact(0), Exact(1)))
		candidate(in, "harsh", figures(Exact(4), Exact(1), Exact(0.1)))
		candidate(in, "noisy", figures(Exact(5), Exact(0), Exact(0.5)))
		candidate(in, "open", figures(Between(1, 6), Exact(0), Between(0.1, 3)))
		candidate(in, "same", figures(Between(2.8, 3.1), Exact(0), Exact(0.5)))
		return candidate(in, "safer", figures(Exact(4), Exact(0), Exact(0.1)))
	}},
	{"candidates-open", func() *Input {
		in := replayed(bare(), figures(Between(2.8, 3.1), Exact(0), Exact(0.5)), figures(Exact(2), Exact(0), Exact(1)))
		candidate(in, "wide", figures(Between(1, 6), Exact(0), Between(0.1, 3)))
		return candidate(in, "unread", ReplayedFigures{})
	}},
	{"no-directory", func() *Input {
		in := bare()
		in.Directory, in.Cells[0].Group = false, ""
		return in
	}},
	{"no-workspaces", func() *Input {
		in := bare()
		in.Workspaces, in.Cells[0].Workspace = false, ""
		return in
	}},
	{"only-interactive", func() *Input {
		in := bare()
		in.Quality.Streams[1].Rows = 0
		return in
	}},
	{"everything-unknown", func() *Input {
		in := bare()
		in.Cells[0].Recorded, in.Total.Recorded = RecordedFigures{}, RecordedFigures{}
		f := ReplayedFigures{Prompts: Between(0, 9), Residual: Between(0, 4), Unknown: Exact(0.93)}
		return replayed(in, f, f)
	}},
	{"log-silent-nothing-replayed", func() *Input {
		in := bare()
		in.Cells[0].Recorded, in.Total.Recorded = RecordedFigures{}, RecordedFigures{}
		return in
	}},
	{"nobody-prompted", func() *Input {
		in := bare()
		in.Cells[0].Recorded.Prompts, in.Total.Recorded.Prompts = Exact(0), Exact(0)
		return in
	}},
	{"tiny-tenant", func() *Input {
		in := bare()
		in.People, in.Total.People, in.Cells[0].People, in.Days = 3, 3, 3, 6
		return in
	}},
	{"small-workspaces", func() *Input {
		in := bare()
		in.Cells[0].People = 4
		in.Cells = append(in.Cells, Cell{Group: "Analysts", Workspace: "other work", Pseudo: true, People: 48, Recorded: recordedFigures(48, 1, 0.1, 5, 0, 0)},
			Cell{Workspace: "other work", Pseudo: true, People: 7})
		return in
	}},
	{"costliest-policy", func() *Input {
		in := replayed(bare(), figures(Exact(3), Exact(0), Exact(0.5)), figures(Exact(2), Exact(0), Exact(1)))
		in.Cells[0].Causes = nil
		in.Policies = []Policy{
			{Name: "CA001", State: stateEnabled, Prompts: Exact(100), Attacks: 1},
			{Name: "CA002", State: stateEnabled, Prompts: Between(250, 350)},
			{Name: "CA009", State: "reportOnly", Prompts: Exact(9000)},
		}
		return in
	}},
	{"long-names", func() *Input {
		in := bare()
		in.Cells[0].Group, in.Cells[0].Workspace = strings.Repeat("group ", 40), strings.Repeat("w", 200)
		return in
	}},
}

// TestLead writes the answer in words for every kind of tenant.
func TestLead(t *testing.T) {
	var files []txtar.File
	for _, c := range leadCases {
		m := Build(c.input())
		out := m.Title + "\n" + m.Subtitle + "\n"
		for _, l := range m.Lead {
			out += l.Plain() + "\n"
		}
		if len(m.Lead) == 0 {
			t.Errorf("%s: no lead", c.name)
		}
		files = append(files, txtar.File{Name: c.name, Data: []byte(out)})
		for _, r := range Renderers() {
			if err := r.Render(new(strings.Builder), m); err != nil {
				t.Errorf("%s as %s: %v", c.name, r.Name, err)
			}
		}
	}
	goldenArchive(t, "lead.txtar", "The first lines of the report for every kind of tenant.\n", files)
}

func TestMoveOf(t *testing.T) {
	now := figures(Between(2.8, 3.1), Exact(0.1), Between(0.5, 0.6))
	for _, c := range []struct {
		name string
		then ReplayedFigures
		want Move
	}{
		{"asks less at the same risk", figures(Between(1, 1.2), Exact(0.1), Between(0.5, 0.6)), MoveBetter},
		{"asks less, a trace more risk", figures(Exact(1), Exact(0.1), Between(0.54, 0.65)), MoveBetter},
		{"asks less, more risk", figures(Exact(1), Exact(0.1), Exact(1.2)), MoveTrade},
		{"asks nobody because it blocks everybody", figures(Exact(0), Exact(3), Exact(0)), MoveBlocks},
		{"asks more, less risk", figures(Exact(5), Exact(0.1), Exact(0.1)), MoveSafer},
		{"same prompts, less risk", figures(Between(2.8, 3.1), Exact(0.1), Exact(0.1)), MoveSafer},
		{"nothing", now, MoveSame},
		{"asks more for nothing", figures(Exact(5), Exact(0.1), Between(0.5, 0.6)), MoveWorse},
		{"same prompts, more risk", figures(Between(2.8, 3.1), Exact(0.1), Exact(2)), MoveWorse},
		{"asks less or more", figures(Between(1, 6), Exact(0.1), Between(0.5, 0.6)), MoveUnclear},
		{"asks less, risk unknown", figures(Exact(1), Exact(0.1), Range{}), MoveUnclear},
		{"not replayed", ReplayedFigures{}, MoveUnclear},
	} {
		if got := moveOf(now, c.then); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
