package dataset

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// TypeCount counts the records of one type that are no sign-ins.
type TypeCount struct {
	Type  string `json:"type"`
	Count int64  `json:"count"`
}

// maxTypes is how many types of a source are told apart; the rarest beyond them
// are summed as otherTypes, so that a log with a type per record cannot swell
// the manifest.
const maxTypes = 24

const otherTypes = "(other types)"

// boundTypes sorts types by name and sums up the rarest past maxTypes. Types of
// the same name are added together. The result does not share memory with ts.
func boundTypes(ts []TypeCount) []TypeCount {
	var out []TypeCount
	sorted := slices.Clone(ts)
	byName := func(a, b TypeCount) int { return strings.Compare(a.Type, b.Type) }
	slices.SortStableFunc(sorted, byName)
	for _, t := range sorted {
		if n := len(out); n > 0 && out[n-1].Type == t.Type {
			out[n-1].Count += t.Count
			continue
		}
		out = append(out, t)
	}
	if len(out) <= maxTypes {
		return out
	}
	slices.SortStableFunc(out, func(a, b TypeCount) int {
		// A rest of an earlier bounding goes last whatever its size.
		return cmp.Or(compareBool(a.Type == otherTypes, b.Type == otherTypes), cmp.Compare(b.Count, a.Count), byName(a, b))
	})
	rest := TypeCount{Type: otherTypes}
	for _, t := range out[maxTypes-1:] {
		rest.Count += t.Count
	}
	out = append(out[:maxTypes-1], rest)
	slices.SortFunc(out, byName)
	return out
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// check reports an account that does not add up. It is a bug of this program,
// and a wrong figure is worse than none: the commit fails.
func (s *Source) check() error {
	sum := s.Kept + s.Duplicate + s.NotSignIn + s.Quarantined + s.Outside
	if s.Records != sum {
		return fmt.Errorf("account of %q does not add up: %d records, but %d kept + %d duplicate + %d not sign-ins + %d quarantined + %d out of range = %d: this is a bug, nothing was committed",
			s.Name, s.Records, s.Kept, s.Duplicate, s.NotSignIn, s.Quarantined, s.Outside, sum)
	}
	var types int64
	for _, t := range s.Types {
		types += t.Count
	}
	if len(s.Types) > 0 && types != s.NotSignIn {
		return fmt.Errorf("account of %q does not add up: %d records are not sign-ins, but their types sum to %d: this is a bug, nothing was committed",
			s.Name, s.NotSignIn, types)
	}
	if s.Superseded > s.Kept || s.Superseded < 0 || s.Kept < 0 {
		return fmt.Errorf("account of %q does not add up: %d kept, %d of them replacing: this is a bug, nothing was committed", s.Name, s.Kept, s.Superseded)
	}
	return nil
}

// checkGrowth compares what the sources say with the rows of the dataset
// before and after.
func checkGrowth(before, after int64, sources []Source) error {
	want := before
	for i := range sources {
		want += sources[i].Kept - sources[i].Superseded
	}
	if want != after {
		return fmt.Errorf("the dataset would have %d sign-ins, its accounts say %d: this is a bug, nothing was committed", after, want)
	}
	return nil
}

// add sums up what is counted; texts and times are the caller's.
func (s *Source) add(o *Source) {
	s.DiskBytes += o.DiskBytes
	s.Bytes += o.Bytes
	s.Records += o.Records
	s.NotSignIn += o.NotSignIn
	s.Outside += o.Outside
	s.Quarantined += o.Quarantined
	s.Kept += o.Kept
	s.Duplicate += o.Duplicate
	s.Superseded += o.Superseded
	s.KeptEver += o.KeptEver
	s.SupersededEver += o.SupersededEver
	s.Ingests += o.Ingests
	s.Types = boundTypes(append(slices.Clone(s.Types), o.Types...))
	s.span(o.First, o.Last)
}
