package analysis

import (
	"os"
	"path/filepath"
	"testing"

	"frisk/internal/dataset"
)

// What a repair took out is read again at the next look, also of a file that had
// been looked at since and held nothing new.
func TestFollowReadsAgainAfterRepair(t *testing.T) {
	f := newFollowing(t)
	f.write("a.jsonl", signInLines(1, 3))()
	f.run(
		func() { f.touch("a.jsonl") },
		func() {},
		func() {
			runs, err := filepath.Glob(filepath.Join(f.data, "runs", "*.parquet"))
			if err != nil || len(runs) != 1 {
				t.Fatal(runs, err)
			}
			if err := os.Truncate(runs[0], 100); err != nil {
				t.Fatal(err)
			}
			if _, err := dataset.Repair(t.Context(), f.data, dataset.RepairOptions{}); err != nil {
				t.Fatal(err)
			}
		},
		func() {},
	)
	f.want([]string{"3 new 0 known 0 bad", "3 new 0 known 0 bad"}, "1 a.jsonl:1", "2 a.jsonl:2", "3 a.jsonl:3")
}

// A last line that stays half costs one try, not one at every look.
func TestFollowTriesHalfALineOnce(t *testing.T) {
	f := newFollowing(t)
	f.write("a.jsonl", signInLines(1, 1)+signInLine(2)[:30])()
	stages := 0
	f.stage = func() { stages++ }
	f.run(func() {}, func() {}, func() {}, func() {}, func() {}, f.add("a.jsonl", signInLine(2)[30:]))
	f.want([]string{"1 new 0 known 0 bad", "1 new 0 known 0 bad"}, "1 a.jsonl:1", "2 a.jsonl:2")
	if stages != 3 {
		t.Errorf("%d readings, want 3", stages)
	}
}
