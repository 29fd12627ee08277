package ingest

import (
	"cmp"
	"slices"
	"strings"
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
}

func (t *tally) reset() { *t = tally{} }

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

// count adds n to the entry of typ, keeping the slice sorted. Types are few; a
// new one is cloned because it may point into a chunk.
func count(c []TypeCount, typ string, n int64) []TypeCount {
	i, found := slices.BinarySearchFunc(c, typ, func(a TypeCount, t string) int { return cmp.Compare(a.Type, t) })
	if !found {
		c = slices.Insert(c, i, TypeCount{Type: strings.Clone(typ)})
	}
	c[i].Count += n
	return c
}
