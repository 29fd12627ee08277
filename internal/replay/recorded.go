package replay

import (
	"frisk/internal/policy"
	"frisk/internal/signin"
)

// recordRow counts what the log says about one row. Attack traffic counts as
// such and as nothing else.
func (w *Worker) recordRow(i int) {
	r, f := &w.p.rows[i], &w.p.facts[i]
	if f.flag&(attack|silent) == attack {
		w.tally.Fidelity.Attacks++
	}
	for _, p := range w.cells.parts {
		pc := &w.cells.table[p.cell]
		rec := &pc.Recorded
		if f.flag&attack != 0 {
			rec.Attack += p.weight
			continue
		}
		if f.flag&legacy != 0 {
			rec.Legacy += p.weight
		}
		if r.Reason().FirstFactorFailed() && f.flag&again == 0 {
			rec.FirstFactor += p.weight
		}
		if r.Outcome() != signin.Success && (r.Reason() == signin.Interrupt || r.Reason() == signin.Consent) {
			rec.Interrupts += p.weight
		}
		if f.flag&reached == 0 {
			continue
		}
		rec.SignIns += p.weight
		if f.flag&silent != 0 {
			rec.NoRecord += p.weight
		}
	}
	if f.flag&(attack|reached) == reached {
		// All work of everybody and of each group counts the row once; a
		// workspace's own column counts its share, of one tier.
		for _, p := range w.cells.parts {
			pc := &w.cells.table[p.cell]
			if int(p.cell)%w.cells.width() == allWork {
				for tier, x := range w.cells.tiers {
					pc.TierWeight[tier] += x
				}
				continue
			}
			for tier, x := range w.cells.tiers {
				if x > 0 {
					pc.TierWeight[tier] += p.weight
					break
				}
			}
		}
	}
}

// recordEpisode counts an attempt once its last row has come, in that row's
// cells. An attempt that never got past the first factor is a typo, not friction.
func (w *Worker) recordEpisode(e *episode, n int) {
	if e.attack || !e.reached {
		return
	}
	last := &w.p.rows[e.last]
	w.judge(e, last, n)
	prompted := e.entries > 0
	asked := e.prompted()
	if asked && len(w.sets) > 0 && w.p.facts[e.last].scope == policy.InScope {
		w.tally.Fidelity.Prompted.count(w.sets[0].done[n])
	}
	broken := prompted && e.entry >= 0 && w.p.facts[e.entry].flag&inUse != 0
	for _, p := range w.cells.parts {
		rec := &w.cells.table[p.cell].Recorded
		rec.Episodes += p.weight
		rec.FactorEntries += p.weight * float64(e.entries)
		rec.FailedFactors += p.weight * float64(e.failed)
		if prompted {
			rec.Prompts += p.weight
		}
		if asked {
			rec.Asked += p.weight
		}
		if prompted && e.labelled {
			rec.Frequency += p.weight
		}
		if broken {
			rec.Broken += p.weight
		}
		if last.Reason().PolicyBlocked() {
			rec.Blocks += p.weight
		}
	}
}

// count takes in one recorded prompt; done is what replayed current was counted for.
func (p *PromptAgreement) count(done uint8) {
	p.Recorded++
	switch done & (countedPrompt<<low | countedPrompt<<high) {
	case countedPrompt<<low | countedPrompt<<high:
		p.Matched++
	case 0:
		p.Missed++
	default:
		p.Open++
	}
}

// judge compares what the log and replayed current say of a whole episode. A
// demand on background rows is left out: both have it answered in a later episode.
func (w *Worker) judge(e *episode, last *signin.Row, n int) {
	if len(w.sets) == 0 || w.p.facts[e.last].scope != policy.InScope {
		return
	}
	if e.background && e.entries == 0 && (e.labelled || e.demanded) {
		return
	}
	theirs := VerdictOther
	switch {
	case last.Reason().PolicyBlocked():
		theirs = VerdictBlock
	case e.entries > 0 && (e.secondOK || e.labelled || e.refused), e.labelled:
		theirs = VerdictPrompt
	case last.Reason() == signin.MFARequired || last.Reason() == signin.MFAEnrol:
		theirs = VerdictPrompt
	case last.Outcome() == signin.Success:
		theirs = VerdictAllow
	}
	done := w.sets[0].done[n]
	word := func(side int) int {
		switch {
		case done&(countedBlock<<side) != 0:
			return VerdictBlock
		case done&(countedPrompt<<side) != 0:
			return VerdictPrompt
		}
		return VerdictAllow
	}
	ours := word(low)
	if word(high) != ours {
		ours = VerdictOther
	}
	w.tally.Fidelity.Verdicts[theirs][ours]++
}
