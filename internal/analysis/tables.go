package analysis

import (
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"frisk/internal/dataset"
	"frisk/internal/directory"
	"frisk/internal/signin"
)

// The rows of the derived tables. Names, types and order of the columns are
// those package duck expects; a test runs every query over real tables.

type findingRow struct {
	Detector    string  `parquet:"detector,dict"`
	Severity    string  `parquet:"severity,dict"`
	Score       float64 `parquet:"score"`
	Provider    string  `parquet:"provider,dict"`
	Tenant      string  `parquet:"tenant,dict"`
	PrincipalID string  `parquet:"principal_id"`
	Time        int64   `parquet:"time,timestamp(microsecond:local)"`
	EventID     string  `parquet:"event_id"`
	Events      string  `parquet:"events"` // JSON array of event ids
	Attack      bool    `parquet:"attack"`
	Suppressed  string  `parquet:"suppressed,dict"`
	Evidence    string  `parquet:"evidence"` // JSON object
}

// attackRow and attributionRow name their sign-in by place, not by id: there
// may be one for most sign-ins, and ids are most of a dataset's bytes.
type attackRow struct {
	Run string `parquet:"run,dict"` // as in the view signins
	Row int64  `parquet:"row,delta"`
}

type attributionRow struct {
	Run         string  `parquet:"run,dict"`
	Row         int64   `parquet:"row,delta"`
	Workspace   string  `parquet:"workspace,dict"`
	Environment string  `parquet:"environment,dict"`
	Weight      float64 `parquet:"weight"`
	Tier        string  `parquet:"tier,dict"`
}

// decisionRow is one sign-in under one policy set, written when asked for.
type decisionRow struct {
	Run         string  `parquet:"run,dict"`
	Row         int64   `parquet:"row,delta"`
	Time        int64   `parquet:"time,timestamp(microsecond:local)"`
	PrincipalID string  `parquet:"principal_id,dict"`
	Set         string  `parquet:"policy_set,dict"`
	Verdict     string  `parquet:"verdict,dict"`
	Best        string  `parquet:"best,dict"`
	Worst       string  `parquet:"worst,dict"`
	Controls    string  `parquet:"controls,dict"`
	Policies    string  `parquet:"policies,dict"`
	Unknown     string  `parquet:"unknown,dict"`
	Score       float64 `parquet:"score"`
	Attack      bool    `parquet:"attack"`
}

// identityRow is an account of a person that identity.csv gives several.
type identityRow struct {
	Provider    string `parquet:"provider,dict"`
	Tenant      string `parquet:"tenant,dict"`
	PrincipalID string `parquet:"principal_id"`
	Person      string `parquet:"person"` // as the view signins has it for the account figures count under
	Name        string `parquet:"name"`
}

type memberRow struct {
	PrincipalID string `parquet:"principal_id"`
	GroupID     string `parquet:"group_id,dict"`
	GroupName   string `parquet:"group_name,dict"`
}

type requestRow struct {
	RequestID   string `parquet:"request_id"`
	System      string `parquet:"system,dict"`
	Created     int64  `parquet:"created,timestamp(microsecond:local)"`
	Beneficiary string `parquet:"beneficiary"`
	Policy      string `parquet:"policy,dict"`
	App         string `parquet:"app,dict"`
	Decision    string `parquet:"decision,dict"`
}

// stateOf names the rows a dataset holds. An ingest that adds nothing leaves it
// as it is, and with it the derived tables.
func stateOf(m *dataset.Manifest) string {
	h := fnv.New64a()
	for i := range m.Runs {
		_, _ = fmt.Fprintf(h, "%s\n%d\n", m.Runs[i].Name, m.Runs[i].Dead)
	}
	_, _ = fmt.Fprintf(h, "%s\n", m.Tombstones)
	return fmt.Sprintf("%016x", h.Sum64())
}

// decisionFolder is where decisions of one state of the dataset lie, a file
// per shard.
func decisionFolder(d *dataset.Dataset, state string) string {
	return filepath.Join(d.DecisionsDir(), state)
}

// removeOld deletes the sub-folders of dir that belong to other states.
func removeOld(dir, state string) error {
	old, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("remove old derived tables: %w", err)
	}
	for _, e := range old {
		if e.IsDir() && e.Name() != state {
			if err := os.RemoveAll(filepath.Join(dir, e.Name())); err != nil {
				return fmt.Errorf("remove old derived tables: %w", err)
			}
		}
	}
	return nil
}

// tableFolder is where the derived tables of one state of the dataset lie. They
// name rows by place, so those of an older state are never read.
func tableFolder(d *dataset.Dataset, state string) string {
	return filepath.Join(d.FindingsDir(), state)
}

// attributed is a workspace's share of a sign-in.
type attributed struct {
	ref   signin.Ref
	share directory.Share
}

// openTables starts the tables that are written shard by shard.
func (r *Result) openTables(runs []string) {
	folder := tableFolder(r.dataset, r.state)
	workspaces := r.around.dir.Workspaces
	r.attacks = newShardTable(filepath.Join(folder, "attack_events.parquet"), func(ref signin.Ref) attackRow {
		return attackRow{runs[ref.Run], int64(ref.Row)}
	})
	r.attribution = newShardTable(filepath.Join(folder, "attribution.parquet"), func(a attributed) attributionRow {
		name, environment := workspaceOf(workspaces, a.share)
		return attributionRow{
			Run: runs[a.ref.Run], Row: int64(a.ref.Row),
			Workspace: name, Environment: environment, Weight: a.share.Weight, Tier: a.share.Tier.String(),
		}
	})
}

// closeTables ends them, for good when err is an error.
func (r *Result) closeTables(err error) error {
	return r.attribution.close(r.attacks.close(err))
}

// WriteTables writes the derived tables beside the runs, so that queries/ and
// an analyst's own SQL can join findings, workspaces and groups with sign-ins.
func (r *Result) WriteTables() error {
	folder := tableFolder(r.dataset, r.state)
	file := func(name string) string { return filepath.Join(folder, name+".parquet") }
	write := []func() error{
		func() error { return dataset.WriteTable(file("findings"), slices.Values(r.findingRows())) },
		r.attacks.commit,
		r.attribution.commit,
		func() error { return dataset.WriteTable(file("members"), memberRows(r.around.dir, r.until)) },
		func() error { return dataset.WriteTable(file("requests"), requestRows(r.around.dir)) },
	}
	if j := r.around.joins; j != nil {
		write = append(write, func() error { return dataset.WriteTable(file("identities"), slices.Values(j.rows())) })
	} else if err := os.Remove(file("identities")); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("write derived tables: %w", err)
	}
	for _, w := range write {
		if err := w(); err != nil {
			return fmt.Errorf("write derived tables: %w", err)
		}
	}
	for _, dir := range []string{r.dataset.FindingsDir(), r.dataset.DecisionsDir()} {
		if err := removeOld(dir, r.state); err != nil {
			return err
		}
	}
	return nil
}

// rows lists the accounts that are joined, by person and account.
func (j *joins) rows() []identityRow {
	var out []identityRow
	for i := range j.People {
		p := &j.People[i]
		if len(p.Accounts) < 2 {
			continue
		}
		provider, tenant, id := splitPerson(p.Accounts[0])
		person := id
		if provider != "entra" {
			person = strings.Join([]string{provider, tenant, id}, "/")
		}
		for _, a := range p.Accounts {
			provider, tenant, id := splitPerson(a)
			out = append(out, identityRow{Provider: provider, Tenant: tenant, PrincipalID: id, Person: person, Name: p.Name})
		}
	}
	return out
}

// memberRows lists who is in which group at the end of the history.
func memberRows(dir *directory.Directory, at signin.Time) iter.Seq[memberRow] {
	return func(yield func(memberRow) bool) {
		groups := dir.Groups()
		for _, u := range dir.Users() {
			for _, g := range groups {
				if dir.Member(u.ID, g.ID, at) == signin.True && !yield(memberRow{u.ID, g.ID, g.DisplayName}) {
					return
				}
			}
		}
	}
}

func requestRows(dir *directory.Directory) iter.Seq[requestRow] {
	return func(yield func(requestRow) bool) {
		for _, q := range dir.Requests {
			if !yield(requestRow{q.ID, q.System, int64(q.Created), q.Beneficiary, q.Policy, q.App, q.Decision}) {
				return
			}
		}
	}
}
