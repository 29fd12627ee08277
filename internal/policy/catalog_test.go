package policy

import (
	"regexp"
	"strings"
	"testing"

	"frisk/internal/signin"
)

// A condition is named by its Graph path, so its name may have capitals inside.
var conditionName = regexp.MustCompile(`^[a-z][a-zA-Z]*$`)

func TestCatalog(t *testing.T) {
	list := Conditions()
	if len(list) < 13 {
		t.Errorf("%d conditions", len(list))
	}
	stage := 0
	for _, c := range list {
		if !conditionName.MatchString(c.Name) || c.Doc == "" || c.Unknown == "" || c.Bit == 0 || c.test == nil || c.dim == nil || c.configured == nil {
			t.Errorf("condition %q is not complete", c.Name)
		}
		if c.stage < stage {
			t.Errorf("condition %q comes after a later stage", c.Name)
		}
		stage = c.stage
	}
	if list[0].Name != "applications" {
		t.Errorf("the first condition is %q", list[0].Name)
	}
	defer func() {
		if r := recover(); r == nil || !strings.Contains(r.(string), "registered twice") {
			t.Errorf("a second registration gave %v", r)
		}
	}()
	register(list[0])
}

// Need names every column a condition's key reads: changing a column that is
// not needed never changes an answer.
func TestNeedIsEnough(t *testing.T) {
	for seed := range uint64(60) {
		w := newWorld(seed)
		ev, sym := asked(t, w.set(8), w.directory(), Options{Tenant: "t1"})
		need := ev.Engine().Need()
		for range 20 {
			e, s := w.event(), w.state()
			r := signin.RowOf(&e, sym)
			cut := r
			for d := range cut.C {
				if !need.Dims[d] {
					cut.C[d] = 0
				}
			}
			m, c := ev.Match(&r), ev.Match(&cut)
			if m != c || ev.Decide(&r, m, &s) != ev.Decide(&cut, c, &s) {
				t.Fatalf("seed %d: a column outside Need changed the answer", seed)
			}
		}
	}
}
