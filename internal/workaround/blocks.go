package workaround

import (
	"cmp"
	"slices"
	"strings"

	"frisk/internal/signin"
)

// blocks are the times at which policies blocked people, attack traffic left out.
type blocks map[blockKey][]signin.Time

type blockKey struct {
	account string // signin.PersonKey
	home    string // the person's
	policy  string // id as recorded, lower case; "" = the log names none
}

func (b blocks) add(account, home string, policies []string, at signin.Time) {
	for _, id := range policies {
		k := blockKey{account, home, id}
		b[k] = append(b[k], at)
	}
}

func (b blocks) merge(o blocks) {
	for k, times := range o { // each by itself; sorted by sealed
		b[k] = append(b[k], times...)
	}
}

// BlockedPair is one person and one policy that blocked them.
type BlockedPair struct {
	Person               string // signin.PersonKey of the home account
	PolicyID, PolicyName string // "" when the log names no policy
	N                    int    // blocked sign-ins, repetitions included
	First, Last          signin.Time
}

// blockIndex answers questions about blocks.
type blockIndex struct {
	pairs []BlockedPair
	times map[[2]string][]signin.Time // home and policy
	home  map[string]string           // account key, or lower-case id alone, to home
	ids   map[string]string           // lower-case policy name to id, "" when two share it
}

func (b blocks) index(names map[string]string) *blockIndex {
	x := &blockIndex{times: map[[2]string][]signin.Time{}, home: map[string]string{}, ids: map[string]string{}}
	keys := make([]blockKey, 0, len(b))
	for k := range b {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b blockKey) int {
		return cmp.Or(strings.Compare(a.home, b.home), strings.Compare(a.policy, b.policy), strings.Compare(a.account, b.account))
	})
	for _, k := range keys {
		p := [2]string{k.home, k.policy}
		x.times[p] = append(x.times[p], b[k]...)
		for _, as := range []string{k.account, k.home} {
			x.home[as] = k.home
			id := strings.ToLower(as[strings.LastIndexByte(as, '\x1f')+1:])
			if _, ok := x.home[id]; !ok {
				x.home[id] = k.home // the least home, should two tenants use one id
			}
		}
		if n := len(x.pairs); n == 0 || x.pairs[n-1].Person != k.home || x.pairs[n-1].PolicyID != k.policy {
			x.pairs = append(x.pairs, BlockedPair{Person: k.home, PolicyID: k.policy, PolicyName: names[k.policy]})
		}
	}
	for i := range x.pairs {
		q := &x.pairs[i]
		times := x.times[[2]string{q.Person, q.PolicyID}]
		slices.Sort(times)
		q.N, q.First, q.Last = len(times), times[0], times[len(times)-1]
	}
	for _, id := range sortedKeys(names) {
		n := strings.ToLower(names[id])
		if _, ok := x.ids[n]; ok {
			x.ids[n] = ""
		} else {
			x.ids[n] = id
		}
	}
	return x
}

// Blocks are the times at which a person was blocked by a policy, ascending, in
// [from, to); to 0 means no end. The person is a provider's stable id in any case,
// or a signin.PersonKey of any of their accounts: joined accounts count as one
// person. The policy is an id or name as recorded, in any case; "" asks for any
// policy, those blocks included whose policy the log does not name. Attack traffic
// is left out. Nil when there was none.
func (r *Result) Blocks(person, policy string, from, to signin.Time) []signin.Time {
	x := r.blocks
	home, ok := x.home[person]
	if !ok {
		home, ok = x.home[strings.ToLower(person)]
	}
	if !ok {
		return nil
	}
	var out []signin.Time
	for i, _ := slices.BinarySearchFunc(x.pairs, home, func(q BlockedPair, h string) int { return strings.Compare(q.Person, h) }); i < len(x.pairs) && x.pairs[i].Person == home; i++ {
		id := x.pairs[i].PolicyID
		if policy != "" && !strings.EqualFold(id, policy) && (id == "" || x.ids[strings.ToLower(policy)] != id) {
			continue
		}
		for _, t := range x.times[[2]string{home, id}] {
			if t >= from && (to == 0 || t < to) {
				out = append(out, t)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out) // two policies that blocked one sign-in
}

// Blocked lists every person and policy with a block, by person and policy id. The
// slice is the caller's.
func (r *Result) Blocked() []BlockedPair { return slices.Clone(r.blocks.pairs) }
