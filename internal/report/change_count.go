package report

// changeCount is how many people a candidate changes things for, by kind. Low
// counts those for whom it is certain, High those for whom it may be.
type changeCount struct {
	people [Relieved + 1]Range
	delta  [Relieved + 1]Range // sign-ins
}

// certain reports that the change happens whatever the log leaves open.
func (c *Change) certain() bool { return c.Certain || c.Delta.Known && c.Delta.Low > 0 }

// changed counts the people of candidate i; a person counts once per kind.
func (v *view) changed(i int) changeCount {
	n, ok := v.counts[i]
	if !ok {
		n = v.countChanges(i)
		v.counts[i] = n
	}
	return n
}

func (v *view) countChanges(i int) changeCount {
	var out changeCount
	type key struct {
		kind   ChangeKind
		person string
	}
	sure := map[key]bool{}
	for k := range out.people {
		out.people[k], out.delta[k] = Exact(0), Exact(0)
	}
	for j := range v.in.Changes {
		c := &v.in.Changes[j]
		if c.Set != i || c.Kind > Relieved {
			continue
		}
		k := key{c.Kind, c.Person}
		was, seen := sure[k]
		is := c.certain()
		p, d := &out.people[c.Kind], &out.delta[c.Kind]
		if !seen {
			p.High++
		}
		if is && !was {
			p.Low++
		}
		sure[k] = was || is
		if c.Delta.Known {
			*d = Between(d.Low+max(c.Delta.Low, 0), d.High+c.Delta.High)
		}
	}
	return out
}

// any reports whether anybody is touched at all.
func (c *changeCount) any() bool {
	for _, p := range c.people {
		if p.High > 0 {
			return true
		}
	}
	return false
}

// people is a number of people in a sentence, the certain ones first: nobody,
// 2 people; 1 person, perhaps up to 9.
func people(n Range) string {
	switch {
	case n.High == 0:
		return "nobody"
	case n.Low == n.High:
		return plural(int(n.High), "person", "people")
	case n.Low == 0:
		return "nobody for certain, perhaps up to " + plural(int(n.High), "person", "people")
	}
	return plural(int(n.Low), "person", "people") + ", perhaps up to " + whole(n.High)
}
