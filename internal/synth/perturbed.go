package synth

import (
	"slices"

	"frisk/internal/signin"
)

// manifest counts, for each perturbation, the rows it touches.
type manifest struct {
	t     *Tenant
	list  []Perturbation
	kinds []Perturb
	world []*world // by kind: what the export says; nil when rows are counted otherwise
	hit   []uint32 // by kind: policies touched, by index
}

func newManifest(t *Tenant) *manifest {
	m := &manifest{t: t}
	for i, name := range perturbNames {
		k := Perturb(1) << i
		if !t.cfg.Perturb.has(k) || k == PerturbRisk && !t.cfg.Dated {
			continue
		}
		p := Perturbation{Kind: name, What: perturbWords[i], Policies: []string{}}
		t.concerned(k, &p)
		m.list, m.kinds, m.hit = append(m.list, p), append(m.kinds, k), append(m.hit, 0)
		w := &world{off: k, edits: t.world.edits}
		if k&(PerturbMembership|PerturbLocation|PerturbBundle|PerturbPolicy|PerturbDevice|PerturbRisk) == 0 {
			w = nil
		}
		m.world = append(m.world, w)
	}
	return m
}

var perturbWords = [...]string{
	"people are missing from their production team and others are listed in the exclusion group of the frequency policy",
	"two exclusion groups are exported without their members",
	"named locations are of another day: a VPN gateway is missing, the location of the countries is renamed, lacks one and has five more",
	"the named location of the business countries is missing",
	"the file of app groups does not know Teams and denies that Exchange is in Office365",
	"a policy is exported as it was changed after the last row; in a dated tenant the audit log lacks the changes of policies",
	"an enforced policy is exported as report-only",
	"a policy is missing from the export",
	"Windows computers are missing from the device export or wrongly called personal",
	"every other spell of high user risk is missing",
	"report-only results are written as unknownFutureValue",
	"the lists of evaluated policies are empty",
	"non-interactive sign-ins are missing",
}

// concerned names who and what a perturbation is about.
func (t *Tenant) concerned(k Perturb, p *Perturbation) {
	switch k {
	case PerturbMembership:
		for _, x := range t.people {
			if x.dropped|x.added != 0 {
				p.People = append(p.People, x.upn)
			}
			for _, team := range x.teams {
				if x.dropped&(1<<inProd) != 0 && workspaces[team].env == "prod" && !slices.Contains(p.Subjects, groupID(workspaces[team].team)) {
					p.Subjects = append(p.Subjects, groupID(workspaces[team].team))
				}
			}
		}
		p.Subjects = append(p.Subjects, groupID(groupFrequencyExmpt))
	case PerturbIncomplete:
		p.Subjects = []string{groupID(groupDeviceExempt), groupID(groupTravelExempt)}
	case PerturbLocation:
		p.Subjects = []string{locationVPN, locationCountries}
	case PerturbNoLocation:
		p.Subjects = []string{locationCountries}
	case PerturbBundle:
		p.Subjects = []string{targets[resTeams].id, targets[resExchange].id}
	case PerturbDevice:
		for _, x := range t.people {
			for i := range x.devices {
				if d := &x.devices[i]; d.exported() != deviceRight {
					p.Subjects = append(p.Subjects, d.id.String())
				}
			}
		}
	}
}

// note counts a row.
func (m *manifest) note(r *Record) {
	for n, k := range m.kinds {
		p := &m.list[n]
		if k == PerturbInteractive {
			if r.stream == signin.NonInteractive {
				p.SignIns++ // not in the log, so without examples
			}
			continue
		}
		hit := m.touches(n, k, r)
		if hit == 0 {
			continue
		}
		m.hit[n] |= hit
		p.SignIns++
		if len(p.Examples) < maxPerturbed {
			p.Examples = append(p.Examples, r.ID.String())
		}
	}
}

// touches are the policies of a row whose evaluation the exported files no
// longer lead to, by index.
func (m *manifest) touches(n int, k Perturb, r *Record) uint32 {
	if !r.policies {
		return 0
	}
	const every = 1<<numPolicies - 1
	switch k {
	case PerturbState:
		return 1 << polAdmins
	case PerturbMissing:
		return 1 << polDevCompliant
	case PerturbHidden:
		return reportOnly
	case PerturbPermission:
		return every
	case PerturbIncomplete, PerturbNoLocation:
		return m.open(k, r)
	}
	a := m.t.askedOf(r)
	v := judge(&a, m.world[n])
	var hit uint32
	for i := range m.t.numPolicies() {
		if x, y := &v.evals[i], &r.evals[i]; x.satisfied != y.satisfied || x.notSatisfied != y.notSatisfied {
			hit |= 1 << i
		}
	}
	return hit
}

// open are the policies whose answer hangs on the group or location that is
// missing: production people at an ML target.
func (m *manifest) open(k Perturb, r *Record) uint32 {
	var hit uint32
	if k == PerturbNoLocation {
		if r.evals[polProdPlaces].include&ruleAllLocations != 0 && m.t.world.trusted(r.where) == "" {
			hit = 1 << polProdPlaces
		}
		return hit
	}
	for _, i := range []int{polProdDevice, polProdPlaces} {
		if r.evals[i].include&ruleGroup != 0 {
			hit |= 1 << i
		}
	}
	return hit
}

// askedOf is what Conditional Access was asked by a row that it decided.
func (t *Tenant) askedOf(r *Record) asked {
	p := t.people[r.person]
	a := asked{
		p: p, at: r.Time, app: r.app, res: r.resource, client: r.client, device: r.device, where: r.where, binding: r.binding, risk: r.risk,
	}
	if r.device >= 0 {
		a.compliant, a.windows = !r.blemish, p.devices[r.device].windows()
	} else {
		a.windows = r.ua != uaNone && r.ua != uaIMAP
	}
	return a
}

// done is the manifest with its policies named.
func (m *manifest) done() []Perturbation {
	for n := range m.list {
		for i := range m.t.numPolicies() {
			if m.hit[n]&(1<<i) != 0 {
				m.list[n].Policies = append(m.list[n].Policies, currentPolicies[i].ID)
			}
		}
	}
	return m.list
}
