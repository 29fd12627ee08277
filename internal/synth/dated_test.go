package synth

import (
	"encoding/json"
	"testing"

	"frisk/internal/signin"
)

// TestDated: results follow what was in force, and the audit log leads from one
// version to the other.
func TestDated(t *testing.T) {
	cfg := small
	cfg.Dated = true
	tn := Generate(cfg)
	var before, after, joined, left, risky int
	for r := range tn.Records() {
		if !r.policies || r.person < 0 {
			continue
		}
		p := tn.people[r.person]
		if e := r.evals[polML]; e.result == failure && e.sessionUnmet {
			if r.Time < tn.world.edits.ml {
				before++
			} else {
				after++
			}
		}
		if r.evals[polProdFrequency].result != notApplied {
			if !p.prodStay.holds(r.Time) {
				t.Fatalf("%s: production policy for %s outside their time there", r.ID, p.upn)
			}
			if p.prodStay.from != 0 {
				joined++
			}
			if p.prodStay.to != 0 {
				left++
			}
		}
		if r.evals[polUserRisk].result == reportOnlyInterrupted {
			risky++
		}
	}
	if before == 0 || after == 0 || joined == 0 || left == 0 || risky == 0 {
		t.Errorf("too little happened: frequency %d and %d, joined %d, left %d, risky %d", before, after, joined, left, risky)
	}
	kinds := map[string]int{}
	last := signin.Time(1 << 62)
	for _, a := range tn.auditLog() {
		kinds[a.Activity]++
		if a.at > last {
			t.Errorf("%s is not newest first", a.ID)
		}
		last = a.at
		if a.Category != "Policy" {
			continue
		}
		var was, is graphPolicy
		m := a.Targets[0].Modified[0]
		if m.Name != "ConditionalAccessPolicy" || json.Unmarshal([]byte(*m.Old), &was) != nil || json.Unmarshal([]byte(*m.New), &is) != nil {
			t.Fatalf("modified property %+v", m)
		}
		if was.ID != a.Targets[0].ID || is.ID != was.ID || is.Modified != a.At || was.Modified >= is.Modified {
			t.Errorf("%s: was %s %s, is %s %s, at %s", a.Activity, was.ID, was.Modified, is.ID, is.Modified, a.At)
		}
	}
	if kinds["Update conditional access policy"] != 2 || kinds["Add member to group"] == 0 || kinds["Remove member from group"] == 0 {
		t.Errorf("audit log: %v", kinds)
	}
	ids := map[string]bool{}
	for _, a := range tn.auditLog() {
		if ids[a.ID] {
			t.Errorf("audit id %s twice", a.ID)
		}
		ids[a.ID] = true
	}
	if n := len(tn.riskyUsers()); n == 0 {
		t.Error("no risky users")
	}
}

// TestCausality: no row carries a session before the row that grants it.
func TestCausality(t *testing.T) {
	tn := Generate(small)
	granted := map[signin.GUID]signin.Time{}
	fresh := map[signin.GUID]signin.GUID{}
	var rows []Record
	for r := range tn.Records() {
		if r.incident == 0 && r.robot < 0 && r.session != noGUID {
			rows = append(rows, *r)
			if r.stream == signin.Interactive && r.Entries() > 0 && r.code == 0 {
				if _, ok := granted[r.session]; !ok {
					granted[r.session] = r.Time
					fresh[r.session] = r.ID
				}
			}
		}
	}
	for i := range rows {
		if at, ok := granted[rows[i].session]; ok && rows[i].Time < at {
			t.Fatalf("row %s at %s uses session %s, granted at %s by %s", rows[i].ID, rows[i].Time, rows[i].session, at, fresh[rows[i].session])
		}
		if rows[i].client == clientBrowser && rows[i].stream == signin.NonInteractive && rows[i].code == 70043 {
			t.Fatalf("row %s: a browser is refused for age in the background", rows[i].ID)
		}
	}
}

// TestGradeAtTheRow: an attempt that goes on past an edit is recorded by the new
// version.
func TestGradeAtTheRow(t *testing.T) {
	cfg := small
	cfg.Dated = true
	tn := Generate(cfg)
	at := tn.world.edits.device
	p := tn.someone(newDice(1, "test", 0), func(p *person) bool { return p.prod && p.deviceExempt && p.prodStay == (stay{}) })
	if !p.deviceExempt {
		t.Fatal("nobody is exempt")
	}
	a := asked{p: p, at: at - signin.Minute, app: appStudio, res: resML, client: clientBrowser, device: -1, where: p.officeNet()}
	v := judge(&a, &tn.world)
	var before, after Record
	before.Time, after.Time = at-1, at
	v.grade(&before, true, 0)
	v.grade(&after, true, 0)
	if b, a := before.evals[polProdDevice], after.evals[polProdDevice]; b.result != failure || a.result != notApplied || a.notSatisfied != bitUsers || a.exclude != ruleGroup {
		t.Errorf("before the edit %+v, after it %+v", b, a)
	}
}
