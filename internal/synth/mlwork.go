package synth

import "frisk/internal/signin"

// tool is a way to work with a workspace.
type tool struct {
	slot     slot
	app, res uint8
	second   uint8   // resource that is often asked for as well
	share    float64 // how often
}

var (
	toolStudio = tool{slotBrowser, appStudio, resML, resARM, 0.3}
	toolVSCode = tool{slotVSCode, appVSCode, resARM, resML, 0.4}
	toolCLI    = tool{slotCLI, appCLI, resARM, resML, 0.35}
)

// habits of a role: chance of working with ML on a day, blocks of work a day,
// their length in hours, the share of each tool, and the chance of leaving a
// training job behind in the evening.
type habits struct {
	day, blocks, hours  float64
	studio, vscode, cli float64
	job                 float64
}

var roleHabits = [numRoles]habits{
	mlEngineer:    {0.75, 1.3, 1.6, 0.3, 0.4, 0.3, 0.06},
	dataScientist: {0.92, 1.9, 5.2, 0.4, 0.35, 0.25, 0.28},
	analyst:       {0.45, 1.1, 0.8, 1, 0, 0, 0},
	contractor:    {0.7, 1.4, 1.7, 0.5, 0.4, 0.1, 0.04},
	administrator: {0.25, 1, 0.5, 0.4, 0, 0.6, 0},
	business:      {0.04, 1, 0.4, 1, 0, 0, 0},
}

// planML lays blocks of work with a tool over the day. While a block lasts, the
// tool renews its token about hourly; over lunch nobody sits in front of it.
func (s *sim) planML(p *person, plan []intent, from, to, lunch, back signin.Time, at func(signin.Time) where) []intent {
	d := p.dice
	h := &roleHabits[p.role]
	if !d.chance(h.day) {
		return plan
	}
	blocks := int(h.blocks + d.Float64())
	for b := range max(blocks, 1) {
		tl := p.pickTool(h)
		start := from + 15*signin.Minute + signin.Time(b)*(to-from)/signin.Time(max(blocks, 1)) + d.minutes(10, 8)
		end := min(start+d.minutes(h.hours*60, h.hours*25), to)
		if start >= to {
			break
		}
		ws := p.anyTeam()
		plan = append(plan, p.use(tl, start, doStart, at(start), true, ws))
		if d.chance(tl.share) {
			in := p.use(tl, start+d.minutes(2, 0.5), doBeat, at(start), true, ws)
			in.res = tl.second
			plan = append(plan, in)
		}
		for t := start + d.minutes(64, 4); t < end; t += d.minutes(64, 4) {
			plan = append(plan, p.use(tl, t, doBeat, at(t), t < lunch || t > back, ws))
		}
	}
	if d.chance(h.job) && p.tripOn(s.day) == nil {
		plan = p.planJob(plan, to, at(to))
	}
	return plan
}

func (p *person) pickTool(h *habits) tool {
	u := p.dice.Float64()
	switch {
	case u < h.studio:
		return toolStudio
	case u < h.studio+h.vscode:
		return toolVSCode
	}
	return toolCLI
}

func (p *person) use(tl tool, at signin.Time, kind intentKind, w where, present bool, ws int8) intent {
	in := intent{at: at, kind: kind, slot: tl.slot, app: tl.app, res: tl.res, where: w, present: present, ws: ws}
	if tl.slot == slotCLI && p.role == dataScientist {
		in.ua = uaSDK
	}
	return in
}

// planJob leaves a long training job behind: the command line keeps watching it
// with a token renewed every hour, on the machine that stays on at home or in
// the office, until the morning or the job's end.
func (p *person) planJob(plan []intent, to signin.Time, w where) []intent {
	d := p.dice
	if networks[w.net].kind == netVPN || networks[w.net].kind == netHotel {
		w = p.homeAddr() // the VPN does not stay up overnight
	}
	ws := p.anyTeam()
	if len(p.teams) > 0 && p.prod && d.chance(0.5) {
		ws = int8(p.teams[0]) //nolint:gosec // few workspaces
	}
	in := p.use(toolCLI, to-d.minutes(8, 2), doBeat, w, true, ws)
	p.jobs++
	in.kind, in.job = doStart, p.jobs
	plan = append(plan, in)
	hours := 5 + d.IntN(9)
	for t := in.at + d.minutes(64, 3); t < in.at+signin.Time(hours)*signin.Hour; t += d.minutes(64, 3) {
		b := in
		b.at, b.kind, b.present = t, doBeat, false
		plan = append(plan, b)
	}
	return plan
}
