package fetch

import (
	"errors"
	"regexp"
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
)

// signInError is a way to sign in that gave no token, in few words: azidentity
// prints whole HTTP answers, and for DefaultAzureCredential one for each way it tried.
type signInError struct {
	auth  string // one of Auths
	cause error
}

func (e *signInError) Unwrap() error { return e.cause }

// Error is one line, and for auth default one more for each way that was tried.
func (e *signInError) Error() string {
	if e.auth != "default" {
		return "--auth " + e.auth + ": " + inShort(e.cause.Error())
	}
	var s strings.Builder
	s.WriteString("none of the ways of --auth default worked")
	for _, t := range attempts(e.cause.Error()) {
		s.WriteString("\n  " + inShort(t))
	}
	// The chain goes on only past a way that is not set up, not past one that is and fails.
	if _, ok := errors.AsType[*azidentity.AuthenticationFailedError](e.cause); ok {
		s.WriteString("\nthe last one answered with a refusal, so what comes after it was not tried: name the way with --auth")
	}
	return s.String()
}

// attempts cuts the text of a chained credential at its ways: lines that begin
// with one tab. The text is not part of azidentity's contract; one of another
// form is a single attempt.
func attempts(text string) []string {
	_, list, ok := strings.Cut(text, "\nAttempted credentials:")
	if !ok {
		return []string{text}
	}
	var out []string
	for line := range strings.Lines(list) {
		switch {
		case strings.HasPrefix(line, "\t") && !strings.HasPrefix(line, "\t\t"):
			out = append(out, line)
		case len(out) > 0:
			out[len(out)-1] += line
		}
	}
	if len(out) == 0 {
		return []string{text}
	}
	return out
}

// What of a printed HTTP answer says something: its status, and of a JSON body
// the description. Entra's ends with ids of the trace.
var (
	statusLine  = regexp.MustCompile(`^RESPONSE \d+: (.+)$`)
	description = regexp.MustCompile(`^"error_description": "(.*?)(?:(?:\\r|\\n|\. | )*Trace ID:.*)?",?$`)
	jsonLine    = regexp.MustCompile(`^(?:[{}\[\]]+,?|"[^"]*": .*|"[^"]*",?|\d+,?)$`)
	helpLink    = regexp.MustCompile(`\s*To troubleshoot, visit \S+`)
)

// inShort joins what is worth reading of a text of several lines.
func inShort(text string) string {
	const longest = 300
	var out []string
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(helpLink.ReplaceAllString(line, ""))
		if m := statusLine.FindStringSubmatch(line); m != nil {
			line = m[1]
		} else if m := description.FindStringSubmatch(line); m != nil {
			line = m[1]
		} else if jsonLine.MatchString(line) || strings.Trim(line, "-") == "" {
			continue
		}
		if line = strings.TrimRight(line, ". "); line != "" {
			out = append(out, line)
		}
	}
	r := []rune(strings.Join(out, "; "))
	if len(r) > longest {
		r = append(r[:longest], '…')
	}
	return string(r)
}
