package ingest

import (
	"strings"

	"frisk/internal/signin"
)

// genericReasons are the words by which formats that many products write (OCSF,
// ECS) are classed when no product's own table applies; the first hit counts.
// Windows status texts are among them because both carry them unchanged.
var genericReasons = []wordReason{
	{"fraud", signin.MFAFraud},
	{"mfa required", signin.MFARequired},
	{"mfa timeout", signin.MFATimeout},
	{"timed out", signin.MFATimeout},
	{"mfa denied", signin.MFADenied},
	{"push denied", signin.MFADenied},
	{"user rejected", signin.MFADenied},
	{"mfa", signin.MFAFailed},
	{"otp", signin.MFAFailed},
	{"second factor", signin.MFAFailed},
	{"verification code", signin.MFAFailed},
	{"0xc000006a", signin.BadPassword},
	{"0xc0000064", signin.NoSuchUser},
	{"0xc0000072", signin.Disabled},
	{"0xc0000234", signin.Locked},
	{"0xc0000071", signin.ExpiredPassword},
	{"too many", signin.Locked},
	{"rate limit", signin.Locked},
	{"blocked", signin.PolicyBlock}, // before the word within it
	{"locked", signin.Locked},
	{"disabled", signin.Disabled},
	{"deactivated", signin.Disabled},
	{"suspended", signin.Disabled},
	{"expired password", signin.ExpiredPassword},
	{"password expired", signin.ExpiredPassword},
	{"password has expired", signin.ExpiredPassword},
	{"no such user", signin.NoSuchUser},
	{"user does not exist", signin.NoSuchUser},
	{"unknown user", signin.NoSuchUser},
	{"user not found", signin.NoSuchUser},
	{"invalid user", signin.NoSuchUser},
	{"no username found", signin.NoSuchUser},
	{"token", signin.BadToken},
	{"policy", signin.PolicyBlock},
	{"not assigned", signin.AppNotAssigned},
	{"password", signin.BadPassword},
	{"credential", signin.BadPassword},
	{"logon failure", signin.BadPassword},
}

// genericReason is the class of a text by genericReasons; constants such as
// USER_DOES_NOT_EXIST count as words.
func genericReason(text string) signin.Reason {
	return reasonIn(genericReasons, strings.ReplaceAll(text, "_", " "))
}

// vendors are the providers that products of a generic format belong to, so that
// the same account has one history whichever way its log came. Words of the
// product's or vendor's name, lower case; the first hit counts.
var vendors = []struct{ word, provider string }{
	{"entra", "entra"},
	{"azure", "entra"},
	{"azuread", "entra"},
	{"aad", "entra"},
	{"windows", "windows"},
	{"sysmon", "windows"},
	{"winlog", "windows"},
	{"winlogbeat", "windows"},
	{"okta", "okta"},
	{"duo", "duo"},
	{"auth0", "auth0"},
	{"onelogin", "onelogin"},
	{"pingone", "pingone"},
	{"pingfederate", "pingfederate"},
	{"keycloak", "keycloak"},
	{"jumpcloud", "jumpcloud"},
	{"teleport", "teleport"},
	{"google", "google"},
	{"cloudtrail", "aws"},
	{"aws", "aws"},
	{"amazon", "aws"},
	{"openssh", "linux"},
	{"linux", "linux"},
	{"sshd", "linux"},
	{"system.auth", "linux"},
	{"fortigate", "fortigate"},
	{"fortinet", "fortigate"},
	{"globalprotect", "globalprotect"},
	{"asa", "cisco-asa"},
}

// providerOf is the provider of a product by its names, the most telling first;
// other names become a provider of their own: lower case, words joined by hyphens.
func providerOf(fallback string, names ...string) string {
	for _, n := range names {
		if p := vendorOf(n); p != "" {
			return p
		}
	}
	for _, n := range names {
		if s := slug(n); s != "" {
			return s
		}
	}
	return fallback
}

// vendorOf is the provider of a product this package knows by a word of its
// name, "" of others.
func vendorOf(name string) string {
	name = strings.ToLower(name)
	for _, v := range vendors {
		if hasWord(name, v.word) {
			return v.provider
		}
	}
	return ""
}

// hasWord reports whether word stands in text with no letter beside it.
func hasWord(text, word string) bool {
	for at := 0; ; at++ {
		i := strings.Index(text[at:], word)
		if i < 0 {
			return false
		}
		at += i
		end := at + len(word)
		if (at == 0 || !isLetter(text[at-1])) && (end == len(text) || !isLetter(text[end])) {
			return true
		}
	}
}

// slug is a name in lower case with everything but letters and digits as single
// hyphens, at most 40 bytes.
func slug(s string) string {
	var b []byte
	for i := 0; i < len(s) && len(b) < 40; i++ {
		c := s[i]
		switch {
		case c >= 'A' && c <= 'Z':
			b = append(b, c+'a'-'A')
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
			b = append(b, c)
		case len(b) > 0 && b[len(b)-1] != '-':
			b = append(b, '-')
		}
	}
	return strings.Trim(string(b), "-")
}
