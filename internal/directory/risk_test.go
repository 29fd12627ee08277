package directory

import (
	"testing"

	"frisk/internal/signin"

	"github.com/google/go-cmp/cmp"
)

func TestLevels(t *testing.T) {
	h := hours
	for name, c := range map[string]struct {
		facts []riskFact
		want  []Level
	}{
		"open":                    {[]riskFact{{h(5), 0, "low"}, {h(1), 0, "high"}}, []Level{{h(1), "high"}, {h(5), "low"}}},
		"ends before the next":    {[]riskFact{{h(1), h(3), "high"}, {h(5), 0, "low"}}, []Level{{h(1), "high"}, {h(3), ""}, {h(5), "low"}}},
		"ends after the next":     {[]riskFact{{h(1), h(7), "high"}, {h(5), 0, "low"}}, []Level{{h(1), "high"}, {h(5), "low"}}},
		"the same, seen longer":   {[]riskFact{{h(1), h(3), "high"}, {h(1), h(9), "high"}}, []Level{{h(1), "high"}, {h(9), ""}}},
		"two at once, the longer": {[]riskFact{{h(1), 0, "low"}, {h(1), h(9), "high"}}, []Level{{h(1), "low"}}},
		"two at once, as long":    {[]riskFact{{h(1), 0, "low"}, {h(1), 0, "high"}}, []Level{{h(1), "high"}}},
		"since ever":              {[]riskFact{{0, h(3), "minor"}}, []Level{{0, "minor"}, {h(3), ""}}},
	} {
		if diff := cmp.Diff(c.want, levels(c.facts)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestRiskAsked(t *testing.T) {
	d := New()
	d.AddUserRisk("U", hours(1), "High")
	d.AddUserRisk("u", hours(5), "")
	d.AddServicePrincipalRisk("s", hours(1), "low")
	d.AddInsiderRisk("u", 0, "minor")
	d.setRiskWhole(riskOfUser, hours(9))
	d.Seal()
	type ask struct {
		id    string
		at    signin.Time
		level string
		ok    bool
	}
	for _, c := range []ask{
		{"u", hours(0), "", false},
		{"u", hours(1), "high", true},
		{"U", hours(4), "high", true},
		{"u", hours(5), "", false},
		{"other", hours(0), "none", true},
		{"other", hours(9), "", false},
		{"", hours(1), "", false},
	} {
		if l, ok := d.UserRisk(c.id, c.at); l != c.level || ok != c.ok {
			t.Errorf("%+v: %q %v", c, l, ok)
		}
	}
	if l, ok := d.ServicePrincipalRisk("S", hours(2)); l != "low" || !ok {
		t.Errorf("service: %q %v", l, ok)
	}
	if l, ok := d.InsiderRisk("u", 1); l != "minor" || !ok {
		t.Errorf("insider: %q %v", l, ok)
	}
	if _, ok := (*Directory)(nil).UserRisk("u", 1); ok {
		t.Error("nil knows a risk")
	}
	if diff := cmp.Diff([]signin.Time{hours(1), hours(5), hours(9)}, d.Changes("u")); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
}
