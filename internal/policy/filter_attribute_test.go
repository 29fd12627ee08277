package policy

import (
	"strings"
	"testing"

	"frisk/internal/directory"
	"frisk/internal/signin"
)

func TestAttributeFilterParse(t *testing.T) {
	for rule, want := range map[string]string{
		`CustomSecurityAttribute.Set_Name -contains "x"`:                                                 "",
		`customsecurityattribute.set_name -eq "x" -and -not (customSecurityAttribute.a_b -in ["1","2"])`: "",
		`device.model -eq "x"`:                  "unknown property",
		`CustomSecurityAttribute.Set -eq "x"`:   "<set>_<attribute>",
		`CustomSecurityAttribute. -eq "x"`:      "unknown property",
		`CustomSecurityAttribute.a_b -like "x"`: "expected an operator",
		``:                                      "expected a property",
	} {
		_, err := parseAttributeFilter(rule)
		switch {
		case err == nil && want != "", err != nil && want == "", err != nil && !strings.Contains(err.Error(), want):
			t.Errorf("%s: got %v, want %q", rule, err, want)
		}
	}
}

// A rule Load does not understand is unknown and reported; operators that the
// documentation does not list are evaluated and reported.
func TestFilterNotices(t *testing.T) {
	const head = `{"displayName":"P","state":"enabled","conditions":{"users":{"includeUsers":["All"]},`
	for body, want := range map[string]string{
		`"applications":{"applicationFilter":{"mode":"include","rule":"device.model -eq \"x\""}}}}`:                           "bad-filter",
		`"applications":{"applicationFilter":{"mode":"sometimes","rule":"CustomSecurityAttribute.a_b -eq \"x\""}}}}`:          "unknown-value",
		`"devices":{"deviceFilter":{"mode":"exclude","rule":"systemLabels -eq \"CloudPC\" and trustType -eq \"AzureAD\""}}}}`: "filter-property filter-operator filter-property",
		`"devices":{"deviceFilter":{"mode":"exclude","rule":"device.isCompliant -contains \"x\""}}}}`:                         "filter-operator",
		`"devices":{"deviceFilter":{"mode":"exclude","rule":"device.model -startsWith \"x\""}}}}`:                             "",
	} {
		_, notices, err := Parse("p.json", []byte(head+body))
		if err != nil {
			t.Fatal(err)
		}
		var codes []string
		for _, n := range notices {
			if n.Code != "no-controls" {
				codes = append(codes, n.Code)
			}
		}
		if got := strings.Join(codes, " "); got != want {
			t.Errorf("%s: got %q, want %q", body, got, want)
		}
	}
}

func FuzzAttributeFilter(f *testing.F) {
	for _, r := range []string{
		`CustomSecurityAttribute.Set_Name -contains "x"`, `CustomSecurityAttribute.s_n -ne "x" -or CustomSecurityAttribute.s_n -eq null`,
		`-not (CustomSecurityAttribute.s_n -notIn ["a","b"])`, `CustomSecurityAttribute.s_n -eq`,
	} {
		f.Add(r)
	}
	ev, sym := asked(f, &Set{}, nil, Options{})
	row := signin.RowOf(&signin.Event{}, sym)
	services := []*directory.ServicePrincipal{nil, {}, {AttributesKnown: true}, {AttributesKnown: true, Attributes: map[string][]string{"s_n": {"x", "abc"}}}}
	f.Fuzz(func(t *testing.T, rule string) {
		expr, err := parseAttributeFilter(rule)
		if err != nil {
			return
		}
		for i, sp := range services {
			ev.x.see(&row, true)
			got := ev.x.tagged(&AttributeFilter{expr: expr}, sp, "x")
			if ev.x.why == "" {
				t.Errorf("%s: no reason", rule)
			}
			if i < 2 && got != signin.Unknown {
				t.Errorf("%s: got %s of attributes nobody knows", rule, got)
			}
		}
	})
}
