package directory

import (
	"maps"
	"slices"

	"frisk/internal/signin"
)

// settling collects the settled spans of edges: those that certainly held, and
// in open those that may have.
type settling struct {
	sure, open edges
	anyOpen    bool
}

func (w *settling) done() (sure, open edges) {
	if !w.anyOpen {
		return w.sure, nil
	}
	return w.sure, w.open
}

// settle joins what undated exports, dated ones and the audit log say of one
// edge. Spans with a start or an end hold whatever the others say.
func (w *settling) settle(left, right string, spans []span, nowWhole bool, looks, reverse []look, changes []fact) {
	facts := slices.Clone(changes)
	for _, l := range looks {
		if l.has[right] || l.whole {
			facts = append(facts, seen(l.moment, signin.TruthOf(l.has[right])))
		}
	}
	for _, l := range reverse {
		facts = append(facts, seen(l.moment, signin.TruthOf(l.has[left])))
	}
	sure, possible := spans, []span(nil)
	if len(facts) > 0 {
		sure = nil
		present := false
		for _, s := range spans {
			if s == (span{}) {
				present = true
			} else {
				sure = append(sure, s)
			}
		}
		if present || nowWhole && len(sure) == 0 {
			facts = append(facts, seen(undated, signin.TruthOf(present)))
		}
		var certain []span
		certain, possible = resolve(facts)
		sure = append(sure, certain...)
	}
	for _, s := range sure {
		addSpan(w.sure, left, right, s)
		addSpan(w.open, left, right, s)
	}
	for _, s := range possible {
		w.anyOpen = true
		addSpan(w.open, left, right, s)
	}
}

// settleRoles does the same for direct holders: role template -> holder.
func (d *Directory) settleRoles() (sure, open edges) {
	now, names := edges{}, map[string]bool{}
	template := func(role string) string {
		if t := d.templates[role]; t != "" {
			return t
		}
		return role
	}
	for who, roles := range d.assigned {
		for role, spans := range roles {
			for _, s := range spans {
				addSpan(now, template(role), who, s)
			}
		}
	}
	if len(d.past.roles) == 0 && len(d.past.holders) == 0 {
		return now, nil
	}
	changes := map[string]map[string][]fact{}
	ever := map[string]map[string]bool{}
	name := func(role, who string) {
		names[role] = true
		if ever[role] == nil {
			ever[role] = map[string]bool{}
		}
		ever[role][who] = true
	}
	for role, who := range now {
		for id := range who {
			name(role, id)
		}
	}
	for _, role := range slices.Sorted(maps.Keys(d.past.holders)) {
		t := template(role)
		for id, facts := range d.past.holders[role] {
			name(t, id)
			if changes[t] == nil {
				changes[t] = map[string][]fact{}
			}
			changes[t][id] = append(changes[t][id], facts...)
		}
	}
	looks := make([]map[string]map[string]bool, len(d.past.roles))
	for i, l := range d.past.roles {
		looks[i] = map[string]map[string]bool{}
		for role, who := range l.holders {
			t := template(role)
			if looks[i][t] == nil {
				looks[i][t] = map[string]bool{}
			}
			for id := range who {
				name(t, id)
				looks[i][t][id] = true
			}
		}
	}
	nowWhole := d.rolesComplete
	if d.past.now != nil {
		nowWhole = d.past.nowRoles
	}
	w := settling{sure: edges{}, open: edges{}}
	for role := range names {
		of := make([]look, len(looks))
		for i, l := range d.past.roles {
			of[i] = look{l.moment, l.whole, looks[i][role]}
		}
		for id := range ever[role] {
			w.settle(role, id, now[role][id], nowWhole, of, nil, changes[role][id])
		}
	}
	return w.done()
}

func keysOf[V any](m map[string]V) map[string]bool {
	out := make(map[string]bool, len(m))
	for k := range m {
		out[k] = true
	}
	return out
}
