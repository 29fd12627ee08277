package analysis

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"frisk/internal/dataset"
	"frisk/internal/directory"
	"frisk/internal/ingest"
	"frisk/internal/signin"
)

// ErrIdentity is a dataset whose rows do not lie as identity.csv wants them: one
// person would be read as several.
var ErrIdentity = errors.New("the dataset was not placed by the identity file as it is now")

// identityDir is the folder of a dataset that holds the join tables in use, one
// file per dataset.Run.Home.
const identityDir = "identity"

// joins is who is whom in a dataset: what identity.csv meant when it was last
// applied. It is only read, from any goroutine.
type joins struct {
	Schema string `json:"schema"`
	// Identity is the hash of the identity file (directory.Identity.Hash).
	Identity string                     `json:"identity"`
	People   []directory.IdentityPerson `json:"people"`
	// Unseen and Issues are what apply had to say, for the listing.
	Unseen []directory.IdentityAccount `json:"unseen,omitempty"`
	Issues []string                    `json:"issues,omitempty"`

	key string
	by  map[string]*directory.IdentityPerson // by account key
}

func (j *joins) index() {
	j.by = map[string]*directory.IdentityPerson{}
	for i := range j.People {
		for _, a := range j.People[i].Accounts {
			j.by[a] = &j.People[i]
		}
	}
}

// person is the person of an account; nil when the file does not name it, or on a nil j.
func (j *joins) person(account string) *directory.IdentityPerson {
	if j == nil {
		return nil
	}
	return j.by[account]
}

// of is the account key under which everything of an account's person counts:
// the home of a joined one, else itself.
func (j *joins) of(account string) string {
	if p := j.person(account); p != nil {
		return p.Accounts[0]
	}
	return account
}

// name is what the file calls the person of an account, "" when it does not say.
func (j *joins) name(account string) string {
	if p := j.person(account); p != nil {
		return p.Name
	}
	return ""
}

// home is dataset.AppendOptions.Home.
func (j *joins) home(provider, tenant, principal string) string {
	return j.of(signin.PersonKey(provider, tenant, principal))
}

// loadIdentity reads the configuration's identity file; nil without one.
// A provider is known by a format of the catalog, or by rows of the dataset.
func (c *Config) loadIdentity(m *dataset.Manifest) (*directory.Identity, error) {
	if c.Identity == "" {
		return nil, nil
	}
	var providers []string
	for _, f := range ingest.Formats() {
		providers = append(providers, f.Provider)
	}
	for i := range m.Runs {
		for _, t := range m.Runs[i].Tenants {
			providers = append(providers, t.Provider)
		}
	}
	slices.Sort(providers)
	providers = slices.DeleteFunc(slices.Compact(providers), func(p string) bool { return p == "" })
	id, err := directory.LoadIdentity(c.path(c.Identity), providers)
	if err != nil {
		return nil, fmt.Errorf("join accounts: %w", err)
	}
	return id, nil
}

// checkIdentity reads the identity file for mistakes, before an ingest that would
// only meet them at its end. Which providers exist is known only then.
func (c *Config) checkIdentity() error {
	if c.Identity == "" {
		return nil
	}
	if _, err := directory.LoadIdentity(c.path(c.Identity), nil); err != nil {
		return fmt.Errorf("join accounts: %w", err)
	}
	return nil
}

// placedBy is the Run.Home of all runs; ok is false when they disagree, as after
// an ingest that was interrupted between adding rows and placing them.
func placedBy(m *dataset.Manifest) (key string, ok bool) {
	for i := range m.Runs {
		if i > 0 && m.Runs[i].Home != key {
			return "", false
		}
		key = m.Runs[i].Home
	}
	return key, true
}

// storedJoins reads the table that placed the rows of a dataset; nil when every
// account lies by itself.
func storedJoins(d *dataset.Dataset, m *dataset.Manifest) (*joins, error) {
	key, ok := placedBy(m)
	if !ok {
		return nil, fmt.Errorf("%w: rows of one person lie in two places: run \"analyze identity apply\"", ErrIdentity)
	}
	if key == "" {
		return nil, nil
	}
	b, err := os.ReadFile(joinsFile(d, key))
	if err != nil {
		return nil, fmt.Errorf("%w: %w: run \"analyze identity apply\"", ErrIdentity, err)
	}
	j := &joins{key: key}
	if err := json.Unmarshal(b, j); err != nil {
		return nil, fmt.Errorf("%w: %q: %w: run \"analyze identity apply\"", ErrIdentity, joinsFile(d, key), err)
	}
	j.index()
	return j, nil
}

func joinsFile(d *dataset.Dataset, key string) string {
	return filepath.Join(d.Dir(), identityDir, key+".json")
}

// joinsOf is who is whom for a command that reads the dataset: what was applied,
// provided that it is what the configuration says. Without an identity file
// nobody is joined, wherever rows lie.
func joinsOf(d *dataset.Dataset, cfg *Config) (*joins, error) {
	m := d.Manifest()
	if len(m.Runs) == 0 {
		return nil, nil
	}
	id, err := cfg.loadIdentity(&m)
	if err != nil {
		return nil, err
	}
	j, err := storedJoins(d, &m)
	switch {
	case err != nil && (id != nil || !isMissing(err)):
		return nil, err
	case id == nil:
		return nil, nil
	case j == nil:
		return nil, fmt.Errorf("%w: %q was added since: run \"analyze identity apply\", or \"analyze ingest\"", ErrIdentity, cfg.Identity)
	case j.Identity != id.Hash:
		return nil, fmt.Errorf("%w: %q has changed since: run \"analyze identity apply\", or \"analyze ingest\"", ErrIdentity, cfg.Identity)
	}
	return j, nil
}

// isMissing reports an identity table that is gone, which is no matter where
// nobody is to be joined.
func isMissing(err error) bool { return errors.Is(err, os.ErrNotExist) }

// placing gives what an ingest places new rows by: the table in force, so that an
// account's new rows join its old ones. A table that cannot be read is replaced
// after the ingest, by settleJoins.
func placing(d *dataset.Dataset) (home func(provider, tenant, principal string) string, key string) {
	m := d.Manifest()
	j, err := storedJoins(d, &m)
	if err != nil || j == nil {
		return nil, ""
	}
	return j.home, j.key
}

// settle is settleJoins at the end of an ingest: what the file could not join is a
// warning, once per thing.
func settle(ctx context.Context, d *dataset.Dataset, cfg *Config, opt *Options) error {
	j, _, err := settleJoins(ctx, d, cfg, opt)
	if err != nil {
		return fmt.Errorf("the sign-ins were added, but accounts were not joined: %w", err)
	}
	if j != nil {
		for _, text := range j.Issues {
			opt.warn("identity file: " + text)
		}
	}
	return nil
}

// settleJoins makes the dataset lie as identity.csv says: it looks up the accounts
// the file names, and moves rows where one person's lie apart. Every ingest ends
// with it. moved is how many rows were rewritten; j is nil without an identity file.
func settleJoins(ctx context.Context, d *dataset.Dataset, cfg *Config, opt *Options) (j *joins, moved int64, err error) {
	m := d.Manifest()
	id, err := cfg.loadIdentity(&m)
	if err != nil {
		return nil, 0, err
	}
	if len(m.Runs) == 0 {
		return nil, 0, nil
	}
	if id == nil {
		// Without a file rows may lie where they are, if they lie together.
		if key, ok := placedBy(&m); ok {
			_, err := os.Stat(joinsFile(d, key))
			if key == "" || err == nil {
				return nil, 0, nil
			}
		}
		moved, err = d.Rehome(ctx, nil, "")
		return nil, moved, err
	}
	index := id.Index()
	seen, err := accounts(ctx, d, opt, "joining accounts", index.Wants)
	if err != nil {
		return nil, 0, fmt.Errorf("join accounts: %w", err)
	}
	match := index.Match(seen)
	j = &joins{Schema: "frisk.joins/v1", Identity: id.Hash, People: match.People, Unseen: match.Unseen, Issues: match.Issues}
	b, err := json.Marshal(j)
	if err != nil {
		return nil, 0, fmt.Errorf("join accounts: %w", err)
	}
	sum := sha256.Sum256(b)
	j.key = hex.EncodeToString(sum[:8])
	j.index()
	if key, ok := placedBy(&m); ok && key == j.key {
		return j, 0, nil
	}
	if err := os.MkdirAll(filepath.Join(d.Dir(), identityDir), 0o700); err != nil {
		return nil, 0, fmt.Errorf("join accounts: %w", err)
	}
	if err := WriteFile(joinsFile(d, j.key), func(w io.Writer) error { _, err := w.Write(b); return err }); err != nil {
		return nil, 0, fmt.Errorf("join accounts: %w", err)
	}
	if moved, err = d.Rehome(ctx, j.home, j.key); err != nil {
		return nil, 0, fmt.Errorf("join accounts: %w", err)
	}
	return j, moved, dropOldJoins(d, j.key)
}

// dropOldJoins removes the tables no run is placed by any more.
func dropOldJoins(d *dataset.Dataset, key string) error {
	files, err := filepath.Glob(filepath.Join(d.Dir(), identityDir, "*.json"))
	if err != nil {
		return fmt.Errorf("join accounts: %w", err)
	}
	for _, f := range files {
		if f != joinsFile(d, key) {
			_ = os.Remove(f) // harmless where it stays
		}
	}
	return nil
}

// accounts lists the accounts of a dataset that want says yes to, nil = all, with
// every name they were logged with, by key.
func accounts(ctx context.Context, d *dataset.Dataset, opt *Options, stage string, want func(*directory.SeenAccount) bool) ([]directory.SeenAccount, error) {
	r, err := d.Reader(signin.NeedDims(signin.DimPrincipalName))
	if err != nil {
		return nil, err
	}
	type worker struct {
		sym  *signin.Symbols
		seen []directory.SeenAccount
	}
	p := opt.progress()
	m := r.Manifest()
	p.Stage(stage, m.Rows(), false)
	defer p.Done()
	c := &counted{p: p}
	workers, err := eachShard(ctx, opt, func() *worker { return &worker{sym: signin.NewSymbols()} },
		func(ctx context.Context, w *worker, shard int) error {
			for h, err := range r.People(ctx, shard, w.sym) {
				if err != nil {
					return err
				}
				a := directory.SeenAccount{Provider: h.Provider, Tenant: h.Tenant, Principal: h.Principal, Rows: int64(len(h.Rows))}
				last := signin.Code(0)
				for i := range h.Rows {
					if n := h.Rows[i].C[signin.DimPrincipalName]; n != last && n != 0 {
						last = n
						if name := w.sym[signin.DimPrincipalName].Text(n); !slices.Contains(a.Names, name) {
							a.Names = append(a.Names, name)
						}
					}
				}
				if want == nil || want(&a) {
					w.seen = append(w.seen, a)
				}
				c.add(len(h.Rows))
			}
			return nil
		})
	if err != nil {
		return nil, closeAll(err, r)
	}
	var out []directory.SeenAccount
	for _, w := range workers {
		out = append(out, w.seen...)
	}
	return mergeSeen(out), r.Close()
}

// mergeSeen joins the parts of an account that lay in two shards, which happens
// only before rows are placed, and sorts by key.
func mergeSeen(in []directory.SeenAccount) []directory.SeenAccount {
	slices.SortStableFunc(in, func(a, b directory.SeenAccount) int {
		return strings.Compare(a.Key(), b.Key())
	})
	out := in[:0]
	for _, a := range in {
		if n := len(out); n > 0 && out[n-1].Key() == a.Key() {
			out[n-1].Rows += a.Rows
			for _, name := range a.Names {
				if !slices.Contains(out[n-1].Names, name) {
					out[n-1].Names = append(out[n-1].Names, name)
				}
			}
			slices.Sort(out[n-1].Names)
			continue
		}
		out = append(out, a)
	}
	return out
}
