package analysis

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"strings"

	"frisk/internal/dataset"
	"frisk/internal/risk"
	"frisk/internal/signin"
)

// personal is the accounts of one person, each with its history.
type personal []dataset.History

// people yields the persons of one shard: every account by itself, but for those
// that j joins, which come together, in order of account key, once the last of
// them was read. Histories are valid until the next are asked for.
//
// Memory is that of Reader.People, and, packed, the rows of joined accounts whose
// person is not complete yet: of one shard, and of nobody the identity file does
// not name.
func (j *joins) people(ctx context.Context, r *dataset.Reader, shard int, sym *signin.Symbols) iter.Seq2[personal, error] {
	return func(yield func(personal, error) bool) {
		one := make(personal, 1)
		waiting := map[string][]packedHistory{} // by home
		for h, err := range r.People(ctx, shard, sym) {
			if err != nil {
				yield(nil, err)
				return
			}
			p := j.person(h.Person())
			if p == nil || len(p.Accounts) == 1 {
				one[0] = h
				if !yield(one, nil) {
					return
				}
				continue
			}
			home := p.Accounts[0]
			all := waiting[home]
			if len(all)+1 < len(p.Accounts) {
				waiting[home] = append(all, packedHistory{h.Provider, h.Tenant, h.Principal, pack(h.Rows)})
				continue
			}
			delete(waiting, home)
			if !yield(append(unpacked(all), h), nil) {
				return
			}
		}
		// Accounts whose last row was replaced since the table was made.
		for _, home := range sortedKeys(waiting) {
			if !yield(unpacked(waiting[home]), nil) {
				return
			}
		}
	}
}

// packedHistory is an account that waits for its person's others.
type packedHistory struct {
	provider, tenant, principal string
	rows                        packedRows
}

func unpacked(all []packedHistory) personal {
	out := make(personal, len(all), len(all)+1)
	for i, h := range all {
		out[i] = dataset.History{Provider: h.provider, Tenant: h.tenant, Principal: h.principal, Rows: h.rows.rows()}
	}
	return out
}

// merged is one person's accounts as risk sees them: one history in order of
// time. It keeps its memory from person to person.
type merged struct {
	rows []signin.Row
	from []int32 // by row: which account
	next []int
	back [][]int32 // by account and row: its place in rows
}

// join merges histories by time; rows of one instant stay in the order of the
// accounts. A device belongs to the provider that named it: two providers may
// call different devices by one id, so that of a second provider gets a code of its own.
func (m *merged) join(hs personal, sym *signin.Symbols) {
	m.rows, m.from = m.rows[:0], m.from[:0]
	m.next = slices.Grow(m.next[:0], len(hs))[:len(hs)]
	for len(m.back) < len(hs) {
		m.back = append(m.back, nil)
	}
	for k := range hs {
		m.next[k], m.back[k] = 0, m.back[k][:0]
	}
	for {
		best := -1
		for k := range hs {
			if n := m.next[k]; n < len(hs[k].Rows) && (best < 0 || hs[k].Rows[n].Time < hs[best].Rows[m.next[best]].Time) {
				best = k
			}
		}
		if best < 0 {
			return
		}
		row := hs[best].Rows[m.next[best]]
		if c := row.C[signin.DimDevice]; c != 0 && hs[best].Provider != hs[0].Provider {
			row.C[signin.DimDevice] = sym[signin.DimDevice].Code(hs[best].Provider + ": " + sym[signin.DimDevice].Text(c))
		}
		m.next[best]++
		m.back[best] = append(m.back[best], int32(len(m.rows))) //nolint:gosec // rows of one person
		m.rows, m.from = append(m.rows, row), append(m.from, int32(best))
	}
}

// of is what a says about account k alone, in memory of its own.
func (m *merged) of(k int, a *risk.Assessed) risk.Assessed {
	out := risk.Assessed{Score: make([]float32, len(m.back[k])), Attack: make([]bool, len(m.back[k])), Parts: make([]risk.Parts, len(m.back[k]))}
	for i, at := range m.back[k] {
		out.Score[i], out.Attack[i], out.Parts[i] = a.Score[at], a.Attack[at], a.Parts[at]
	}
	return out
}

// name puts each finding to the account of the row it blames.
func (m *merged) name(fs []risk.Finding, hs personal) {
	if len(fs) == 0 {
		return
	}
	blamed := map[signin.Ref]int32{}
	for i := range fs {
		blamed[fs[i].Subject] = 0
	}
	for i := range m.rows {
		if _, ok := blamed[m.rows[i].Ref]; ok {
			blamed[m.rows[i].Ref] = m.from[i]
		}
	}
	for i := range fs {
		fs[i].Person = hs[blamed[fs[i].Subject]].Person()
	}
}

// assess is what risk says about a person: findings named after the account of
// the row they blame, and scores and marks by account.
func assess(a *risk.Assessor, m *merged, hs personal, sym *signin.Symbols) (findings []risk.Finding, by []risk.Assessed) {
	if len(hs) == 1 {
		one := a.Person(hs[0].Person(), hs[0].Rows)
		return one.Findings, []risk.Assessed{one}
	}
	slices.SortFunc(hs, func(x, y dataset.History) int {
		return cmp.Or(strings.Compare(x.Provider, y.Provider), strings.Compare(x.Tenant, y.Tenant), strings.Compare(x.Principal, y.Principal))
	})
	m.join(hs, sym)
	all := a.Person(hs[0].Person(), m.rows)
	for k := range hs {
		by = append(by, m.of(k, &all))
	}
	m.name(all.Findings, hs)
	return all.Findings, by
}
