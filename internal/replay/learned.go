package replay

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"frisk/internal/directory"
	"frisk/internal/policy"
	"frisk/internal/signin"
)

// Learned is what the log itself proved. Merging results of disjoint people, in
// any order, gives the same value; lists are sorted.
type Learned struct {
	// Bundles are resources of which one answer was proved, by app group, then id.
	Bundles []BundleFact `json:"bundles"`
	// Members are memberships and roles of which the directory says something else,
	// or nothing, at some time; by person, group, role, time.
	Members []MemberFact `json:"members"`
	// Confirmed counts pairs of person and group (or role) whose every proof the
	// directory says as well.
	Confirmed int64 `json:"confirmed"`
	// Places are addresses trusted, or not, otherwise than today's ranges say; by address.
	Places []PlaceFact `json:"places"`
	// Conflicts are resources for which the log proved both: the app group changed, or
	// a policy was edited unseen. Nothing is learned about them.
	Conflicts []BundleFact `json:"conflicts"`
}

// BundleFact is what the log proved of one resource and one app group.
type BundleFact struct {
	Bundle  string      `json:"bundle"`
	App     string      `json:"app"` // resource id, lower case
	Member  bool        `json:"member"`
	Rows    int64       `json:"rows"`    // that prove it
	Against int64       `json:"against"` // that prove the reverse; 0 but for conflicts
	Example signin.Ref  `json:"example"` // the first of them
	At      signin.Time `json:"at"`
}

func (f *BundleFact) add(r *signin.Row, member bool) {
	x := BundleFact{Member: member, Rows: 1, Example: r.Ref, At: r.Time}
	f.join(&x)
}

// join adds o's proofs; Rows are for Member, Against for the reverse.
func (f *BundleFact) join(o *BundleFact) {
	yes, no := f.rows()
	y, n := o.rows()
	yes, no = yes+y, no+n
	if f.At == 0 || o.At < f.At || o.At == f.At && compareRefs(o.Example, f.Example) < 0 {
		f.At, f.Example = o.At, o.Example
	}
	f.Member = yes > 0 && yes >= no
	f.Rows, f.Against = yes, no
	if !f.Member {
		f.Rows, f.Against = no, yes
	}
}

// rows are the proofs for and against membership.
func (f *BundleFact) rows() (yes, no int64) {
	if f.Member {
		return f.Rows, f.Against
	}
	return f.Against, f.Rows
}

func compareRefs(a, b signin.Ref) int {
	return cmp.Or(cmp.Compare(a.Run, b.Run), cmp.Compare(a.Row, b.Row))
}

// MemberFact is that a person was, or was not, in a group or role from From to
// Until, both proved, with no more than a day between proofs.
type MemberFact struct {
	Person string      `json:"person"` // object id
	Group  string      `json:"group,omitempty"`
	Role   string      `json:"role,omitempty"` // template id
	Member bool        `json:"member"`
	From   signin.Time `json:"from"` // UTC, both included
	Until  signin.Time `json:"until"`
	Rows   int64       `json:"rows"`
}

// PlaceFact is that an address was trusted, or not, between two proofs.
type PlaceFact struct {
	Address string      `json:"address"`
	Trusted bool        `json:"trusted"`
	From    signin.Time `json:"from"` // UTC, both included
	Until   signin.Time `json:"until"`
	Rows    int64       `json:"rows"`
	Example signin.Ref  `json:"example"`
	At      signin.Time `json:"at"`
}

func (f *PlaceFact) join(o *PlaceFact) {
	f.From, f.Until, f.Rows = min(f.From, o.From), max(f.Until, o.Until), f.Rows+o.Rows
	if o.At < f.At || o.At == f.At && compareRefs(o.Example, f.Example) < 0 {
		f.At, f.Example = o.At, o.Example
	}
}

// Learned is what has been learned so far, in a value of its own.
func (l *Learner) Learned() *Learned {
	out := &Learned{Members: slices.Clone(l.out.Members), Confirmed: l.out.Confirmed}
	for _, f := range l.apps {
		out.Bundles = append(out.Bundles, *f)
	}
	for _, list := range l.place {
		out.Places = append(out.Places, list...)
	}
	return out.sorted()
}

// Merge adds o, of other people of the same set, to l.
func (l *Learned) Merge(o *Learned) {
	all := &Learned{
		Bundles: slices.Concat(l.Bundles, l.Conflicts, o.Bundles, o.Conflicts),
		Members: slices.Concat(l.Members, o.Members),
		Places:  slices.Concat(l.Places, o.Places), Confirmed: l.Confirmed + o.Confirmed,
	}
	*l = *all.sorted()
}

func (l *Learned) sorted() *Learned {
	l.Bundles = sumEqual(l.Bundles, nil, func(a, b BundleFact) int {
		return cmp.Or(strings.Compare(a.Bundle, b.Bundle), strings.Compare(a.App, b.App))
	}, func(x *BundleFact, y BundleFact) { x.join(&y) })
	l.Conflicts = nil
	for _, f := range l.Bundles {
		if f.Against > 0 {
			l.Conflicts = append(l.Conflicts, f)
		}
	}
	l.Bundles = slices.DeleteFunc(l.Bundles, func(f BundleFact) bool { return f.Against > 0 })
	slices.SortFunc(l.Members, func(a, b MemberFact) int {
		return cmp.Or(strings.Compare(a.Person, b.Person), strings.Compare(a.Group, b.Group), strings.Compare(a.Role, b.Role), cmp.Compare(a.From, b.From), cmp.Compare(a.Until, b.Until))
	})
	l.Places = sumEqual(l.Places, nil, func(a, b PlaceFact) int {
		return cmp.Or(strings.Compare(a.Address, b.Address), cmp.Compare(b2i(a.Trusted), b2i(b.Trusted)))
	}, func(x *PlaceFact, y PlaceFact) { x.join(&y) })
	return l
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Empty reports that nothing was learned that is not known already.
func (l *Learned) Empty() bool { return l == nil || len(l.Bundles)+len(l.Members) == 0 }

// overruling is how many evaluations it takes against a published list: one may be
// of a policy whose edit nobody saw, or of a target the row does not name.
const overruling = 2

// listed reports whether the list of an app group names an app as a member, or as none.
func listed(b *policy.Bundles, bundle, app string, member bool) bool {
	for i := range b.List {
		if !strings.EqualFold(b.List[i].Name, bundle) {
			continue
		}
		list := b.List[i].NotMembers
		if member {
			list = b.List[i].Members
		}
		if slices.ContainsFunc(list, func(a policy.App) bool { return strings.EqualFold(a.ID, app) }) {
			return true
		}
	}
	return false
}

// Apply gives the directory and the app groups with what was learned put in: what
// an export dated at the time, or the user's own file, says stays. Both arguments
// stay as they are and may be nil, which gives nil.
func (l *Learned) Apply(dir *directory.Directory, b *policy.Bundles) (*directory.Directory, *policy.Bundles) {
	if l == nil {
		return dir, b
	}
	if dir != nil && len(l.Members) > 0 {
		ws := make([]directory.Witness, len(l.Members))
		for i := range l.Members {
			f := &l.Members[i]
			// A microsecond longer: the last proof is included.
			ws[i] = directory.Witness{User: f.Person, Group: f.Group, Role: f.Role, From: f.From, Until: f.Until + 1, Holds: f.Member}
		}
		dir = dir.WithWitnesses(ws)
	}
	if b != nil {
		for i := range l.Bundles {
			f := &l.Bundles[i]
			if f.Rows < overruling && listed(b, f.Bundle, f.App, !f.Member) {
				continue
			}
			b, _ = b.Learn(f.Bundle, f.App, f.Member, fmt.Sprintf("%d recorded evaluations", f.Rows))
		}
	}
	return dir, b
}
