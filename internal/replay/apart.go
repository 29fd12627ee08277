package replay

// ExcludedSummary is what the log and the replay say of the people of a cell
// whom an exclusion spared at least once. Their history says nothing of the
// friction of the policy they were excluded from: there are no prompts of it in
// the log. They are therefore in no rate, share or interval of the cell, and stand
// here. People + Excluded.People are all who signed in, and each sum of the cell
// and its like here add up to that of everybody.
type ExcludedSummary struct {
	People int `json:"people"`
	// Partly are those of them of whom some sign-ins in the cell were not spared:
	// they were excluded for a time, or from a policy for a part of their work.
	Partly   int       `json:"partly"`
	Spared   float64   `json:"spared"`   // sign-ins of the cell from which an exclusion spared them
	Recorded Recorded  `json:"recorded"` // over the span
	Sets     []Outcome `json:"sets"`     // over the span; modelled; nil where nobody is excluded
	Seconds  []Seconds `json:"seconds"`  // by set, per person and week; modelled
}

// keepApart splits people who signed in into those whose history measures
// friction and those whom an exclusion spared.
func (s *Summary) keepApart(people []*PersonCell) (measured, excluded []*PersonCell) {
	if len(s.spared) == 0 {
		return people, nil
	}
	for _, p := range people {
		if s.spared[p.Person] {
			excluded = append(excluded, p)
		} else {
			measured = append(measured, p)
		}
	}
	return measured, excluded
}

// excluded sums up those of all whom an exclusion spared; people are those of
// them who signed in here.
func (s *Summary) excluded(all, people []*PersonCell, sets int, opt *SummaryOptions) ExcludedSummary {
	out := ExcludedSummary{People: len(people)}
	for _, p := range all {
		if !s.spared[p.Person] {
			continue
		}
		if out.Sets == nil {
			out.Sets, out.Seconds = make([]Outcome, sets), make([]Seconds, sets)
		}
		out.Recorded.add(&p.Recorded)
		out.Spared += p.Excluded
		for k := range out.Sets {
			out.Sets[k].add(&p.Sets[k])
		}
	}
	for _, p := range people {
		if p.Excluded < p.Recorded.SignIns {
			out.Partly++
		}
	}
	if len(people) > 0 {
		per := 1 / (float64(len(people)) * s.Weeks)
		for k := range out.Sets {
			out.Seconds[k] = out.Sets[k].seconds(0, opt.Constants, per)
		}
	}
	return out
}

func (e *ExcludedSummary) seconds(set int) float64 {
	if set < len(e.Seconds) {
		return e.Seconds[set].Mid
	}
	return 0
}

// addRisk adds what is counted of everybody: risk, and the sign-ins that hang on a
// missing fact or that no policy covers.
func (o *Outcome) addRisk(x *Outcome) {
	o.Risk += x.Risk
	o.Residual.sum(x.Residual)
	o.Stopped.sum(x.Stopped)
	o.Attacks += x.Attacks
	o.AttacksThrough.sum(x.AttacksThrough)
	o.Unknown += x.Unknown
	o.Uncovered += x.Uncovered
}
