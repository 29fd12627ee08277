package synth

import "frisk/internal/signin"

// stealFrom plans the use of a stolen session: right after the victim's own
// refresh with a native tool, somebody far away redeems a copy of the refresh
// token every hour or so, for six hours. The policies see the victim's session
// and device, so only frequency or a place can end it. The copy keeps the time of
// the sign-in it was won by: what the victim does later renews their own token.
func (s *sim) stealFrom(p *person, in *intent) []intent {
	for i := range p.thefts {
		th := &p.thefts[i]
		if th.done || th.day > s.day || in.incident != 0 || in.device != 0 || in.slot == slotBrowser || in.slot == slotOffice {
			continue
		}
		th.done = true
		inc := &s.t.incidents[th.incident-1]
		inc.Day = s.day
		w := where{inc.net, networks[inc.net].address(p.dice.Uint32())}
		token := *p.clock(in.device, in.slot)
		var out []intent
		for k := range 6 {
			b := *in
			b.at += 35*signin.Minute + signin.Time(k)*p.dice.minutes(58, 5)
			b.kind, b.present, b.job, b.ws = doBeat, false, 0, -1
			b.where, b.incident, b.ua, b.token = w, th.incident, uaScript, &token
			out = append(out, b)
		}
		return out
	}
	return nil
}
