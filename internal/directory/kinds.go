package directory

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Kind is one kind of record an export may hold. To add one, write a file that
// registers it.
type Kind struct {
	Name string
	Doc  string // one sentence for help texts
	// Columns are the columns of the plain CSV form, in our spelling.
	Columns []Column
	// types are Graph @odata.type names without "#microsoft.graph.", lower case.
	types []string
	// contexts are the last parts of an @odata.context, lower case.
	contexts []string
	// section is the name of its array in a hand-written directory file, by norm.
	section string
	// rank orders the trial by content: lower first, the more telling columns first.
	rank int
	// otherwise is what to do with a file expected to be of the kind that does not fit.
	otherwise string
	// fits says why a record with these keys is not of this kind, "" when it is.
	fits func(r *record) string
	add  func(l *Loader, r *record) error
}

// Column is a column of the plain CSV form.
type Column struct{ Name, Doc string }

var kinds []Kind

// register puts a kind into the catalog. It panics when the name is taken.
func register(k Kind) struct{} {
	for _, other := range kinds {
		if other.Name == k.Name {
			panic("directory: kind " + k.Name + " registered twice")
		}
	}
	k.section = norm(k.Name)
	kinds = append(kinds, k)
	slices.SortFunc(kinds, func(a, b Kind) int { return cmp.Compare(a.Name, b.Name) })
	return struct{}{}
}

// Kinds lists the kinds of record that can be loaded, by name.
func Kinds() []Kind { return slices.Clone(kinds) }

func byRank() []*Kind {
	out := make([]*Kind, len(kinds))
	for i := range kinds {
		out[i] = &kinds[i]
	}
	slices.SortStableFunc(out, func(a, b *Kind) int { return cmp.Compare(a.rank, b.rank) })
	return out
}

// kindOf decides what a record is: by its own type, by the context of the page
// it came in, by its keys.
func kindOf(r *record, context string) (*Kind, error) {
	if t := strings.TrimPrefix(strings.ToLower(r.text("@odata.type")), "#microsoft.graph."); t != "" {
		for i := range kinds {
			if slices.Contains(kinds[i].types, t) {
				return &kinds[i], nil
			}
		}
		if t != "directoryobject" {
			return nil, fmt.Errorf("%w: type %q", errOtherKind, t)
		}
	}
	if c := contextName(context); c != "" {
		for i := range kinds {
			if slices.Contains(kinds[i].contexts, c) {
				return &kinds[i], nil
			}
		}
		if slices.Contains(otherContexts, c) {
			return nil, fmt.Errorf("%w: %q", errOtherKind, c)
		}
	}
	return kindByKeys(r)
}

func kindByKeys(r *record) (*Kind, error) {
	none := &noFitError{}
	for _, k := range byRank() {
		why := k.fits(r)
		if why == "" {
			return k, nil
		}
		none.kinds, none.reasons = append(none.kinds, k), append(none.reasons, why)
	}
	if r.has("conditions") && r.has("grantcontrols", "sessioncontrols") || r.has("ipranges", "countriesandregions") {
		return nil, fmt.Errorf("%w: a Conditional Access policy or named location", errOtherKind)
	}
	return nil, none
}

// noFitError is the error of a record that no kind fits, and why each does not.
type noFitError struct {
	kinds   []*Kind
	reasons []string
	only    string // the one kind that was expected; "" = any
}

func (e *noFitError) Error() string {
	var all []string
	for i, k := range e.kinds {
		if k.Name == e.only {
			return fmt.Sprintf("not read as %s: %s", k.Name, e.reasons[i]) + k.otherwise
		}
		all = append(all, k.Name+": "+e.reasons[i])
	}
	return fmt.Sprintf("%v (%s)", errNoKind, strings.Join(all, "; "))
}

func (e *noFitError) Unwrap() error { return errNoKind }

// Expect says what kind the files read from here on should hold: an error about a
// file that nothing fits then speaks of that kind only. "" takes any.
func (l *Loader) Expect(kind string) { l.expect = kind }

// expected makes err speak of the kind expected.
func (l *Loader) expected(err error) error {
	if e, ok := errors.AsType[*noFitError](err); ok {
		e.only = l.expect
	}
	return err
}

// otherContexts are Graph collections that belong elsewhere and often lie in
// the same folder.
var otherContexts = []string{
	"conditionalaccess/policies", "conditionalaccess/namedlocations", "auditlogs/signins",
	"applications", "policies/authenticationstrengthpolicies",
	"rolemanagement/directory/roleeligibilityschedules", "rolemanagement/directory/roleeligibilityscheduleinstances",
}

// contextName cuts an @odata.context to the collection it names, lower case and
// without selections, keys and the entity marker:
// ".../$metadata#users(id,displayName)" and "...#users/$entity" give "users".
func contextName(context string) string {
	_, c, ok := strings.Cut(context, "#")
	if !ok {
		return ""
	}
	var b strings.Builder
	depth := 0
	for _, r := range strings.ToLower(c) {
		switch {
		case r == '(':
			depth++
		case r == ')':
			depth--
		case depth == 0:
			b.WriteRune(r)
		}
	}
	c = strings.TrimSuffix(b.String(), "/$entity")
	for _, p := range []string{"identity/", "identitygovernance/", "/"} {
		c = strings.TrimPrefix(c, p)
	}
	return c
}
