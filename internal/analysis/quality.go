package analysis

import (
	"cmp"
	"fmt"
	"slices"

	"frisk/internal/dataset"
	"frisk/internal/directory"
	"frisk/internal/replay"
	"frisk/internal/report"
	"frisk/internal/signin"
)

// reportQuality says what is known about the data itself.
func (r *Result) reportQuality() report.Quality {
	q := report.Quality{Missing: r.missing(r.around.baseline), Tiers: r.tiers(), Context: r.contextCounts()}
	m := r.dataset.Manifest()
	for i := range m.Sources {
		s := &m.Sources[i]
		q.Sources = append(q.Sources, sourceFile(s))
	}
	for i, n := range r.Tally.Streams {
		if s := signin.Stream(i); s != signin.StreamUnknown || n > 0 { //nolint:gosec // few streams
			q.Streams = append(q.Streams, report.Stream{Name: cmp.Or(s.String(), "unknown stream"), Rows: n})
		}
	}
	for _, f := range r.around.files {
		for _, issue := range f.Issues {
			q.Notices = append(q.Notices, issueText(issue))
		}
	}
	for _, n := range r.around.notices {
		q.Notices = append(q.Notices, fmt.Sprintf("%s: %s: %s", n.Level, cmp.Or(n.Policy, n.File), n.Message))
	}
	q.Notices = append(q.Notices, r.exportNotices()...)
	if f := r.Tally.Fidelity; f.Listed+f.Empty+f.Silent > 0 {
		q.NoRecord = report.Exact(float64(f.Empty+f.Silent) / float64(f.Listed+f.Empty+f.Silent))
	}
	return q
}

// issueText is an issue with what to do about it.
func issueText(issue *directory.Issue) string {
	text := issue.Error()
	if issue.Hint != "" {
		text += " (" + issue.Hint + ")"
	}
	return text
}

// sourceFile is the account of a file's records over all ingests: a file read
// twice is not a file of duplicates, and the report of a dataset does not change
// when nothing new was found.
func sourceFile(s *dataset.Source) report.SourceFile {
	kept, replaced := everKept(s)
	left := s.Records - s.Quarantined - s.NotSignIn - s.Outside
	kept = min(kept, left)
	left -= kept
	replaced = min(replaced, left)
	return report.SourceFile{
		Name: s.Name, Format: s.Format, Read: s.Records, Kept: kept, Superseded: replaced, Duplicate: left - replaced,
		Quarantined: s.Quarantined, Other: s.NotSignIn, Outside: s.Outside, Problem: Cause(s.Name, s.Error),
	}
}

// tenants lists the Entra tenants of the dataset.
func (r *Result) tenants() []string {
	var out []string
	m := r.dataset.Manifest()
	for i := range m.Runs {
		for _, t := range m.Runs[i].Tenants {
			if t.Provider == "entra" && t.Tenant != "" && !slices.Contains(out, t.Tenant) {
				out = append(out, t.Tenant)
			}
		}
	}
	slices.Sort(out)
	return out
}

// exportNotices says what about the way the log was exported limits the answer.
func (r *Result) exportNotices() []string {
	var out []string
	f := &r.Tally.Fidelity
	if f.Hidden > 0 {
		out = append(out, fmt.Sprintf("%d recorded results read unknownFutureValue: export again with the header Prefer: include-unknown-enum-members to compare report-only policies", f.Hidden))
	}
	if f.Listed == 0 && f.Empty > 0 {
		out = append(out, "every list of recorded policies is empty: the exporting account could not read policies, so the replay cannot be checked against the log")
	}
	for _, s := range f.Strangers {
		out = append(out, fmt.Sprintf("the log has %d results of a policy that is not in the current set: %s", s.Count, cmp.Or(s.Name, s.ID)))
	}
	if r.Tally.InteractiveOnly() {
		out = append(out, "the log has no non-interactive sign-ins: activity that a stricter frequency would interrupt cannot be seen, and the low side of every candidate is too low")
	}
	if n := r.Tally.Labelled.Remembered; n > 0 && r.around.rememberMFA() == 0 {
		out = append(out, fmt.Sprintf("%d sign-ins were interrupted by remembered multifactor authentication: set policies.options.rememberMfaDays to the tenant's number of days", n))
	}
	if tenants := r.tenants(); r.cfg.Tenant == "" && len(tenants) > 1 {
		out = append(out, fmt.Sprintf("the dataset holds sign-ins of %d tenants and frisk.yaml names none: the policies are applied to all of them", len(tenants)))
	}
	if o := r.Tally.OutOfScope; o.Outbound > 0 {
		out = append(out, fmt.Sprintf("%d sign-ins of your people to other tenants were left out: your policies did not decide them", o.Outbound))
	}
	if o := r.Tally.OutOfScope; o.OtherTenant > 0 {
		out = append(out, fmt.Sprintf("%d sign-ins of other tenants were left out of replay: the policies are those of tenant %s", o.OtherTenant, r.cfg.Tenant))
	}
	if o := r.Tally.OutOfScope; o.OtherProvider > 0 {
		out = append(out, fmt.Sprintf("%d sign-ins of other providers were left out of replay: Conditional Access did not decide them", o.OtherProvider))
	}
	return out
}

// missing ranks the facts that leave verdicts of a set open.
func (r *Result) missing(set int) []report.MissingFact {
	by := map[string]int64{}
	for _, m := range r.Tally.Missing {
		if m.Set == set {
			by[m.Fact] += m.Count
		}
	}
	var out []report.MissingFact
	foreign, _ := r.Tally.Foreign()
	rows := r.Tally.Rows - foreign // rows of others have no verdict that could be open
	for fact, n := range by {
		mf := report.MissingFact{Fact: fact, Verdicts: n, Matters: matters[fact]}
		if rows > 0 {
			mf.Share = report.Exact(min(1, float64(n)/float64(rows)))
		}
		out = append(out, mf)
	}
	slices.SortFunc(out, func(a, b report.MissingFact) int {
		return cmp.Or(cmp.Compare(b.Verdicts, a.Verdicts), cmp.Compare(a.Fact, b.Fact))
	})
	return out
}

// matters says what would settle a missing fact.
var matters = map[string]string{
	replay.SessionFact:     "how old the session’s proof is (a longer history, and non-interactive sign-ins, narrow it)",
	"users":                "who is in the groups and roles the policies name (export them; of a template or another tenant, --placeholder ID=GROUP)",
	"application":          "which app group the resource belongs to",
	"location":             "the named locations, or the country of the address",
	"signInRisk":           "the sign-in risk, which the tenant’s licence hides or the export lacks",
	"insiderRisk":          "the insider risk, which no sign-in row carries (export it, or look at --assume insiderRisk=none)",
	"userRisk":             "the user risk, which no sign-in row carries (export riskyUsers with their history, or look at --assume userRisk=none)",
	"deviceState":          "device attributes (export the devices)",
	"devicePlatform":       "the device platform",
	"clientType":           "the client type",
	"authenticationFlows":  "how the session began (originalTransferMethod, in beta and diagnostic exports)",
	"servicePrincipals":    "which service principals are the tenant’s own (export them)",
	"servicePrincipalRisk": "the service principal’s risk (export riskyServicePrincipals)",
}

// tiers is how workspaces were attributed, by share of the sign-ins that
// belong to one, strongest first.
func (r *Result) tiers() []report.Share {
	var weight [5]float64
	total := 0.0
	for i := range r.Tally.People {
		p := &r.Tally.People[i]
		if p.Cell.Group != "" || p.Cell.Workspace == "" || p.Cell.Workspace == replay.OtherWork {
			continue
		}
		for t, w := range p.TierWeight {
			weight[t] += w
			total += w
		}
	}
	if total == 0 {
		return nil
	}
	var out []report.Share
	for t := len(weight) - 1; t >= 0; t-- {
		out = append(out, report.Share{Name: directory.Tier(t).String(), Share: weight[t] / total}) //nolint:gosec // five tiers
	}
	return out
}

func (r *Result) contextCounts() []report.Count {
	d := r.around.dir
	complete := int64(0)
	for _, g := range d.Groups() {
		if g.Complete {
			complete++
		}
	}
	return []report.Count{
		{Name: "users", N: int64(len(d.Users()))},
		{Name: "groups", N: int64(len(d.Groups()))},
		{Name: "groups with every member", N: complete},
		{Name: "workspaces", N: int64(len(d.Workspaces))},
		{Name: "workspace operations", N: int64(len(d.Activity))},
		{Name: "exception requests", N: int64(len(d.Requests))},
	}
}
