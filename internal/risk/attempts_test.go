package risk

import (
	"fmt"
	"net/netip"
	"testing"

	"frisk/internal/signin"
)

// doubled is n refused tries of an account, five seconds apart, each described by
// two rows as PAM and sshd do (or as the reason says).
func doubled(provider, principal string, n int, reason signin.Reason) []signin.Event {
	var out []signin.Event
	for i := range n {
		at := signin.Earliest + 8000*signin.Day + signin.Time(i)*5*signin.Second
		for k, code := range []string{"pam_authentication_failure", "failed_password"} {
			e := signin.Event{
				Time: at + signin.Time(k)*signin.Second, ID: fmt.Sprintf("%s-%d-%d", principal, i, k), Provider: provider, Tenant: "t",
				Correlation: fmt.Sprintf("host:%d", i/3), Code: code, Outcome: signin.Failure, Reason: reason, Stream: signin.Interactive,
			}
			e.Principal.ID = principal
			e.Source.IP = netip.MustParseAddr("198.51.100.7")
			out = append(out, e)
		}
	}
	return out
}

// TestTriesCountOnce: counts of the detectors are of tries, not of the rows that
// describe them; every row of an attack is labelled all the same.
func TestTriesCountOnce(t *testing.T) {
	cfg := Defaults()
	for _, c := range []struct {
		detector, fact string
		reason         signin.Reason
		needs          int
	}{
		{"brute-force", "refused_tries", signin.BadPassword, int(cfg.BruteTries)},
		{"mfa-fatigue", "refused_prompts", signin.MFADenied, int(cfg.FatigueAlone)},
	} {
		for _, n := range []int{c.needs - 1, c.needs} {
			sym := signin.NewSymbols()
			var rows []signin.Row
			for i, e := range doubled("linux", "root", n, c.reason) {
				r := signin.RowOf(&e, sym)
				r.Ref.Row = uint32(i)
				rows = append(rows, r)
			}
			a := NewAssessor(cfg, Detectors(), nil, nil, sym).Person("p", rows)
			var found *Finding
			for i := range a.Findings {
				if a.Findings[i].Detector == c.detector {
					found = &a.Findings[i]
				}
			}
			if (found != nil) != (n == c.needs) {
				t.Fatalf("%s: %d tries of %d rows: finding %+v", c.detector, n, len(rows), found)
			}
			if found == nil {
				continue
			}
			for _, f := range found.Evidence {
				if f.Name == c.fact && f.Num != float64(n) {
					t.Errorf("%s: %s is %v, want %d", c.detector, c.fact, f.Num, n)
				}
			}
			for i, attack := range a.Attack {
				if !attack {
					t.Errorf("%s: row %d is not labelled", c.detector, i)
				}
			}
		}
	}
}

// TestNetworksCountPeopleAndTries: a spray is counted in tries and people, not in
// rows and accounts, whatever order the accounts come in.
func TestNetworksCountPeopleAndTries(t *testing.T) {
	cfg := Defaults()
	people := int(cfg.SprayManyUsers)
	for _, reverse := range []bool{false, true} {
		sym := signin.NewSymbols()
		n := NewNetworks(cfg)
		n.PersonOf = PersonID
		var accounts [][]signin.Event
		for i := range people {
			name := fmt.Sprintf("user-%03d", i)
			accounts = append(accounts, doubled("linux", name, 1, signin.BadPassword), doubled("windows", name, 1, signin.BadPassword))
		}
		for i := range accounts {
			k := i
			if reverse {
				k = len(accounts) - 1 - i
			}
			for _, e := range accounts[k] {
				r := signin.RowOf(&e, sym)
				n.Observe(&r, sym)
			}
		}
		n.Seal()
		if len(n.Attacks()) != 1 {
			t.Fatalf("%d attacks, want 1", len(n.Attacks()))
		}
		if a := n.Attacks()[0]; a.Users != people || a.Tries != 2*people {
			t.Errorf("%d people and %d tries, want %d and %d", a.Users, a.Tries, people, 2*people)
		}
	}
}
