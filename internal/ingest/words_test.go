package ingest

import (
	"testing"

	"frisk/internal/signin"
)

// TestReasonWords: a blocked login is not a locked account, and the words of a
// second factor are told from those of a password.
func TestReasonWords(t *testing.T) {
	for _, tt := range []struct {
		list string
		text string
		want signin.Reason
	}{
		{"generic", "Blocked by Conditional Access policy", signin.PolicyBlock},
		{"generic", "request blocked", signin.PolicyBlock},
		{"generic", "account is locked", signin.Locked},
		{"generic", "UserLockedOut", signin.Locked},
		{"generic", "blocked after too many attempts", signin.Locked},
		{"generic", "account blocked", signin.PolicyBlock},
		{"generic", "Invalid TOTP", signin.MFAFailed},
		{"generic", "InvalidPassword", signin.BadPassword},
		{"onelogin", "Access blocked by policy", signin.PolicyBlock},
		{"onelogin", "User is locked", signin.Locked},
		{"onelogin", "OTP code expired", signin.MFAFailed},
		{"onelogin", "password expired", signin.ExpiredPassword},
		{"jumpcloud", "blocked by conditional access", signin.PolicyBlock},
		{"jumpcloud", "MFA token expired", signin.MFAFailed},
		{"jumpcloud", "User Locked", signin.Locked},
		{"pingfederate", "Blocked by policy", signin.PolicyBlock},
		{"pingfederate", "account locked", signin.Locked},
		{"teleport", "access blocked: access denied", signin.PolicyBlock},
		{"teleport", "user account is locked", signin.Locked},
		{"pingone", "account locked", signin.Locked},
	} {
		list := map[string][]wordReason{
			"generic": genericReasons, "onelogin": oneLoginWords, "jumpcloud": jumpCloudWords, "pingfederate": pingFederateWords,
			"teleport": teleportWords, "pingone": pingOneWords, "auth0": auth0Words,
		}[tt.list]
		if got := reasonIn(list, tt.text); got != tt.want {
			t.Errorf("%s: %q is %s, want %s", tt.list, tt.text, got, tt.want)
		}
	}
}
