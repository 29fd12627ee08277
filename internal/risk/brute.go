package risk

import (
	"frisk/internal/signin"
)

var _ = register(Detector{
	Name: "brute-force",
	Doc: "many refused passwords of one person in minutes, or in a day against their own baseline; " +
		"a source that hammers few people; and the sign-in that follows",
	Needs:      "result of refused sign-ins; source address to tell a stale password at the desk from an attack",
	Quiet:      "a log without refused sign-ins shows none; without addresses every burst counts as strange",
	Techniques: []string{"T1110.001"},
	Origin:     "splunk/security_content (20 failures of 50126 in 10 min); own baseline, reference, detection 3",
	Scope:      ScopeNetwork,
	Need:       NetworksNeed().Or(usualNeed()).Or(clientNeed()).Or(signin.NeedDims(signin.DimNetwork)),
	New: func(e *Env) Watcher {
		return &brute{env: e, cfg: &e.Config, src: newSourceWatcher(e, BruteForce), clients: newClients()}
	},
})

// brute watches one person's refused passwords. Bursts are found by count in a
// sliding window; what is slower by count per UTC day against the person's own
// mean. A burst mostly from something of the person's is a stale password in some
// client: reported as suppressed, never attack traffic. Theirs is a device or
// network of their own, the organisation's network, or the client they use at the
// operator they use: a phone behind its carrier changes networks and keeps both.
// One client that asks at even intervals for hours is more likely a service with
// an old password than somebody guessing: low, and no attack traffic.
type brute struct {
	env     *Env
	cfg     *Config
	src     *sourceWatcher
	clients *clients
	used    marks     // kinds of client that were let in
	burst   []refused // each within the window of the one before
	hot     bool      // the burst reached the threshold
	today   []refused // of the current day
	atDay   int32
	done    bool    // the day already has a finding
	mean    float64 // own mean of refused tries per day, over about two weeks
	rows    []int
	codes   []signin.Code
}

// refused is a row of a refused sign-in; own tells that its device or network is
// the person's, again that an earlier row described the same try.
type refused struct {
	row   int
	own   bool
	again bool
}

// tries is how many tries rows describe.
func tries(rows []refused) int {
	n := 0
	for i := range rows {
		n += btoi(!rows[i].again)
	}
	return n
}

func (w *brute) Begin() {
	w.src.Begin()
	w.used.begin()
	w.burst, w.today = w.burst[:0], w.today[:0]
	w.hot, w.done, w.mean, w.atDay = false, false, 0, 0
}

func (w *brute) Observe(v *View, s *Sink) {
	if len(v.addr.windows) > 0 && !w.theirs(v) {
		w.src.Observe(v, s)
	}
	if v.Entered && v.Row.Outcome() == signin.Success && !s.skip {
		w.used.add(w.clients.of(w.env.Symbols, v.Row))
	}
	if !v.Failed && (!v.Entered || len(w.burst) == 0) {
		return
	}
	t := v.Row.Time
	if n := len(w.burst); n > 0 && t-s.rows[w.burst[n-1].row].Time > w.reach(v) {
		w.closeBurst(s)
	}
	if !v.Failed {
		w.success(v, s)
		return
	}
	if d := day(t); d != w.atDay {
		w.closeDay(s, d)
	}
	f := refused{v.Index, w.theirs(v), v.Again}
	w.burst = append(w.burst, f)
	w.today = append(w.today, f)
	if !w.hot {
		w.trim(s, t)
		w.hot = tries(w.burst) >= int(w.cfg.BruteTries)
	}
}

// theirs reports that something about a row vouches for the person.
func (w *brute) theirs(v *View) bool {
	return !strange(v) && (v.ASN != Known || own(v) || v.Trusted || v.Class&Corporate != 0 ||
		v.Class&rented == 0 && w.used.has(w.clients.of(w.env.Symbols, v.Row)))
}

// reach is how long after its last row a burst still matters to v: a success
// may follow later than the next try.
func (w *brute) reach(v *View) signin.Time {
	if !v.Failed && w.hot {
		return minutes(w.cfg.BruteFollowMin)
	}
	return minutes(w.cfg.BruteMinutes)
}

// trim drops rows that left the window while the burst is below the threshold.
func (w *brute) trim(s *Sink, now signin.Time) {
	k := 0
	for k < len(w.burst) && now-s.rows[w.burst[k].row].Time > minutes(w.cfg.BruteMinutes) {
		k++
	}
	if k > 0 {
		w.burst = append(w.burst[:0], w.burst[k:]...)
	}
}

// success weighs an accepted sign-in just after a burst: what was known then.
func (w *brute) success(v *View, s *Sink) {
	if !w.hot || own(v) || familiarRows(w.burst) {
		return
	}
	s.evidence().text("what", "accepted sign-in after refused passwords").
		num("refused_tries", float64(tries(w.burst))).
		text("first_try", s.rows[w.burst[0].row].Time.String()).
		source(v.Index).text("class", v.Class.String()).
		text("device", deviceWord(v)).text("stopped_by", stopped(v.Row)).
		usual(w.burst[0].row).after(v.Index)
	f := Finding{Detector: "brute-force", Severity: High, Score: scoreTriedSuccess, Bits: w.cfg.BitsBrute, Attack: true}
	f.Events = s.refsOf(append(someRows(w.list(w.burst)), v.Index)...)
	s.raise(f, FamilyCredential, v.Index)
	w.closeBurst(s)
}

// familiarRows reports that most rows vouch for the person.
func familiarRows(rows []refused) bool { return ownRows(rows)*2 > len(rows) }

// ownRows is how many rows vouch for the person.
func ownRows(rows []refused) (n int) {
	for _, r := range rows {
		n += btoi(r.own)
	}
	return n
}

// list is the indexes of rows, in a buffer of w.
func (w *brute) list(rows []refused) []int {
	w.rows = w.rows[:0]
	for _, r := range rows {
		w.rows = append(w.rows, r.row)
	}
	return w.rows
}

func (w *brute) closeBurst(s *Sink) {
	if w.hot {
		w.report(s, "burst of refused passwords", w.burst)
		w.done = true
	}
	w.burst, w.hot = w.burst[:0], false
}

// closeDay judges the day that ended and moves the baseline on to day d.
func (w *brute) closeDay(s *Sink, d int32) {
	if n := float64(tries(w.today)); n > 0 {
		if !w.done && !w.hot && n >= w.cfg.BruteDayTries && n >= w.mean*w.cfg.BruteDayFactor {
			w.report(s, "refused passwords far above own baseline", w.today)
		}
		const keep = 13.0 / 14
		w.mean = w.mean*keep + n/14
		for range min(d-w.atDay-1, 60) {
			w.mean *= keep
		}
	}
	w.today, w.done, w.atDay = w.today[:0], false, d
}

func (w *brute) End(s *Sink) {
	w.closeBurst(s)
	w.closeDay(s, w.atDay+1)
	w.src.End(s)
}
