package replay

import (
	"strings"

	"frisk/internal/policy"
	"frisk/internal/signin"
)

// Decision is one sign-in under one set, as it is written beside the events.
// Texts in lists are in a fixed order and joined by commas, so that any reader
// of Parquet can filter them.
type Decision struct {
	// Event is the provider's id; replay leaves it "" and whoever writes the table
	// fills it from Ref.
	Event    string      `json:"event" parquet:"event"`
	Ref      signin.Ref  `json:"-" parquet:"-"`
	Time     signin.Time `json:"time" parquet:"time,timestamp(microsecond)"`
	Person   string      `json:"person" parquet:"person,dict"`
	Set      string      `json:"set" parquet:"set,dict"`
	Verdict  string      `json:"verdict" parquet:"verdict,dict"` // allow, prompt, block, unknown
	Best     string      `json:"best" parquet:"best,dict"`       // in the person's favour, and against
	Worst    string      `json:"worst" parquet:"worst,dict"`
	Controls string      `json:"controls" parquet:"controls,dict"` // unmet, in the worst case
	Policies string      `json:"policies" parquet:"policies,dict"` // names of those behind the worst case
	Unknown  string      `json:"unknown" parquet:"unknown,dict"`   // names of those nobody can tell whether they apply
	Score    float64     `json:"score" parquet:"score"`
	Attack   bool        `json:"attack" parquet:"attack"`
}

// tell hands the row's decision to whoever asked for decisions.
func (w *Worker) tell(s *setRun, i int) {
	if w.cfg.Decisions == nil {
		return
	}
	r := &w.p.rows[i]
	d := Decision{
		Ref: r.Ref, Time: r.Time, Person: w.key, Set: s.ev.Engine().Set().Name,
		Best: s.raw[low].String(), Worst: s.raw[high].String(), Score: w.risk(i),
		Attack:  w.p.facts[i].flag&attack != 0,
		Unknown: s.names(s.hi.Match.Unknown),
	}
	d.Verdict = d.Best
	if d.Best != d.Worst {
		d.Verdict = "unknown"
	}
	if s.raw[high] != policy.Allow {
		d.Controls = strings.Join(s.rawAsk[high].Names(), ",")
		d.Policies = s.names(s.hi.Blocks.Or(s.hi.MaybeBlocks).Or(s.hi.Prompts).Or(s.hi.MaybePrompts))
	}
	w.cfg.Decisions(&d)
}

func (s *setRun) names(m policy.Mask) string {
	var out []string
	for n := range m.All() {
		out = append(out, s.ev.Engine().Set().Policies[n].Name)
	}
	return strings.Join(out, ",")
}
