package analysis

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"frisk/internal/risk"
	"frisk/internal/signin"
	"frisk/internal/synth"
)

// ranking is how well scores put planted attacks before everything else.
type ranking struct {
	rows, attacks    int
	auc              float64
	first            int     // attacks among the first as many as there are
	total            float64 // sum of scores
	attackers, staff float64 // its parts
}

type ranked struct {
	score  float32
	attack bool
}

// rankTenant scores a made-up tenant and ranks what a policy can still decide
// about: sign-ins with somebody in front of them whose password was right.
func rankTenant(t *testing.T, cfg synth.Config) ranking {
	t.Helper()
	ctx := context.Background()
	dir := t.TempDir()
	_, conf := ingestTenant(t, dir, cfg)
	planted := map[uint64]bool{}
	truth := readTruth(t, dir)
	for i := range truth.Attacks {
		for _, id := range truth.Attacks[i].Events {
			planted[signin.IDHash(id)] = true
		}
	}
	opt := &Options{}
	d, err := openDataset(conf, opt)
	if err != nil {
		t.Fatal(err)
	}
	around, err := loadSurroundings(conf)
	if err != nil {
		t.Fatal(err)
	}
	rc := risk.Defaults()
	seen, err := around.look(ctx, d, rc, opt)
	if err != nil {
		t.Fatal(err)
	}
	rd, err := d.Reader(signin.NeedAll())
	if err != nil {
		t.Fatal(err)
	}
	defer rd.Close()
	sym := signin.NewSymbols()
	a := risk.NewAssessor(rc, risk.Detectors(), seen.nets, around.dir, sym)
	var all []ranked
	var r ranking
	for shard := range signin.Shards {
		for h, err := range rd.People(ctx, shard, sym) {
			if err != nil {
				t.Fatal(err)
			}
			got := a.Person(h.Person(), h.Rows)
			for i := range h.Rows {
				row := &h.Rows[i]
				if row.Stream() != signin.Interactive && row.Stream() != signin.StreamUnknown || row.Reason() == signin.BadPassword || row.Reason() == signin.NoSuchUser {
					continue
				}
				all = append(all, ranked{got.Score[i], planted[row.ID]})
				r.total += float64(got.Score[i])
				if planted[row.ID] {
					r.attacks++
					r.attackers += float64(got.Score[i])
				} else {
					r.staff += float64(got.Score[i])
				}
			}
		}
	}
	r.rows = len(all)
	r.auc = auc(all)
	slices.SortStableFunc(all, func(x, y ranked) int { return cmp.Compare(y.score, x.score) })
	for _, x := range all[:r.attacks] {
		if x.attack {
			r.first++
		}
	}
	return r
}

// auc is the chance that an attack scores above another row, ties half.
func auc(all []ranked) float64 {
	s := slices.Clone(all)
	slices.SortFunc(s, func(x, y ranked) int { return cmp.Compare(x.score, y.score) })
	won, below, bad := 0.0, 0.0, 0.0
	for i := 0; i < len(s); {
		var good, evil float64
		for k := i; i < len(s) && s[i].score == s[k].score; i++ {
			if s[i].attack {
				evil++
			} else {
				good++
			}
		}
		won += evil * (below + good/2)
		below += good
		bad += evil
	}
	return won / (bad * below)
}

// TestRanking: scores put planted attacks first. The table stands in
// docs/detection.md; -update rewrites it.
func TestRanking(t *testing.T) {
	if testing.Short() {
		t.Skip("makes and assesses tenants")
	}
	table := "| Seed | Sign-ins | Planted | AUC | Planted among as many highest | Sum of scores |\n|---|---|---|---|---|---|\n"
	for seed := uint64(1); seed <= 3; seed++ {
		r := rankTenant(t, synth.Config{Seed: seed, People: 120, Days: 15})
		table += fmt.Sprintf("| %d | %d | %d | %.4f | %d of %d | %.1f |\n", seed, r.rows, r.attacks, r.auc, r.first, r.attacks, r.total)
		t.Logf("seed %d: attacks sum %.2f, staff sum %.4f", seed, r.attackers, r.staff)
		if r.auc < 0.99 || float64(r.first) < 0.7*float64(r.attacks) {
			t.Errorf("seed %d: AUC %.4f, %d of %d first", seed, r.auc, r.first, r.attacks)
		}
	}
	t.Log("\n" + table)
	if os.Getenv("FRISK_RANK_ONLY") == "" {
		checkBlock(t, "ranking", table)
	}
}

// checkBlock compares a table with its marked place in docs/detection.md.
func checkBlock(t *testing.T, name, table string) {
	t.Helper()
	const file = "../../docs/detection.md"
	open, end := "<!-- "+name+" -->\n", "<!-- end "+name+" -->"
	old, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, ok := strings.Cut(string(old), open)
	was, tail, ok2 := strings.Cut(rest, end)
	switch {
	case !ok || !ok2:
		t.Errorf("%s has no block %q", file, name)
	case was == table:
	case !*update:
		t.Errorf("%s is out of date, run the test with -update:\n%s", file, table)
	default:
		if err := os.WriteFile(file, []byte(head+open+table+end+tail), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
