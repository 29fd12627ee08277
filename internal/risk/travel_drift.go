package risk

// operator is the thing that drifts with a visit: its operator, or its network
// where the log has no AS numbers.
func (k *kin) operator(v *visit) *thing {
	if v.asn != 0 {
		return k.asns[v.asn]
	}
	return k.nets[v.net]
}

// roams reports an operator known not to be where it says: it comes out in several
// countries, few journeys to it are possible, or lists call it rented.
func (k *kin) roams(tr *tracing, net uint64, asn uint32) bool {
	if asn != 0 && asn == k.home {
		return false
	}
	r := tr.t.teleport.role(operatorKey(asn, net>>56 == 2), forever)
	return r.abroad || r.crossing || r.class&rented != 0
}

// drifts reports that a visit's place says nothing about where the person was,
// by what was learned of its operator from everybody or from this person.
func (k *kin) drifts(tr *tracing, v *visit) bool {
	o := k.operator(v)
	return o != nil && o.adrift || k.roams(tr, v.net, v.asn)
}

// discredit marks the operators that have the person's own device where it cannot
// be by sign-ins on the chain that are theirs beyond doubt. It reports whether there
// are any new ones.
func (k *kin) discredit(tr *tracing) bool {
	found := false
	horizon := tr.horizon()
	for i := range tr.stops {
		if tr.stops[i].on || tr.stops[i].moving {
			continue
		}
		for j := tr.stops[i].lo; j < tr.stops[i].hi; j++ {
			x := &tr.visits[j]
			o := k.operator(x)
			if o == nil || o.adrift || !k.ownDevice(x) || k.base != nil && x.asn == k.base.asn ||
				tr.t.teleport.role(operatorKey(x.asn, x.net>>56 == 2), forever).honest {
				continue
			}
			tr.around(i, x, horizon, func(y *visit, _ leg, _ bool) {
				if k.sure(y) && k.operator(y) != o {
					o.adrift, found = true, true
				}
			})
		}
	}
	return found
}

// sure reports a visit on an own device, or on the network of most sign-ins.
func (k *kin) sure(y *visit) bool {
	return k.ownDevice(y) || k.base != nil && k.nets[y.net] == k.base
}

// guided reports that the visit came through an operator that does not locate the
// person's own devices either, in a country where they used it; where the operator
// comes out in several countries, in any.
func (k *kin) guided(tr *tracing, v *visit) bool {
	if v.asn == 0 || !k.drifts(tr, v) {
		return false
	}
	return k.lands[land{v.asn, v.country}] || k.roams(tr, v.net, v.asn) && k.lands[land{v.asn, 0}]
}

// atBase reports that a visit may have been where the person's base is.
func (k *kin) atBase(tr *tracing, v *visit) bool {
	if k.base == nil || !k.base.placed {
		return false
	}
	l := tr.t.cfg.leg(&k.base.at, &v.place, 0, 0)
	return l.lower < tr.t.cfg.TravelMinKm
}

// mainly reports that most of the person's sign-ins come through the visit's
// operator, on as many days as make a working week.
func (k *kin) mainly(v *visit) bool {
	a := k.asns[v.asn]
	return a != nil && a.days >= mainDays && 2*a.good > k.good
}

// mainDays is an assumption: somebody who signs in more often than the person for
// a working week is found by other means.
const mainDays = 5
