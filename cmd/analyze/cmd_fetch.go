package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"frisk/internal/analysis"
	"frisk/internal/fetch"

	"github.com/spf13/cobra"
)

func newFetch(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "fetch",
		Short: "Download sign-in logs, policies and the directory from the provider",
		Args:  usage(cobra.NoArgs),
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newFetchEntra(a))
	return cmd
}

// fetchFlags are what "fetch entra" can be told.
type fetchFlags struct {
	fetch.Options
	only, with, skip []string
	since, until     string
	groups           string
	auth, tenant     string
	clientID, cloud  string
	permissions      bool
}

// selected tells that the parts were named on the command line.
func (in *fetchFlags) selected() bool { return len(in.only)+len(in.with)+len(in.skip) > 0 }

func newFetchEntra(a *app) *cobra.Command {
	var in fetchFlags
	cmd := &cobra.Command{
		Use:   "entra",
		Short: "Download from Microsoft Graph what the other commands read",
		Long: `entra downloads sign-ins of all four kinds, the audit log, policies with named
locations, groups, roles, users, devices, service principals, risk and registered
methods from Microsoft Graph into a folder, as pages of JSON. Run it again and it
fetches what is new; stopped or killed, it goes on where it was. It only ever reads.

What the application or person lacks permission for is listed at the end and the
rest is fetched; the exit code is 1 then. docs/fetch.md tells how to set it up.`,
		Example: `  analyze fetch entra --permissions
  analyze fetch entra --auth device --tenant TENANT --client-id APP --out entra/
  analyze fetch entra --auth certificate --tenant TENANT --client-id APP --only signins --since 2026-05-01`,
		Args: usage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return a.fetchEntra(cmd.Context(), &in) },
	}
	f := cmd.Flags()
	f.StringVar(&in.Out, "out", "entra", "folder to write to")
	f.StringSliceVar(&in.only, "only", nil, "parts or groups of parts to fetch, and no others (see --permissions)")
	f.StringSliceVar(&in.with, "with", nil, "optional parts to fetch too")
	f.StringSliceVar(&in.skip, "skip", nil, "parts or groups of parts to leave out")
	f.StringVar(&in.since, "since", "", "start of the logs: 2026-05-01, 2026-05-01T08:00:00Z or 7d (default: 30d)")
	f.StringVar(&in.until, "until", "", "end of the logs, not included (default: now)")
	f.DurationVar(&in.Slice, "slice", fetch.DefaultSlice, "how much time one query covers")
	f.DurationVar(&in.Late, "late", fetch.DefaultLate, "how late rows may arrive: younger slices are fetched again next time")
	f.StringVar(&in.groups, "groups", "named", "which groups: named (by policies) or all")
	f.BoolVar(&in.SecurityAttributes, "security-attributes", false, "custom security attributes of service principals too")
	f.BoolVar(&in.Force, "force", false, "fetch again what is there")
	f.StringVar(&in.auth, "auth", "default", "how to sign in: "+authNames())
	f.StringVar(&in.tenant, "tenant", "", "tenant id or domain (default: AZURE_TENANT_ID)")
	f.StringVar(&in.clientID, "client-id", "", "application (client) id (default: AZURE_CLIENT_ID)")
	f.StringVar(&in.cloud, "cloud", "public", "cloud: "+cloudNames())
	f.DurationVar(&in.Patience, "patience", fetch.DefaultPatience, "how long to wait in all for a request that is throttled or fails")
	f.DurationVar(&in.Timeout, "timeout", fetch.DefaultTimeout, "how long one try of a request may take")
	f.IntVar(&in.MaxPages, "max-pages", fetch.DefaultMaxPages, "most pages of one query, against answers that never end")
	f.DurationVar(&in.Wait, "wait", 0, "how long to wait for another fetch in the folder to end (default: not at all)")
	f.BoolVar(&in.permissions, "permissions", false, "list the parts with the permissions each needs, and fetch nothing")
	return cmd
}

func authNames() string {
	var names []string
	for _, v := range fetch.Auths() {
		names = append(names, v.Name)
	}
	return strings.Join(names, ", ")
}

func cloudNames() string {
	var names []string
	for _, v := range fetch.Clouds() {
		names = append(names, v.Name)
	}
	return strings.Join(names, ", ")
}

func (a *app) fetchEntra(ctx context.Context, in *fetchFlags) error {
	if err := a.fetchOptions(in); err != nil {
		return usageError{err}
	}
	if in.permissions {
		return a.printPermissions(in)
	}
	c, err := fetch.FindCloud(in.cloud)
	if err != nil {
		return usageError{err}
	}
	address := c.Graph
	// For tests and proxies of one's own (docs/fetch.md).
	if v := os.Getenv("FRISK_GRAPH_URL"); v != "" {
		address = v
	}
	if in.Base, err = fetch.BaseURL(address); err != nil {
		return usageError{err}
	}
	in.Token, err = fetch.NewTokenSource(fetch.Login{
		Auth: in.auth, Tenant: in.tenant, ClientID: in.clientID, Cloud: c, Getenv: os.Getenv, ReadFile: os.ReadFile,
		Prompt: func(m string) { fmt.Fprintln(a.stderr, "analyze: "+clean(m)) }, // also with --quiet: nobody could sign in
	})
	if err != nil {
		return usageError{err}
	}
	in.Tenant = in.tenant
	if in.Tenant == "" {
		in.Tenant = os.Getenv("AZURE_TENANT_ID")
	}
	in.Clock = wallClock{}
	in.Seed = uint64(time.Now().UnixNano()) //nolint:gosec // jitter
	in.UserAgent = "frisk/" + version()
	in.Say = a.warn
	if p := a.progress(); p != nil {
		in.Progress = p
	}
	res, err := fetch.Run(ctx, in.Options)
	if res != nil {
		if a.json {
			if err := a.printJSON(fetchJSON(res)); err != nil {
				return err
			}
		} else {
			a.printFetch(res)
		}
	}
	return err
}

// fetchOptions turns texts into settings.
func (a *app) fetchOptions(in *fetchFlags) (err error) {
	if in.Parts, err = fetch.Select(in.only, in.with, in.skip); err != nil {
		return err
	}
	if in.permissions && !in.selected() {
		in.Parts = fetch.Parts()
	}
	if len(in.Parts) == 0 {
		return fmt.Errorf("--only and --skip leave nothing to fetch")
	}
	switch in.groups {
	case "all":
		in.AllGroups = true
	case "named":
	default:
		return fmt.Errorf("--groups %q: want named or all", in.groups)
	}
	if in.Late == 0 {
		in.Late = -1
	}
	span, err := analysis.ParseSpan(in.since, in.until, time.Now())
	if err != nil {
		return err
	}
	in.Since, in.Until = span.Since, span.Until
	return nil
}

// wallClock is the clock of the world.
type wallClock struct{}

func (wallClock) Now() time.Time { return time.Now() }

func (wallClock) Sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// printPermissions lists parts with what each needs, then all of it once: of the
// parts that are selected, or of those that a run without a selection fetches.
func (a *app) printPermissions(in *fetchFlags) error {
	type item struct {
		Part        string   `json:"part"`
		Group       string   `json:"group,omitempty"`
		Doc         string   `json:"doc"`
		Permissions []string `json:"permissions"`
		Needs       string   `json:"needs,omitempty"`
		Optional    bool     `json:"optional,omitempty"`
		Source      string   `json:"source"`
	}
	what := "the default parts"
	if in.selected() {
		what = "these parts"
	}
	var (
		items []item
		all   []string
	)
	for i := range in.Parts {
		p := &in.Parts[i]
		if in.selected() || !p.Optional {
			all = append(all, p.Permissions...)
		}
		items = append(items, item{p.Name, p.Group, p.Doc, p.Permissions, p.Needs, p.Optional, "https://learn.microsoft.com/graph/" + p.Source})
	}
	slices.Sort(all)
	all = slices.Compact(all)
	if a.json {
		return a.printJSON(struct {
			Schema      string   `json:"schema"`
			Parts       []item   `json:"parts"`
			Permissions []string `json:"permissions"`
		}{"frisk.fetch-permissions/v1", items, all})
	}
	w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "part\tgroup\tpermissions\t")
	for i := range items {
		optional := ""
		if items[i].Optional {
			optional = "optional"
		}
		group := items[i].Group
		if group == "" {
			group = "-"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", items[i].Part, group, strings.Join(items[i].Permissions, ", "), optional)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	// docs/fetch.md has a shell loop that reads this line.
	_, err := fmt.Fprintf(a.stdout, "permissions of %s: %s\n", what, strings.Join(all, " "))
	return err
}

// printFetch shows what came and what did not.
func (a *app) printFetch(res *fetch.Result) {
	w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "part\toutcome\tpages\trows\tfolder")
	for i := range res.Parts {
		p := &res.Parts[i]
		fmt.Fprintf(w, "%s\t%s\t%d\t%d\t%s\n", p.Part, p.Status, p.Pages, p.Rows, clean(p.Folder))
	}
	_ = w.Flush()
	fmt.Fprintf(a.stdout, "%d requests, %d of them again\n", res.Requests, res.Retries)
	for i := range res.Parts {
		p := &res.Parts[i]
		for _, n := range p.Notes {
			a.warn(p.Part + ": " + n)
		}
		if p.Why == "" {
			continue
		}
		fmt.Fprintf(a.stdout, "%s: %s\n", p.Part, clean(p.Why))
		if p.Hint != "" {
			fmt.Fprintf(a.stdout, "  %s\n", clean(p.Hint))
		}
	}
}

// fetchJSON is the form of a result for programs.
func fetchJSON(res *fetch.Result) any {
	type part struct {
		Part        string       `json:"part"`
		Outcome     fetch.Status `json:"outcome"`
		Slices      int          `json:"slices,omitempty"`
		SlicesDone  int          `json:"slicesDone,omitempty"`
		Pages       int          `json:"pages"`
		Rows        int64        `json:"rows"`
		Folder      string       `json:"folder,omitempty"`
		Why         string       `json:"why,omitempty"`
		Permissions []string     `json:"permissionsMissing,omitempty"`
		Hint        string       `json:"hint,omitempty"`
		Notes       []string     `json:"notes,omitempty"`
	}
	out := struct {
		Schema        string    `json:"schema"`
		Folder        string    `json:"folder"`
		At            time.Time `json:"at"`
		Since         time.Time `json:"since"`
		Until         time.Time `json:"until"`
		Parts         []part    `json:"parts"`
		Requests      int64     `json:"requests"`
		Retries       int64     `json:"retries"`
		WaitedSeconds float64   `json:"waitedSeconds"`
	}{"frisk.fetch/v1", res.Out, res.At, res.Since, res.Until, nil, res.Requests, res.Retries, res.Waited.Seconds()}
	for i := range res.Parts {
		p := &res.Parts[i]
		out.Parts = append(out.Parts, part{p.Part, p.Status, p.Slices, p.SlicesDone, p.Pages, p.Rows, p.Folder, p.Why, p.Missing, p.Hint, p.Notes})
	}
	return out
}
