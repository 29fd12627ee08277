package replay

import (
	"fmt"
	"reflect"
	"testing"

	"frisk/internal/signin"
)

// unordered finds bounds with low above high anywhere in a value.
func unordered(v reflect.Value, path string, found *[]string) {
	switch v.Kind() { //nolint:exhaustive // the rest holds nothing
	case reflect.Struct:
		if b, ok := reflect.TypeAssert[Bounds](v); ok {
			if b.Low > b.High {
				*found = append(*found, fmt.Sprintf("%s %+v", path, b))
			}
			return
		}
		for i := range v.NumField() {
			unordered(v.Field(i), path+"."+v.Type().Field(i).Name, found)
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			unordered(v.Index(i), fmt.Sprintf("%s[%d]", path, i), found)
		}
	}
}

// Low is never above high, in any figure of a tally, of one worker or merged.
func TestBoundsAreOrdered(t *testing.T) {
	cfg, sym, hs, as := crowd(t, 60)
	cfg.Engines = engines(t,
		[]string{policyJSON("mfa", mfa, every(8)), policyJSON("np", never90), reportOnly("would", mfa, every(1))},
		[]string{policyJSON("mfa", mfa, every(2)), policyJSON("et", mfa, everyTime, apps("app0")), policyJSON("no", block, apps("app2"))},
		[]string{policyJSON("strong", phishing, every(72)), policyJSON("tou", terms), policyJSON("risk", mfa, risky)})
	cfg.RememberMFA = 7 * signin.Day
	var all Tally
	for i := range hs {
		w := New(cfg, sym)
		w.Person(hs[i], as[i])
		one := w.Tally()
		all.Merge(one)
		var found []string
		unordered(reflect.ValueOf(*one), "", &found)
		if len(found) > 0 {
			t.Fatalf("person %d: %v", i, found)
		}
	}
	var found []string
	unordered(reflect.ValueOf(all), "", &found)
	if len(found) > 0 {
		t.Error(found)
	}
}

// One person's two worlds may have swapped; a policy's figures are put in order
// before they are added up.
func TestPolicyBoundsAreOrdered(t *testing.T) {
	w := New(Config{Engines: engines(t, []string{policyJSON("mfa", mfa)})}, signin.NewSymbols())
	s := w.sets[0]
	for range 2 {
		s.mine[0] = personCount{prompts: Bounds{3, 1}, blocks: Bounds{2, 0}, only: 1, hit: true}
		s.touched.Add(0)
		s.keep(false)
	}
	if p := w.Tally().Policies[0][0]; p.Prompts != (Bounds{2, 6}) || p.Blocks != (Bounds{0, 4}) || p.People != 2 || p.Only != 2 {
		t.Errorf("%+v", p)
	}
}
