package workaround

// Tally is what some people's rows come to. Merge is associative and commutative
// as far as Result can tell, so that the number of workers does not matter.
type Tally struct {
	policies map[string][]entry // by policy id
	names    map[string]string  // policy id to the greatest name recorded
	cases    cases
	blocks   blocks
	shared   shared
	told     [maxRoutes]bool // routes that rows carry the fields for
}

// entry is one person's sum for one policy.
type entry struct {
	person string
	policySum
}

// NewTally is empty.
func NewTally() *Tally {
	return &Tally{policies: map[string][]entry{}, names: map[string]string{}, cases: cases{}, blocks: blocks{}}
}

func (t *Tally) addPerson(key string, sums []policySum) {
	for i := range sums {
		t.policies[sums[i].policy] = append(t.policies[sums[i].policy], entry{key, sums[i]})
	}
}

// name notes what a policy is called; of several names the greatest counts.
func (t *Tally) name(id, name string) {
	if name > t.names[id] {
		t.names[id] = name
	}
}

// Merge adds what o saw of other people. o is not used afterwards.
func (t *Tally) Merge(o *Tally) {
	for id, list := range o.policies { // each by itself; sorted by Result
		t.policies[id] = append(t.policies[id], list...)
	}
	for id, name := range o.names {
		t.name(id, name)
	}
	for n, ok := range o.told {
		t.told[n] = t.told[n] || ok
	}
	t.cases.merge(o.cases)
	t.blocks.merge(o.blocks)
	t.shared.merge(&o.shared)
}
