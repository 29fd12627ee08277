package synth

import (
	"bufio"
	"compress/gzip"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"frisk/internal/signin"
)

// Summary says what WriteTenant wrote.
type Summary struct {
	Dir            string
	Config         string // path of frisk.yaml
	Rows           int64
	Interactive    int64
	NonInteractive int64
	Workload       int64 // service principals and managed identities
	Operations     int64
	Requests       int
	People         int
	Incidents      int
	From, To       signin.Time // first and last row
}

const (
	// pageSize is how many sign-ins a Graph page holds at most (reference 2.3).
	pageSize  = 1000
	truthName = "truth.json"

	membershipsName = "directory/memberships.csv"
	auditName       = "directory/auditlogs.json"
	riskName        = "directory/riskyusers.json"
	bundlesName     = "appgroups.json"
	// yamlHead begins every frisk.yaml written here and marks a folder as ours.
	yamlHead = "# The sample tenant: an invented organisation. Paths are relative to this file.\n"
)

// ErrNotSample reports that a folder holds a tenant that this package did not write.
var ErrNotSample = errors.New("folder holds another tenant")

// WriteTenant makes the tenant of cfg and writes it to dir, which is created
// when missing: sign-in logs, policies, named locations, directory, activity
// log, requests, network lists, the ground truth, and a frisk.yaml that names
// them all. A sample tenant already in dir is replaced; a folder with any other
// frisk.yaml or sign-ins is left alone (ErrNotSample). Files hold (invented) personal
// data like a real export would, so they are readable by the owner only.
func WriteTenant(dir string, cfg Config) (Summary, error) {
	t := Generate(cfg)
	sum := Summary{Dir: dir, Config: filepath.Join(dir, "frisk.yaml"), People: len(t.people), Requests: len(t.requests), Incidents: len(t.incidents)}
	if err := clearSample(dir); err != nil {
		return sum, err
	}
	if err := t.writeStatic(dir); err != nil {
		return sum, err
	}
	truth, err := t.writeHistory(dir, &sum)
	if err != nil {
		return sum, err
	}
	if cfg.Dated {
		if err := writeFile(dir, riskName, indented(riskPage{"https://graph.microsoft.com/v1.0/$metadata#identityProtection/riskyUsers/history", true, t.riskyUsers()})); err != nil {
			return sum, err
		}
	}
	return sum, writeFile(dir, truthName, indented(truth))
}

// clearSample removes the files of an earlier sample tenant whose number or names
// depend on the configuration.
func clearSample(dir string) error {
	have, err := os.ReadFile(filepath.Join(dir, "frisk.yaml"))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if _, err := os.Stat(filepath.Join(dir, "signins")); err == nil {
			return fmt.Errorf("write sample tenant to %q: %w", dir, ErrNotSample)
		}
		return nil
	case err != nil:
		return fmt.Errorf("write sample tenant: %w", err)
	case !strings.HasPrefix(string(have), yamlHead):
		return fmt.Errorf("write sample tenant to %q: %w", dir, ErrNotSample)
	}
	for _, pattern := range []string{
		"signins/interactive-*.json", "signins/part-*.jsonl", nonInteractiveName, "policies/current/*.json", "policies/candidates/*/*.json",
		membershipsName, auditName, riskName, bundlesName,
	} {
		old, err := filepath.Glob(filepath.Join(dir, filepath.FromSlash(pattern)))
		if err != nil {
			return fmt.Errorf("clear sample tenant: %w", err)
		}
		for _, f := range old {
			if err := os.Remove(f); err != nil {
				return fmt.Errorf("clear sample tenant: %w", err)
			}
		}
	}
	return nil
}

func (t *Tenant) writeStatic(dir string) error {
	files := map[string][]byte{
		"frisk.yaml":             t.friskYAML(),
		"locations.json":         indented(graphList[any]{"https://graph.microsoft.com/v1.0/$metadata#identity/conditionalAccess/namedLocations", t.namedLocations()}),
		"directory/users.json":   indented(graphList[graphUser]{"https://graph.microsoft.com/v1.0/$metadata#users", t.users()}),
		"directory/groups.json":  indented(graphList[graphGroup]{"https://graph.microsoft.com/v1.0/$metadata#groups(members())", t.groups()}),
		"directory/roles.json":   indented(graphList[graphRole]{"https://graph.microsoft.com/v1.0/$metadata#directoryRoles(members())", t.directoryRoles()}),
		"directory/devices.json": indented(graphList[graphDevice]{"https://graph.microsoft.com/v1.0/$metadata#devices", t.devices()}),
		"requests.csv":           t.requestsCSV(),
	}
	for name, text := range networkLists() {
		files["networks/"+name] = text
	}
	if t.cfg.Dated {
		files[auditName] = indented(graphList[auditRecord]{"https://graph.microsoft.com/v1.0/$metadata#auditLogs/directoryAudits", t.auditLog()})
	} else {
		files[membershipsName] = t.membershipsCSV()
	}
	if t.cfg.Perturb.has(PerturbBundle) {
		files[bundlesName] = indented(wrongBundles())
	}
	for _, p := range t.exported() {
		files["policies/current/"+slug(p.DisplayName)+".json"] = indented(p)
	}
	for _, c := range t.candidates() {
		for _, p := range c.sets {
			files["policies/candidates/"+c.name+"/"+slug(p.DisplayName)+".json"] = indented(p)
		}
	}
	names := make([]string, 0, len(files))
	for n := range files {
		names = append(names, n)
	}
	slices.Sort(names)
	for _, n := range names {
		if err := writeFile(dir, n, files[n]); err != nil {
			return err
		}
	}
	return nil
}

// slug is a file name for a policy.
func slug(name string) string {
	f := strings.FieldsFunc(strings.ToLower(name), func(c rune) bool {
		return (c < 'a' || c > 'z') && (c < '0' || c > '9')
	})
	return strings.Join(f, "-")
}

func writeFile(dir, name string, b []byte) error {
	path := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("create folder for %q: %w", name, err)
	}
	if err := os.WriteFile(path, b, 0o600); err != nil {
		return fmt.Errorf("write %q: %w", name, err)
	}
	return nil
}

// output is one log file being written.
type output struct {
	f   *os.File
	buf *bufio.Writer
	zip *gzip.Writer // nil for plain files
}

func create(dir, name string) (*output, error) {
	path := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("create folder for %q: %w", name, err)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("create %q: %w", name, err)
	}
	o := &output{f: f, buf: bufio.NewWriterSize(f, 1<<18)}
	if strings.HasSuffix(name, ".gz") {
		o.zip, err = gzip.NewWriterLevel(o.buf, gzip.BestSpeed)
		if err != nil {
			return nil, errors.Join(err, f.Close())
		}
	}
	return o, nil
}

func (o *output) Write(b []byte) (int, error) {
	if o.zip != nil {
		return o.zip.Write(b)
	}
	return o.buf.Write(b)
}

func (o *output) Close() error {
	var err error
	if o.zip != nil {
		err = o.zip.Close()
	}
	return errors.Join(err, o.buf.Flush(), o.f.Close())
}

var _ io.WriteCloser = (*output)(nil)

// requestsCSV writes the requests with the columns of the import model
// (reference 6).
func (t *Tenant) requestsCSV() []byte {
	var sb strings.Builder
	w := csv.NewWriter(&sb)
	rows := [][]string{{
		"request_id", "system", "created", "decided", "effective_from", "effective_to", "requester", "beneficiary",
		"group_or_package", "control_or_policy", "app_or_workspace", "reason_category", "justification", "decision", "approver", "risk_rating",
	}}
	for i := range t.requests {
		r := &t.requests[i]
		approver := ""
		if r.decided != 0 {
			approver = "iam.desk@" + domain
		}
		seconds := func(at signin.Time) string { return (at - at%signin.Second).String() }
		rows = append(rows, []string{
			r.id, "servicedesk", seconds(r.created), seconds(r.decided), seconds(r.from), seconds(r.to), r.person.upn, r.person.id.String(),
			r.group, currentPolicies[r.policy].name, r.workspace, r.category, r.justification, r.decision, approver, "medium",
		})
	}
	if err := w.WriteAll(rows); err != nil { // a strings.Builder does not fail
		panic("synth: write requests: " + err.Error())
	}
	return []byte(sb.String())
}

// membershipsCSV are the dated memberships in exclusion groups that approved
// requests brought and that ended before the groups were exported.
func (t *Tenant) membershipsCSV() []byte {
	var b strings.Builder
	b.WriteString("groupId,groupName,userId,userPrincipalName,from,until\n")
	for i := range t.requests {
		if r := &t.requests[i]; r.decision == "approved" {
			fmt.Fprintf(&b, "%s,%s,%s,%s,%s,%s\n", groupID(r.group), r.group, r.person.id, r.person.upn, r.from, r.to)
		}
	}
	t.selfAdds(func(p *person, d *detour) {
		fmt.Fprintf(&b, "%s,%s,%s,%s,%s,%s\n", groupID(d.group), d.group, p.id, p.upn, d.from, d.to)
	})
	return []byte(b.String())
}

func sortRequests(rs []request) {
	slices.SortStableFunc(rs, func(a, b request) int { return int(a.created - b.created) })
	for i := range rs {
		rs[i].id = fmt.Sprintf("REQ%05d", 10001+i)
	}
}

func networkLists() map[string][]byte {
	out := map[string][]byte{}
	list := func(name, head string, kind netKind) {
		var text strings.Builder
		text.WriteString("# " + head + "\n# Invented for the sample tenant; addresses are reserved for documentation.\n")
		for i := range networks {
			if networks[i].kind == kind {
				text.WriteString(networks[i].v4.String() + "\n")
			}
		}
		out[name] = []byte(text.String())
	}
	list("datacenter.txt", "Address ranges of hosting companies", netHosting)
	list("vpn.txt", "Address ranges of commercial VPN services", netCommercialVPN)
	list("tor.txt", "Tor exit nodes", netTor)
	return out
}

// friskYAML is the configuration that names every file.
func (t *Tenant) friskYAML() []byte {
	var b strings.Builder
	b.WriteString(yamlHead)
	b.WriteString("name: Northwind ML (sample)\ntenant: " + tenantID + "\ndata: frisk-data\nlogs: [signins/]\ndirectory: [directory/]\n")
	b.WriteString("policies:\n  current: [policies/current/]\n  locations: [locations.json]\n  candidates:\n")
	for _, c := range t.candidates() {
		b.WriteString("    - {name: " + c.name + ", policies: [policies/candidates/" + c.name + "/]}\n")
	}
	if t.cfg.Perturb.has(PerturbBundle) {
		b.WriteString("  options: {appGroups: " + bundlesName + "}\n")
	}
	b.WriteString("groups:\n")
	for r := range numRoles {
		b.WriteString("  - " + roleGroups[r] + "\n")
	}
	b.WriteString("workspaces:\n")
	for i := range workspaces {
		w := &workspaces[i]
		fmt.Fprintf(&b, "  - name: %s\n    environment: %s\n    resourceId: %s\n    apps: [%s]\n    resources: [%s, %s]\n    group: %s # %s\n",
			w.name, w.env, w.resourceID(), targets[appStudio].id, targets[resML].id, targets[resARM].id, groupID(w.team), w.team)
	}
	b.WriteString("activity: [activity/]\nrequests: [requests.csv]\n")
	b.WriteString("networks:\n  datacenter: [networks/datacenter.txt]\n  vpn: [networks/vpn.txt]\n  tor: [networks/tor.txt]\n")
	b.WriteString("report: {html: report.html}\n")
	return []byte(b.String())
}
