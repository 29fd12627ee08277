package analysis

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strings"

	"frisk/internal/dataset"
	"frisk/internal/directory"
)

// IdentityResult is what the identity file joins in a dataset.
type IdentityResult struct {
	Schema string `json:"schema"`
	File   string `json:"file"`
	// Current says that the dataset lies as the file says; Problem says why not.
	Current  bool                 `json:"current"`
	Problem  string               `json:"problem,omitempty"`
	Moved    int64                `json:"moved,omitempty"` // rows that apply rewrote
	Accounts int                  `json:"accounts"`        // rows of the file
	Seen     int                  `json:"seen"`            // accounts found in the dataset
	People   []IdentityPersonRow  `json:"people"`          // those with several accounts
	Unseen   []IdentityAccountRow `json:"unseen"`          // rows of the file no sign-in matches
	Issues   []string             `json:"issues"`          // rows that matched but join nothing
}

// IdentityPersonRow is a person with several accounts.
type IdentityPersonRow struct {
	Person   string               `json:"person"`
	Accounts []IdentityAccountRow `json:"accounts"` // the first is the one figures count under
}

// IdentityAccountRow is one account.
type IdentityAccountRow struct {
	Person   string `json:"person,omitempty"`
	Provider string `json:"provider"`
	Tenant   string `json:"tenant,omitempty"`
	Account  string `json:"account"`
	Line     int    `json:"line,omitempty"` // of the file
}

func (r *IdentityResult) fill(j *joins) {
	for i := range j.People {
		p := &j.People[i]
		r.Seen += len(p.Accounts)
		if len(p.Accounts) < 2 {
			continue
		}
		row := IdentityPersonRow{Person: p.Name}
		for _, key := range p.Accounts {
			provider, tenant, account := splitPerson(key)
			row.Accounts = append(row.Accounts, IdentityAccountRow{Provider: provider, Tenant: tenant, Account: account})
		}
		r.People = append(r.People, row)
	}
	for i := range j.Unseen {
		a := &j.Unseen[i]
		r.Unseen = append(r.Unseen, IdentityAccountRow{Person: a.Person, Provider: a.Provider, Tenant: a.Tenant, Account: a.Account, Line: a.Line})
	}
	r.Issues = append(r.Issues, j.Issues...)
}

func (c *Config) identity(d *dataset.Dataset) (*IdentityResult, error) {
	if c.Identity == "" {
		return nil, &ConfigError{c.file(), fmt.Errorf("it names no identity file: set identity: identity.csv, or let \"analyze identity suggest\" write one to review")}
	}
	m := d.Manifest()
	id, err := c.loadIdentity(&m)
	if err != nil {
		return nil, err
	}
	return &IdentityResult{
		Schema: "frisk.identity/v1", File: c.path(c.Identity), Accounts: len(id.Accounts),
		People: []IdentityPersonRow{}, Unseen: []IdentityAccountRow{}, Issues: []string{},
	}, nil
}

// Identity tells what the identity file joined when it was last applied.
func Identity(cfg *Config, opt Options) (*IdentityResult, error) {
	d, err := dataset.Open(cfg.data(&opt))
	if err != nil {
		return nil, err
	}
	res, err := cfg.identity(d)
	if err != nil {
		return nil, err
	}
	j, err := joinsOf(d, cfg)
	if err != nil {
		res.Problem = err.Error()
		return res, nil
	}
	res.Current = true
	if j != nil {
		res.fill(j)
	}
	return res, nil
}

// ApplyIdentity makes the dataset lie as the identity file says, or each account
// by itself where the configuration names none.
func ApplyIdentity(ctx context.Context, cfg *Config, opt Options) (*IdentityResult, error) {
	d, err := dataset.Open(cfg.data(&opt))
	if err != nil {
		return nil, err
	}
	res := &IdentityResult{Schema: "frisk.identity/v1", People: []IdentityPersonRow{}, Unseen: []IdentityAccountRow{}, Issues: []string{}}
	if cfg.Identity != "" {
		if res, err = cfg.identity(d); err != nil {
			return nil, err
		}
	}
	j, moved, err := settleJoins(ctx, d, cfg, &opt)
	if err != nil {
		return nil, err
	}
	res.Current, res.Moved = true, moved
	if j != nil {
		res.fill(j)
	}
	return res, nil
}

// SuggestIdentity writes an identity.csv to review: accounts of several providers
// or tenants that have one mail address, or one name before the @. Accounts the
// configuration's file names are left out. It returns how many people it proposes.
func SuggestIdentity(ctx context.Context, cfg *Config, opt Options, w io.Writer) (int, error) {
	d, err := dataset.Open(cfg.data(&opt))
	if err != nil {
		return 0, err
	}
	m := d.Manifest()
	known, err := cfg.loadIdentity(&m)
	if err != nil {
		return 0, err
	}
	seen, err := accounts(ctx, d, &opt, "looking at accounts", nil)
	if err != nil {
		return 0, fmt.Errorf("suggest accounts to join: %w", err)
	}
	for i := range seen {
		slices.Sort(seen[i].Names)
	}
	out := csv.NewWriter(w)
	_ = out.Write([]string{"person", "provider", "tenant", "account", "display", "note"}) // Error below
	suggestions := directory.Suggest(seen, known)
	for _, s := range suggestions {
		for i := range s.Accounts {
			a := &s.Accounts[i]
			why := "same mail address"
			if !s.Sure && !slices.ContainsFunc(a.Names, func(n string) bool { return strings.EqualFold(n, s.Person) }) {
				why = "named like the part before the @: check"
			}
			note := fmt.Sprintf("%s; %d sign-ins as %s", why, a.Rows, strings.Join(a.Names, ", "))
			_ = out.Write([]string{plainCell(s.Person), a.Provider, plainCell(a.Tenant), plainCell(a.Principal), "", plainCell(note)}) // likewise
		}
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return 0, fmt.Errorf("suggest accounts to join: %w", err)
	}
	return len(suggestions), nil
}

// plainCell keeps text of a log from being one of the formulas that spreadsheets
// run (CWE-1236), and control characters out of the file.
func plainCell(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, s)
	if s != "" && strings.ContainsRune("=+-@", rune(s[0])) {
		return "'" + s
	}
	return s
}
