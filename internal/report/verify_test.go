package report

import (
	"strings"
	"testing"
)

func verifyInput() *Input {
	in := sampleInput()
	in.Verify = &Verify{
		Result: Agreement{478_000, 5_840, 9_900}, Applied: Agreement{62_000, 4_840, 900}, Judged: Agreement{60_000, 1_000, 900}, Edited: 9_000, Attacks: 73, Plain: true,
		Basis: []Basis{{"one result fits", "much", false, 46_000}, {"another policy blocked first", "little", true, 400}, {"how old the session’s proof was is open", "little", true, 11_600}, {"the policy asks", "some", false, 4_000}},
		Policies: []PolicyAgreement{
			{Policy: "CA001", Result: Agreement{400_000, 2_000, 9_000}, Applied: Agreement{40_000, 2_000, 0}, Loose: 12_000, Application: Agreement{411_000, 0, 0}, Users: Agreement{400_000, 2_000, 9_000}, Mask: Agreement{400_000, 2_000, 9_000}},
			{Policy: "CA006", Result: Agreement{78_000, 3_840, 900}, Applied: Agreement{22_000, 2_840, 900}, Application: Agreement{82_000, 0, 0}, Users: Agreement{78_000, 0, 0}, Rest: Agreement{60_000, 3_840, 900}, Mask: Agreement{78_000, 3_840, 900}, Edited: 9_000},
		},
		Confusion: []Confusion{{"success", "not applied", 5_840}, {"notApplied", "not applied", 300_000}, {"failure", "asks: failure, then success", 4_000}},
		Reasons: []ReasonFigures{
			{
				Code: "membership-then", Title: "the person was in another group then", Doc: "The export is of another day.", Supply: "Export the group with dates.", Order: 1,
				Disagree: 2_000, Results: 2_000, Unknown: 9_000, Learned: 8_500,
				Parts:    []ReasonPart{{Policy: "CA001", Item: "ML Production", Disagree: 2_000, Results: 2_000}, {Policy: "CA001", Item: "Contractors", Unknown: 9_000, Learned: 8_500}},
				Examples: []ReasonExample{{"CA001", "6f7f0d9a-0000-4000-8000-0000000000d1", "success", "notApplied", []string{"users"}}},
			},
			{
				Code: "location-then", Title: "the location was another one then", Doc: "Ranges changed.", Supply: "Old ranges.", Disagree: 5_840, Results: 3_840, Unknown: 900, Order: 2,
				Parts: []ReasonPart{
					{Policy: "CA006", Item: "Offices", Subject: "IN", Disagree: 840, Results: 840},
					{Policy: "CA006", Item: "Offices", Subject: "CH", Disagree: 4_996, Results: 2_996, Unknown: 900},
					{Policy: "CA006", Item: "Offices", Subject: "FR", Disagree: 1, Results: 1},
					{Policy: "CA006", Item: "Offices", Subject: "GB", Disagree: 1, Results: 1},
					{Policy: "CA006", Item: "Offices", Subject: "US", Disagree: 1, Results: 1},
					{Policy: "CA006", Item: "Offices", Subject: "DE", Disagree: 1, Results: 1},
				},
			},
			{
				Code: "not-in-set", Title: "the policy is not among those given", Doc: "Deleted since.", Supply: "All policies.", Unknown: 120,
				Parts: []ReasonPart{{Policy: "CA009", Unknown: 120}},
			},
		},
		Learned:  []LearnedFact{{What: "Office365: resources that belong to it", N: 3, Notes: "mail, files, chat"}},
		Problems: []string{"120 recorded results are of policies that were not given: CA009."},
	}
	return in
}

// TestVerifySection shows the whole comparison, as text.
func TestVerifySection(t *testing.T) {
	m := Build(verifyInput())
	var b strings.Builder
	r, err := RendererFor("text")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range m.Sections {
		if s.Name == "fidelity" {
			if err := r.Render(&b, &Model{Title: m.Title, Sections: []Section{s}}); err != nil {
				t.Fatal(err)
			}
		}
	}
	golden(t, "verify.txt", []byte(b.String()))
}

// Nothing compared, nothing to say in percent.
func TestVerifyNothing(t *testing.T) {
	for _, c := range []struct {
		y    Verify
		want string
	}{
		{Verify{}, "no result of these policies"},
		{Verify{Result: Agreement{Unknown: 7}}, "none could be compared"},
		{Verify{Result: Agreement{Agree: 7}}, "No policy applied, for the log or for the replay. The replay gives the recorded result in 100% of 7 evaluations and differs in none."},
		{Verify{Result: Agreement{Agree: 99, Disagree: 1}, Applied: Agreement{Agree: 3, Disagree: 1}}, "Where a policy applied, the replay gives the recorded result in 75% of 4 evaluations and differs in 1. Over all 100 evaluations"},
		{Verify{Result: Agreement{Agree: 9}, Applied: Agreement{Agree: 4}, Basis: []Basis{{Loose: true, N: 1}, {N: 3}}}, "differs in none; 1 (25%) agree only because either result fits."},
	} {
		if got := verifyLine(&c.y).Plain(); !strings.Contains(got, c.want) {
			t.Errorf("%+v: %q", c.y, got)
		}
	}
}

// The lead's last sentence has the same denominator as the section.
func TestVerifyLead(t *testing.T) {
	const want = "where a policy applied, the replay agrees with the log on 92.8% of 66,840 recorded results (18% because either result fits)"
	if got := checked(newView(verifyInput())); !strings.HasPrefix(got, want) {
		t.Error(got)
	}
}
