package fetch

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Result says what a run did. Parts are in the order of fetching.
type Result struct {
	Out      string
	At       time.Time // when the run began
	Since    time.Time // of the logs
	Until    time.Time
	Parts    []PartResult
	Requests int64
	Retries  int64
	Waited   time.Duration // between tries, pace not counted
}

// Status is how a part came out.
type Status string

// The outcomes of a part.
const (
	Fetched  Status = "fetched"
	UpToDate Status = "up to date" // nothing was missing
	Partial  Status = "partial"    // some objects were refused, see Notes
	Refused  Status = "refused"    // a permission or licence is missing, see Missing
	Failed   Status = "failed"     // see Why
)

// PartResult is one part's account.
type PartResult struct {
	Part   string
	Status Status
	// Slices is how many slices of a log were missing, SlicesDone how many of them
	// were fetched. A snapshot counts as one slice.
	Slices, SlicesDone int
	Pages              int   // files of this run
	Rows               int64 // in them
	Folder             string
	// Why is the error of a part that was refused or failed, Missing what to grant, Hint how.
	Why     string
	Missing []string
	Hint    string
	Notes   []string
	LeftOut int // objects that were refused one by one
}

func (r *Result) complete() bool {
	for i := range r.Parts {
		switch r.Parts[i].Status {
		case Partial, Refused, Failed:
			return false
		}
	}
	return true
}

// note adds a remark about an object, once: several collections may miss it.
func (pr *PartResult) note(id, text string) {
	if !slices.ContainsFunc(pr.Notes, func(n string) bool { return strings.Contains(n, id) }) {
		pr.Notes = append(pr.Notes, text)
	}
}

// settle puts the outcome of a part into words. It returns the error when there
// is no point in going on.
func (pr *PartResult) settle(p *Part, err error) error {
	if err == nil {
		switch {
		case pr.LeftOut > 0:
			pr.Status, pr.Missing = Partial, p.Permissions
		case pr.Slices == 0:
			pr.Status = UpToDate
		default:
			pr.Status = Fetched
		}
		return nil
	}
	pr.Status, pr.Why = Failed, err.Error()
	if e, ok := errors.AsType[*GraphError](err); ok {
		if e.refused() && !errors.Is(err, ErrSignIn) {
			pr.refuse(p, e)
			return nil
		}
		if e.Status >= 400 && e.Status < 500 && !errors.Is(err, ErrSignIn) && !retriable(e.Status) {
			return nil // this part's own trouble
		}
		if e.Status >= 300 && e.Status < 400 {
			return nil
		}
	}
	if gave, ok := errors.AsType[*givenUpError](err); ok && gave.own() {
		return nil
	}
	if _, ok := errors.AsType[*linkError](err); ok {
		return nil
	}
	if _, ok := errors.AsType[*needError](err); ok {
		return nil
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		pr.Why = "stopped"
	}
	pr.Why, _, _ = strings.Cut(pr.Why, "\n") // the rest is in the run's error
	return fmt.Errorf("fetch %s: %w", p.Name, err)
}

// refuse says what is missing and who can give it.
func (pr *PartResult) refuse(p *Part, e *GraphError) {
	pr.Status = Refused
	if e.unlicensed() {
		pr.Hint = "the tenant lacks a licence"
		if p.Needs != "" {
			pr.Hint += ": needs " + p.Needs
		}
		return
	}
	pr.Missing = p.Permissions
	pr.Hint = fmt.Sprintf("grant the application %s under API permissions, Microsoft Graph, and give admin consent; "+
		"who signs in as a person also needs a role such as Security Reader or Global Reader", strings.Join(p.Permissions, ", "))
}
