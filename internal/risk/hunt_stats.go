package risk

// person is what one person's tries in a window add up to.
type person struct {
	n, unknown     int
	inside, before bool
	buckets        int // entries behind the flags: they end when the last one leaves
}

// stranger reports that most tries said that there is no such account.
func (p person) stranger() bool { return p.unknown*2 > p.n }

// windowStats are kept up to date as tries enter and leave the window.
type windowStats struct {
	people map[uint64]person
	addrs  map[uint32]int // nil = not counted
	users, tries, some, strangers,
	inside, before int
}

// add counts a try, or with -1 takes it out again. A person who was inside once
// in the window counts as inside until they leave it.
func (st *windowStats) add(t *try, sign int) {
	was := st.people[t.user]
	now := was
	now.n += sign * int(t.n)
	now.unknown += sign * int(t.unknown)
	now.buckets += sign
	now.inside = now.inside || t.inside()
	now.before = now.before || t.before
	if now.buckets == 0 {
		delete(st.people, t.user)
		now = person{}
	} else {
		st.people[t.user] = now
	}
	st.tries += sign * int(t.n)
	st.users += btoi(now.n > 0) - btoi(was.n > 0)
	st.some += btoi(twoToSix(now.n)) - btoi(twoToSix(was.n))
	st.strangers += btoi(now.n > 0 && now.stranger()) - btoi(was.n > 0 && was.stranger())
	st.inside += btoi(now.inside) - btoi(was.inside)
	st.before += btoi(now.before) - btoi(was.before)
	if st.addrs == nil {
		return
	}
	if st.addrs[t.addr] += sign; st.addrs[t.addr] == 0 {
		delete(st.addrs, t.addr)
	}
}

func twoToSix(n int) bool { return n >= 2 && n <= 6 }

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}
