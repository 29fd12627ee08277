package synth

import "frisk/internal/signin"

// robot is a workload identity: a service principal with a secret, or a managed
// identity of a compute or endpoint.
type robot struct {
	name      string
	id, app   signin.GUID
	managed   bool
	arm       string // resource of a managed identity
	resource  uint8
	every     signin.Time
	workspace int8
	where     where
	offset    signin.Time
}

func makeRobots(seed uint64) []robot {
	d := newDice(seed, "robots", 0)
	var out []robot
	add := func(name string, managed bool, ws int8, res uint8, every signin.Time) {
		r := robot{
			name: name, id: fixedGUID("sp " + name), app: fixedGUID("app " + name), managed: managed,
			resource: res, every: every, workspace: ws, offset: d.between(0, every),
		}
		if ws >= 0 {
			w := &workspaces[ws]
			r.arm = w.resourceID()
		}
		r.where = where{hostAmsterdam, networks[hostAmsterdam].address(uint32(40 + len(out)))} //nolint:gosec // few
		if !managed {
			r.where = where{officeZurich, networks[officeZurich].address(uint32(20 + len(out)))} //nolint:gosec // few
		}
		out = append(out, r)
	}
	add("ci-train-fraud", false, wsFraudProd, resARM, 2*signin.Hour)
	add("ci-train-forecast", false, wsForecastProd, resARM, 3*signin.Hour)
	add("ci-deploy", false, -1, resML, 4*signin.Hour)
	add("mlw-fraud-prod", true, wsFraudProd, resStorage, 3*signin.Hour)
	add("mlw-forecast-prod", true, wsForecastProd, resStorage, 4*signin.Hour)
	add("mlw-research-dev", true, wsResearchDev, resVault, 6*signin.Hour)
	return out
}

// robots writes the day's workload identity sign-ins.
func (s *sim) robots() {
	from := s.t.start + signin.Time(s.day)*signin.Day
	for i := range s.t.robots {
		b := &s.t.robots[i]
		d := newDice(s.t.cfg.Seed, "robot", i<<16|s.day)
		for at := from + b.offset; at < from+signin.Day; at += b.every + d.minutes(0, 1) {
			r := Record{
				Time: at + signin.Time(d.IntN(int(signin.Second))), ID: d.guid(), corr: d.guid(), person: -1, robot: int16(i), //nolint:gosec // few
				device: -1, resource: b.resource, client: clientNone, where: b.where, workspace: b.workspace, stream: signin.ServicePrincipal,
			}
			if b.managed {
				r.stream = signin.ManagedIdentity
			}
			if !b.managed && d.chance(0.004) {
				r.code = 7000215
			}
			r.orig = r.ID
			s.out = append(s.out, r)
		}
	}
}
