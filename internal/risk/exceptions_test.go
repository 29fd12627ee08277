package risk

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"frisk/internal/directory"
	"frisk/internal/signin"

	"github.com/google/go-cmp/cmp"
)

func at(t testing.TB, s string) signin.Time {
	if s == "" {
		return 0
	}
	v, err := time.Parse("2006-01-02 15:04", s)
	if err != nil {
		t.Fatal(err)
	}
	return signin.FromTime(v)
}

func req(t testing.TB, id, who, policy, created, decision, decided, until string) directory.Request {
	return directory.Request{
		ID: id, Beneficiary: who, Policy: policy, Created: at(t, created), Decision: decision,
		Decided: at(t, decided), EffectiveTo: at(t, until),
	}
}

func TestRepeats(t *testing.T) {
	for _, tt := range []struct {
		name string
		reqs []directory.Request
		want []string // subject of each finding
	}{
		{"asked again after a denial", []directory.Request{
			req(t, "R1", "ada", "MFA", "2026-03-01 09:00", "denied", "2026-03-02 09:00", ""),
			req(t, "R2", "ada", " mfa ", "2026-03-20 09:00", "pending", "", ""),
		}, []string{"R2"}},
		{"thirty days count from the end, not from the start", []directory.Request{
			req(t, "R1", "ada", "MFA", "2026-01-01 09:00", "approved", "2026-01-02 09:00", "2026-02-10 09:00"),
			req(t, "R2", "ada", "MFA", "2026-03-10 09:00", "approved", "2026-03-11 09:00", "2026-04-10 09:00"),
		}, []string{"R2"}},
		{"thirty-one days after the end", []directory.Request{
			req(t, "R1", "ada", "MFA", "2026-01-01 09:00", "denied", "2026-01-02 09:00", ""),
			req(t, "R2", "ada", "MFA", "2026-02-02 09:01", "denied", "2026-02-03 09:00", ""),
		}, nil},
		{"renewed before expiry", []directory.Request{
			req(t, "R1", "ada", "MFA", "2026-01-01 09:00", "approved", "2026-01-02 09:00", "2026-04-10 09:00"),
			req(t, "R2", "ada", "MFA", "2026-04-01 09:00", "approved", "2026-04-01 10:00", "2026-07-01 09:00"),
			req(t, "R3", "ada", "MFA", "2026-07-05 09:00", "approved", "2026-07-05 10:00", "2026-09-01 09:00"),
		}, []string{"R2", "R3"}},
		{"another policy, another person", []directory.Request{
			req(t, "R1", "ada", "MFA", "2026-03-01 09:00", "denied", "2026-03-02 09:00", ""),
			req(t, "R2", "ada", "Location", "2026-03-03 09:00", "denied", "2026-03-04 09:00", ""),
			req(t, "R3", "bob", "MFA", "2026-03-03 09:00", "denied", "2026-03-04 09:00", ""),
		}, nil},
		{"an open request long ago", []directory.Request{
			req(t, "R1", "ada", "MFA", "2025-03-01 09:00", "", "", ""),
			req(t, "R2", "ada", "MFA", "2026-03-01 09:00", "", "", ""),
		}, nil},
		{"nobody or nothing named", []directory.Request{
			req(t, "R1", "", "MFA", "2026-03-01 09:00", "denied", "2026-03-01 09:00", ""),
			req(t, "R2", "", "MFA", "2026-03-02 09:00", "denied", "2026-03-02 09:00", ""),
			req(t, "R3", "ada", "", "2026-03-02 09:00", "denied", "2026-03-02 09:00", ""),
			req(t, "R4", "ada", "", "2026-03-03 09:00", "denied", "2026-03-03 09:00", ""),
		}, nil},
	} {
		var got []string
		for _, f := range Exceptions(tt.reqs, ExceptionDefaults()) {
			got = append(got, f.Subject)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
	}
}

func TestRepeatEvidence(t *testing.T) {
	opt := ExceptionDefaults()
	opt.Policy = func(s string) string { return "pol-1" }
	opt.Blocks = func(person, policy string, from, to signin.Time) []signin.Time {
		if person != "ada" || policy != "pol-1" {
			return nil
		}
		return []signin.Time{to - 6*signin.Hour}
	}
	reqs := []directory.Request{
		req(t, "R3", "ada", "GRP-Exclude", "2026-03-20 09:00", "pending", "", ""),
		req(t, "R1", "ada", "MFA for all", "2026-03-01 09:00", "denied", "2026-03-02 09:00", ""),
		req(t, "R2", "ada", "mfa", "2026-03-04 09:00", "denied", "2026-03-05 09:00", ""),
	}
	got := Exceptions(reqs, opt)
	want := RequestFinding{
		Detector: RepeatRequest, Severity: Medium, Score: 1, Person: "ada", Policy: "pol-1",
		Time: at(t, "2026-03-20 09:00"), Subject: "R3", Requests: []string{"R2", "R3"},
		Evidence: []Fact{
			{Name: "policy", Text: "pol-1"},
			{Name: "previous_request", Text: "R2"},
			{Name: "previous_state", Text: "denied"},
			{Name: "previous_end", Text: "2026-03-05T09:00:00Z"},
			{Name: "gap_days", Num: 15, IsNum: true},
			{Name: "requests_so_far", Num: 3, IsNum: true},
			{Name: "repeats_within_7_days", Num: 1, IsNum: true},
			{Name: "repeats_within_30_days", Num: 2, IsNum: true},
			{Name: "repeats_within_90_days", Num: 2, IsNum: true},
			{Name: "block_before", Text: "2026-03-20T03:00:00Z"},
			{Name: "hours_after_block", Num: 6, IsNum: true},
		},
	}
	if diff := cmp.Diff(want, got[len(got)-1]); diff != "" || len(got) != 2 {
		t.Errorf("%d findings; last: %s", len(got), diff)
	}
	if diff := cmp.Diff(BlockDriven{Requests: 3, Driven: 3, MedianHours: 6}, DrivenByBlocks(reqs, opt)); diff != "" {
		t.Error(diff)
	}
}

func TestGroupRepeats(t *testing.T) {
	opt := ExceptionDefaults()
	opt.Groups = func(person string, _ signin.Time) []string {
		if person == "dan" {
			return []string{"Other"}
		}
		return []string{"ML Engineers", "ML Engineers"}
	}
	var reqs []directory.Request
	add := func(who, created string) {
		reqs = append(reqs, req(t, fmt.Sprintf("R%d", len(reqs)+1), who, "MFA", created, "denied", created, ""))
	}
	add("ada", "2026-03-01 09:00")
	add("dan", "2026-03-02 09:00") // not of the group
	add("bob", "2026-03-05 09:00")
	add("cyd", "2026-03-14 09:00") // third within 14 days
	add("eve", "2026-03-16 09:00") // same span
	add("ada", "2026-05-01 09:00") // alone again
	add("bob", "2026-05-10 09:00")
	slices.Reverse(reqs)
	var got []RequestFinding
	for _, f := range Exceptions(reqs, opt) {
		if f.Detector == GroupRequest {
			got = append(got, f)
		}
	}
	want := []RequestFinding{{
		Detector: GroupRequest, Severity: Medium, Score: 1, Group: "ML Engineers", Policy: "mfa",
		Time: at(t, "2026-03-14 09:00"), Subject: "R4", Requests: []string{"R1", "R3", "R4", "R5"},
		Evidence: []Fact{
			{Name: "group", Text: "ML Engineers"},
			{Name: "policy", Text: "mfa"},
			{Name: "members", Num: 4, IsNum: true},
			{Name: "requests", Num: 4, IsNum: true},
			{Name: "first_request", Text: "2026-03-01T09:00:00Z"},
			{Name: "last_request", Text: "2026-03-16T09:00:00Z"},
		},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
