package replay

import (
	"frisk/internal/policy"
	"frisk/internal/signin"
)

// Basis says what the agreement of one evaluation rests on: where replay allows a
// met and an unmet demand, a recorded result agrees whatever it is and proves little.
type Basis uint8

// What agreement rests on, as indexes of PolicyFidelity.Basis.
const (
	// BasisFirm: one result fits, met or unmet.
	BasisFirm Basis = iota
	// BasisAsked: the policy asks for certain. The interrupted row is recorded as a
	// failure, the one after the answer as a success (reference 1.9).
	BasisAsked
	// BasisProof: how old the session's proof was, or whether it carried a second
	// factor, is within bounds.
	BasisProof
	// BasisAnew: met by the old session, but another policy asks in the same
	// attempt, and the session that begins then lacks a second factor until the answer.
	BasisAnew
	// BasisBlocked: the policy asks, but another one blocks, so nobody was asked.
	BasisBlocked
	// BasisBackground: the policy asks on a row nobody sat in front of.
	BasisBackground
	// BasisUnseen: the policy asks for a control, or a state of the device, that the
	// row does not show.
	BasisUnseen
	numBases
)

// BasisNames are the bases by number, stable, kebab-case.
var BasisNames = [numBases]string{"firm", "asked", "proof", "anew", "blocked", "background", "unseen"}

var basisWords = [numBases]string{
	"one result fits",
	"the policy asks: a failure before the answer, a success after it",
	"how old the session’s proof was, or whether it had a second factor, is open",
	"another policy asked in the same attempt, so the session had no second factor until the answer",
	"another policy blocked first, so this one never asked",
	"a background row: nobody was there to be asked",
	"it asks for a control or a device state that the row does not show",
}

func (b Basis) String() string { return BasisNames[b] }

// Words say why the result fits, for people.
func (b Basis) Words() string { return basisWords[b] }

// Proves says in a word how much an agreement on this basis proves: a policy that asks
// leaves both results open as well, but the prompts are compared beside it.
func (b Basis) Proves() string {
	switch {
	case b == BasisFirm:
		return "much"
	case b.Loose():
		return "little"
	}
	return "some"
}

// Loose reports an agreement that proves little: another result had agreed as well,
// and nothing on the row tells which it should be.
func (b Basis) Loose() bool { return b > BasisAsked }

// seeing is what basisOf knows of one evaluation.
type seeing struct {
	p        *policy.Policy
	applies  signin.Truth
	grade    policy.Grade   // of what the policy asks for
	recorded policy.Results // by the log
	// anew: the policy is met but for another one that asks; blocked: another enabled
	// policy blocks for certain; background: nobody sat in front of the row.
	anew, blocked, background bool
}

// basisOf says what an agreement rests on. It means nothing for a disagreement.
func basisOf(s *seeing) Basis {
	if s.applies != signin.True || s.p.State != policy.Enabled && s.p.State != policy.ReportOnly {
		return BasisFirm
	}
	switch {
	case s.anew:
		return BasisAnew
	case s.grade.Best == policy.Prompt && s.grade.Worst == policy.Prompt:
		// Only a success needs a reason why a policy that asks was not in the way.
		switch {
		case s.recorded&goodResults == 0:
			return BasisAsked
		case s.blocked:
			return BasisBlocked
		case s.background:
			return BasisBackground
		}
		return BasisAsked
	case s.grade.Worst == policy.Allow || s.grade.Best == policy.Block:
		return BasisFirm
	}
	const told = policy.ControlMFA | policy.ControlStrength | policy.ControlFrequency
	if g := s.p.Grant; g != nil && s.p.Session.Frequency == 0 {
		if rest := g.Controls &^ told; rest != 0 && (g.Controls == rest || !g.Or && rest&unseen != 0) {
			return BasisUnseen
		}
	}
	return BasisProof
}
