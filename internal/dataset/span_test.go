package dataset

import (
	"testing"

	"frisk/internal/signin"
)

// TestLiveSpan: replaced rows may lie anywhere in their run.
func TestLiveSpan(t *testing.T) {
	run := func(rows, dead int64, first, last signin.Time) Run {
		return Run{Rows: rows, Dead: dead, MinTime: first, MaxTime: last}
	}
	tests := []struct {
		name        string
		give        []Run
		first, last signin.Time
		known       bool
	}{
		{"empty", nil, 0, 0, true},
		{"whole", []Run{run(5, 0, 10, 20), run(5, 0, 5, 15)}, 5, 20, true},
		{"replaced within", []Run{run(5, 0, 10, 20), run(5, 2, 12, 20)}, 10, 20, true},
		{"replaced at an end", []Run{run(5, 0, 10, 20), run(5, 2, 9, 20)}, 0, 0, false},
		{"all of one replaced", []Run{run(5, 0, 10, 20), run(5, 5, 1, 90)}, 10, 20, true},
		{"ids only", []Run{run(5, 0, 10, 20), run(0, 0, 1, 90)}, 10, 20, true},
		{"nothing whole", []Run{run(5, 1, 10, 20)}, 0, 0, false},
	}
	for _, tt := range tests {
		m := Manifest{Runs: tt.give}
		if first, last, known := m.LiveSpan(); first != tt.first || last != tt.last || known != tt.known {
			t.Errorf("%s: %d to %d, %v, want %d to %d, %v", tt.name, first, last, known, tt.first, tt.last, tt.known)
		}
	}
}
