package ingest

import (
	"cmp"
	"slices"
	"strings"

	"frisk/internal/signin"
)

// note is a thing about events that a reader of the result should know.
type note uint8

const (
	noteFutureEnum note = iota
	notePolicyRows
	noteNoPolicies
	noteNoSteps
	noteStepRows
	noteGrouped
	noteGroupedTotal
	noteEnvelopeTime
	noteNoZone
	noteDerivedID
	noteBadAddress
	noteBadPlace
	noteUnknownTrust
	noteUnknownCode
	noteNoTenant
	notePortalPolicies
	noteNoYear
	noteUnmapped
	numNotes
)

// noteNames are the keys of NoteCount, indexed by note.
var noteNames = [numNotes]string{
	noteFutureEnum:     "future-enum",
	notePolicyRows:     "policy-rows",
	noteNoPolicies:     "no-policy-rows",
	noteNoSteps:        "no-step-rows",
	noteStepRows:       "step-rows",
	noteGrouped:        "grouped-rows",
	noteGroupedTotal:   "grouped-sign-ins",
	noteEnvelopeTime:   "envelope-time",
	noteNoZone:         "no-zone",
	noteDerivedID:      "derived-id",
	noteBadAddress:     "bad-address",
	noteBadPlace:       "bad-coordinates",
	noteUnknownTrust:   "unknown-trust",
	noteUnknownCode:    "unknown-code",
	noteNoTenant:       "no-tenant",
	notePortalPolicies: "portal-csv",
	noteNoYear:         "no-year",
	noteUnmapped:       "unmapped",
}

// NoteCount is how often something worth knowing was met. Account turns notes
// into sentences; Name is a stable key for machines.
type NoteCount struct {
	Name  string
	Count int64
}

// tally counts within one batch.
type tally struct {
	notes   [numNotes]int64
	others  []TypeCount
	tenants []TypeCount
	more    []signin.Event // further sign-ins of the record at hand
	extra   int64          // records beyond one a span
	watch   *trialLog      // of a Try, else nil
}

// emit adds a further sign-in of the record at hand; Raw is filled in later.
func (t *tally) emit(ev *signin.Event) { t.more = append(t.more, *ev) }

// alsoOther counts a further part of the record at hand that is no sign-in.
func (t *tally) alsoOther(typ string) {
	t.extra++
	t.other(typ)
}

// takeMore hands over the further sign-ins, which are valid until the next emit.
func (t *tally) takeMore() []signin.Event {
	m := t.more
	t.more = t.more[:0]
	return m
}

func (t *tally) reset() { *t = tally{more: t.more[:0], watch: t.watch} }

func (t *tally) note(n note) { t.notes[n]++ }

func (t *tally) other(typ string) { t.others = count(t.others, typ, 1) }

func (t *tally) tenant(id string) { t.tenants = count(t.tenants, id, 1) }

func (t *tally) fill(b *Batch) {
	b.NotSignIn, b.Tenants = t.others, t.tenants
	for i, n := range t.notes {
		if n > 0 {
			b.Notes = append(b.Notes, NoteCount{noteNames[i], n})
		}
	}
}

// maxTypesKept is how many types are told apart, maxTypeText how much of a
// type's text is kept: a log may make up a type for every record.
const (
	maxTypesKept = 1000
	maxTypeText  = 120
	otherTypes   = "(other types)"
)

// count adds n to the entry of typ, keeping the slice sorted. A new type is
// cloned because it may point into a chunk; past maxTypesKept new ones are
// counted together.
func count(c []TypeCount, typ string, n int64) []TypeCount {
	if len(typ) > maxTypeText {
		typ = clip([]byte(typ), maxTypeText)
	}
	i, found := findType(c, typ)
	if !found && len(c) >= maxTypesKept {
		typ = otherTypes
		i, found = findType(c, typ)
	}
	if !found {
		c = slices.Insert(c, i, TypeCount{Type: strings.Clone(typ)})
	}
	c[i].Count += n
	return c
}

func findType(c []TypeCount, typ string) (int, bool) {
	return slices.BinarySearchFunc(c, typ, func(a TypeCount, t string) int { return cmp.Compare(a.Type, t) })
}
