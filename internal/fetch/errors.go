package fetch

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// GraphError is an answer of Graph that is no data: status, and code and message
// of its error body (learn.microsoft.com/graph/errors).
type GraphError struct {
	Path    string // of the request, without its query
	Status  int
	Code    string // "" when the body had none
	Message string
}

// Error is "GET path: 403 Forbidden: code: message".
func (e *GraphError) Error() string {
	var s strings.Builder
	fmt.Fprintf(&s, "get %s: %d %s", e.Path, e.Status, http.StatusText(e.Status))
	for _, t := range []string{e.Code, e.Message} {
		if t != "" {
			s.WriteString(": " + t)
		}
	}
	return s.String()
}

// refused is a request that permissions or licences do not allow.
func (e *GraphError) refused() bool { return e.Status == http.StatusForbidden }

// gone is an object that does not exist, or no longer.
func (e *GraphError) gone() bool { return e.Status == http.StatusNotFound }

// expired is what Graph answers to a $skiptoken it no longer knows.
func (e *GraphError) expired() bool {
	return e.Status == http.StatusBadRequest || e.Status == http.StatusGone
}

// unlicensed tells a missing licence from a missing permission by the codes and
// messages Graph uses for it.
func (e *GraphError) unlicensed() bool {
	text := strings.ToLower(e.Code + " " + e.Message)
	return strings.Contains(text, "nonpremiumtenant") || strings.Contains(text, "licen") || strings.Contains(text, "premium")
}

// ErrSignIn is a sign-in that did not give a token, or one that Graph refuses
// even when new.
var ErrSignIn = errors.New("not signed in")

// ErrIncomplete is a run in which a part was refused or failed. Everything else
// was fetched.
var ErrIncomplete = errors.New("not everything was fetched")

// ErrLocked is an output folder in which another fetch works.
var ErrLocked = errors.New("another fetch works in this folder")

// givenUpError is a request that was tried until patience ended: the network or
// Graph is away, so going on makes no sense.
type givenUpError struct {
	path  string
	tries int
	cause error
}

func (e *givenUpError) Error() string {
	return fmt.Sprintf("get %s: gave up after %d tries: %v", e.path, e.tries, e.cause)
}

func (e *givenUpError) Unwrap() error { return e.cause }

// own reports trouble of this one request, while Graph as such answers.
func (e *givenUpError) own() bool {
	g, ok := errors.AsType[*GraphError](e.cause)
	return errors.Is(e.cause, errBadPage) || ok && g.Status >= 500
}

// errBadPage is an answer that is no page.
var errBadPage = errors.New("bad page")

// needError is a part that cannot begin because another one is not there.
type needError struct{ why string }

func (e *needError) Error() string { return e.why }

// linkError is a nextLink that is not followed.
type linkError struct{ link, why string }

func (e *linkError) Error() string { return fmt.Sprintf("next page %.300q: %s", e.link, e.why) }
