package analysis

import (
	"context"
	"strings"

	"frisk/internal/dataset"
	"frisk/internal/lint"
	"frisk/internal/policy"
	"frisk/internal/signin"
)

// factsWorker counts for the policy check, one worker per core. Facts about a
// text are kept by its code.
type factsWorker struct {
	sym        *signin.Symbols
	facts      lint.Facts
	ipv6       []int8 // by code of the address: 0 not looked at, 1 yes, -1 no
	legacy     []int8 // by code of the client
	activeSync []int8
	resources  []int64
	places     *places
}

// countFacts goes through the whole dataset once. Rows of other providers and
// those whose first factor failed are left out: no policy has a say in them.
//
// The named locations of set are those whose IPv6 neighbourhood is looked at.
func countFacts(ctx context.Context, d *dataset.Dataset, set *policy.Set, opt *Options) (*lint.Facts, error) {
	r, err := d.Reader(signin.NeedDims(signin.DimProvider, signin.DimIP, signin.DimClient, signin.DimResource, signin.DimCity))
	if err != nil {
		return nil, err
	}
	p := opt.progress()
	m := r.Manifest()
	p.Stage("looking at the log", m.Rows(), false)
	defer p.Done()
	c := &counted{p: p}
	workers, err := eachShard(ctx, opt, func() *factsWorker {
		sym := signin.NewSymbols()
		return &factsWorker{sym: sym, places: newPlaces(set, sym)}
	}, func(ctx context.Context, w *factsWorker, shard int) error {
		for h, err := range r.People(ctx, shard, w.sym) {
			if err != nil {
				return err
			}
			if h.Provider == "" || h.Provider == "entra" {
				w.person(h.Rows)
			}
			c.add(len(h.Rows))
		}
		return nil
	})
	if err := closeAll(err, r); err != nil {
		return nil, err
	}
	out := &lint.Facts{Resources: map[string]int64{}, Beside: besides(workers)}
	out.From, out.To = m.Span()
	for _, w := range workers {
		out.SignIns += w.facts.SignIns
		out.ActiveSyncSignIns += w.facts.ActiveSyncSignIns
		out.LegacySignIns += w.facts.LegacySignIns
		out.LegacyPeople += w.facts.LegacyPeople
		for code, n := range w.resources {
			if n > 0 {
				out.Resources[strings.ToLower(w.sym[signin.DimResource].Text(signin.Code(code)))] += n
			}
		}
	}
	return out, nil
}

func (w *factsWorker) person(rows []signin.Row) {
	before := w.facts
	for i := range rows {
		r := &rows[i]
		if r.Reason().FirstFactorFailed() {
			continue
		}
		w.facts.SignIns++
		w.places.see(r, known(&w.ipv6, r.C[signin.DimIP], w.sym[signin.DimIP], isIPv6))
		if known(&w.legacy, r.C[signin.DimClient], w.sym[signin.DimClient], isLegacy) {
			w.facts.LegacySignIns++
		}
		if known(&w.activeSync, r.C[signin.DimClient], w.sym[signin.DimClient], isActiveSync) {
			w.facts.ActiveSyncSignIns++
		}
		for int(r.C[signin.DimResource]) >= len(w.resources) {
			w.resources = append(w.resources, 0)
		}
		w.resources[r.C[signin.DimResource]]++
	}
	w.places.endPerson()
	if w.facts.LegacySignIns > before.LegacySignIns {
		w.facts.LegacyPeople++
	}
}

// known is a yes or no about a text, looked up once per code.
func known(list *[]int8, c signin.Code, t *signin.Table, is func(string) bool) bool {
	for int(c) >= len(*list) {
		*list = append(*list, 0)
	}
	f := &(*list)[c]
	if *f == 0 {
		*f = -1
		if is(t.Text(c)) {
			*f = 1
		}
	}
	return *f == 1
}

func isIPv6(s string) bool { return strings.Contains(s, ":") }

func isActiveSync(s string) bool {
	return strings.EqualFold(strings.ReplaceAll(strings.TrimSpace(s), " ", ""), "exchangeactivesync")
}

// isLegacy follows Microsoft's gap workbook: not a browser and not a mobile or
// desktop client is legacy (reference 1.6). A row that names no client is not.
func isLegacy(s string) bool {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "", "unknown", "none", "browser", "mobile apps and desktop clients", "mobileappsanddesktopclients", "modern":
		return false
	}
	return true
}
