package policy

import (
	"fmt"

	"frisk/internal/signin"
)

// sight is one row as a condition looks at it, with what was worked out for
// it so far. When explain is set, a condition says the fact that decided it.
type sight struct {
	ev      *Evaluator
	r       *signin.Row
	explain bool
	why     string

	// negations is how many -not the rule's part at hand lies in.
	negations int

	who whoFacts
}

func (x *sight) see(r *signin.Row, explain bool) {
	*x = sight{ev: x.ev, r: r, explain: explain}
}

// text is the row's text in column d.
func (x *sight) text(d signin.Dim) string { return x.ev.sym.Text(x.r, d) }

// say records the deciding fact and returns t, so that a condition can end in
// return x.say(...). The fact is formatted only when it will be shown.
func (x *sight) say(t signin.Truth, format string, args ...any) signin.Truth {
	if x.explain {
		x.why = fmt.Sprintf(format, args...)
	}
	return t
}
