package signin

import (
	"slices"
	"testing"
)

// TestAttemptsAgain: which refused rows of an account are tries, by provider.
func TestAttemptsAgain(t *testing.T) {
	type row struct {
		after Time
		corr  string
		code  string
		steps List
	}
	const agent = List(`[{"method":"PASSWORD"}]`)
	for _, c := range []struct {
		name, provider string
		rows           []row
		again          []bool
	}{
		{"sshd: PAM and Failed of one try", "linux", []row{{0, "h:1", "pam_authentication_failure", ""}, {2 * Second, "h:1", "failed_password", ""}}, []bool{false, true}},
		{"sshd: three tries of one connection", "linux", []row{
			{0, "h:1", "pam", ""}, {Second, "h:1", "failed", ""}, {2 * Second, "h:1", "pam", ""}, {3 * Second, "h:1", "failed", ""}, {4 * Second, "h:1", "failed", ""},
		}, []bool{false, true, false, true, false}},
		{"sshd: two connections", "linux", []row{{0, "h:1", "failed", ""}, {0, "h:2", "failed", ""}, {0, "h:1", "pam", ""}}, []bool{false, false, true}},
		{"sshd: a process id used again", "linux", []row{{0, "h:1", "pam", ""}, {11 * Minute, "h:1", "failed", ""}}, []bool{false, false}},
		{"okta: agent and session", "okta", []row{{0, "tx", "INVALID_CREDENTIALS", agent}, {0, "tx", "INVALID_CREDENTIALS", ""}}, []bool{false, true}},
		{"okta: typed twice", "okta", []row{{0, "tx", "INVALID_CREDENTIALS", ""}, {9 * Second, "tx", "INVALID_CREDENTIALS", ""}}, []bool{false, false}},
		{"entra: each row is a request", "entra", []row{{0, "c", "50126", ""}, {Second, "c", "50053", ""}}, []bool{false, false}},
		{"nothing to join by", "onelogin", []row{{0, "", "a", ""}, {0, "", "b", ""}}, []bool{false, false}},
	} {
		sym := NewSymbols()
		a := NewAttempts(sym)
		for range 2 { // Reset forgets
			a.Reset()
			var got []bool
			at := Earliest
			for _, r := range c.rows {
				at += r.after
				e := Event{Time: at, Provider: c.provider, Correlation: r.corr, Code: r.code, Outcome: Failure, Reason: BadPassword}
				e.MFA.Factors = r.steps
				x := RowOf(&e, sym)
				got = append(got, a.Again(&x))
			}
			if !slices.Equal(got, c.again) {
				t.Errorf("%s: again %v, want %v", c.name, got, c.again)
			}
		}
	}
}
