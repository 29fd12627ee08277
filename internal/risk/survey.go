package risk

import (
	"net/netip"
	"slices"

	"frisk/internal/signin"
)

// Survey is one thing that only shows across people: which networks many people
// share, how common a browser is, which device serves several accounts. Surveys
// are filled in the first phase by whoever fills Networks, merged, sealed, and
// then consulted by detectors as of the day before a row, so that no score looks
// ahead.
type Survey interface {
	// Use announces the symbol table of the rows that follow; memos by code end here.
	Use(sym *signin.Symbols)
	// Observe takes one row of anybody. Accounts come in any order, the rows of one
	// together and in order of time. The sighting is valid during the call only.
	Observe(s *Sighting)
	// Merge adds what other, of the same kind, saw. It is associative and
	// commutative; other is not filled further.
	Merge(other Survey)
	// Seal ends the filling, at the same time as other surveys end theirs. Afterwards the survey is only read, by several
	// goroutines at once.
	Seal()
}

// Sighting is one row of the first phase: a refused first factor, or an accepted
// sign-in with somebody in front of it. Rows that repeat what an earlier row of
// the same attempt said are left out.
type Sighting struct {
	Row     *signin.Row
	Refused bool // else accepted
	// First: the account's first sighting.
	First bool
	// Person is a hash of who the row is about, equal across workers and across
	// the accounts that identity.csv joins.
	Person uint64
	// Addr is the source address; surveys see no row without one.
	Addr netip.Addr
}

// surveyKind is one registered survey.
type surveyKind struct {
	name string
	need signin.Need
	make func(*Config) Survey
}

var surveyKinds []surveyKind

// registerSurvey adds a kind; the result only gives a package variable something
// to hold. A duplicate name is a bug in this program.
func registerSurvey(name string, need signin.Need, mk func(*Config) Survey) struct{} {
	for i := range surveyKinds {
		if surveyKinds[i].name == name {
			panic("risk: duplicate survey " + name)
		}
	}
	surveyKinds = append(surveyKinds, surveyKind{name, need, mk})
	return struct{}{}
}

// surveysOf are the kinds that detectors consult, in order of registration.
func surveysOf(ds []Detector) (out []surveyKind) {
	for _, k := range surveyKinds {
		if slices.ContainsFunc(ds, func(d Detector) bool { return slices.Contains(d.Surveys, k.name) }) {
			out = append(out, k)
		}
	}
	return out
}

// surveyOf is n's survey of type T; the zero T (nil) when no first phase was run.
func surveyOf[T Survey](n *Networks) (out T) {
	if n == nil {
		return out
	}
	for _, s := range n.surveys {
		if t, ok := s.(T); ok {
			return t
		}
	}
	return out
}
