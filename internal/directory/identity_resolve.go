package directory

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"frisk/internal/signin"
)

// SeenAccount is an account as the sign-ins show it.
type SeenAccount struct {
	Provider, Tenant, Principal string
	// Names are the distinct names it was logged with.
	Names []string
	Rows  int64
}

// Key is the account's signin.PersonKey.
func (a *SeenAccount) Key() string { return signin.PersonKey(a.Provider, a.Tenant, a.Principal) }

// IdentityPerson is one person of the file and the accounts found of them.
type IdentityPerson struct {
	Name string // what reports call them
	// Accounts are account keys. The first is their home, under which figures
	// count: Entra before others, then by key.
	Accounts []string
}

// IdentityMatch is what a table of accounts makes of an Identity.
type IdentityMatch struct {
	// People have at least one account, in order of name and home.
	People []IdentityPerson
	// Unseen are rows of the file that no sign-in matches, in its order.
	Unseen []IdentityAccount
	// Issues are rows that matched in a way that joins nothing, in words.
	Issues []string
}

// claim is a row of the file that wants an account.
type claim struct {
	row  int
	byID bool
}

// IdentityIndex finds the accounts an Identity names. It is only read once made.
type IdentityIndex struct {
	id   *Identity
	rows map[string][]int // by provider and folded account
}

// Index prepares id for looking accounts up.
func (id *Identity) Index() *IdentityIndex {
	x := &IdentityIndex{id: id, rows: map[string][]int{}}
	for i := range id.Accounts {
		a := &id.Accounts[i]
		k := a.Provider + "\x1f" + foldName(a.Provider, a.Account)
		x.rows[k] = append(x.rows[k], i)
	}
	return x
}

// Wants reports whether some row of the file may mean the account.
func (x *IdentityIndex) Wants(s *SeenAccount) bool { return len(x.id.claims(x.rows, s)) > 0 }

// Match finds the accounts the file names. An account is known by its id
// (identifiers of GUID form in any case), or by a name it was logged with. A name
// that two ids of one tenant had joins neither: names are reused. seen may come in
// any order; the result does not depend on it. Accounts that Wants says no to may
// be left out.
func (x *IdentityIndex) Match(seen []SeenAccount) *IdentityMatch {
	id, rows := x.id, x.rows
	seen = slices.Clone(seen)
	slices.SortFunc(seen, func(a, b SeenAccount) int { return strings.Compare(a.Key(), b.Key()) })
	claims := make([][]claim, len(seen))
	named := map[[2]string][]int{} // row and tenant: accounts with an id of their own, by name
	for n := range seen {
		s := &seen[n]
		claims[n] = id.claims(rows, s)
		for _, c := range claims[n] {
			if !c.byID && !strings.HasPrefix(s.Principal, signin.NamePrefix) {
				k := [2]string{fmt.Sprint(c.row), s.Tenant}
				named[k] = append(named[k], n)
			}
		}
	}
	m := &IdentityMatch{}
	found := make([]bool, len(id.Accounts))
	by := map[string][]string{}
	told := map[string]bool{}
	for n := range seen {
		s := &seen[n]
		owner, ok := "", true
		byID := slices.ContainsFunc(claims[n], func(c claim) bool { return c.byID })
		for _, c := range claims[n] {
			found[c.row] = true
			if byID && !c.byID {
				continue // the id says more than the name
			}
			a := &id.Accounts[c.row]
			if others := named[[2]string{fmt.Sprint(c.row), s.Tenant}]; !c.byID && len(others) > 1 && slices.Contains(others, n) {
				ok = false
				if text := reusedName(a, s.Tenant, seen, others); !told[text] {
					told[text] = true
					m.Issues = append(m.Issues, text)
				}
				continue
			}
			if owner != "" && owner != strings.ToLower(a.Person) {
				ok = false
				m.Issues = append(m.Issues, fmt.Sprintf("the %s account %q was logged with names of two people (%q and %q): name its id", s.Provider, s.Principal, owner, a.Person))
				continue
			}
			owner = strings.ToLower(a.Person)
		}
		if owner != "" && ok {
			by[owner] = append(by[owner], s.Key())
		}
	}
	for i, f := range found {
		if !f {
			m.Unseen = append(m.Unseen, id.Accounts[i])
		}
	}
	slices.Sort(m.Issues)
	m.People = id.people(by)
	return m
}

func reusedName(a *IdentityAccount, tenant string, seen []SeenAccount, of []int) string {
	ids := make([]string, len(of))
	for i, n := range of {
		ids[i] = seen[n].Principal
	}
	where := a.Provider
	if tenant != "" {
		where += " tenant " + tenant
	}
	return fmt.Sprintf("line %d: %d accounts of %s had the name %q (%s): name the id of the one you mean", a.Line, len(of), where, a.Account, strings.Join(ids, ", "))
}

// claims are the rows of the file that want an account.
func (id *Identity) claims(rows map[string][]int, s *SeenAccount) []claim {
	provider := strings.ToLower(s.Provider)
	var out []claim
	add := func(text string, byID bool) {
		for _, r := range rows[provider+"\x1f"+foldName(provider, text)] {
			a := &id.Accounts[r]
			if a.Tenant != "" && !strings.EqualFold(a.Tenant, s.Tenant) {
				continue
			}
			if byID && a.Account != text && !sameGUID(a.Account, text) {
				continue
			}
			if !slices.ContainsFunc(out, func(c claim) bool { return c.row == r }) {
				out = append(out, claim{r, byID})
			}
		}
	}
	add(s.Principal, true)
	if name, ok := strings.CutPrefix(s.Principal, signin.NamePrefix); ok && len(s.Names) == 0 {
		add(name, false)
	}
	for _, n := range s.Names {
		add(n, false)
	}
	return out
}

func sameGUID(a, b string) bool {
	x, ok1 := signin.ParseGUID(a)
	y, ok2 := signin.ParseGUID(b)
	return ok1 && ok2 && x == y
}

// people puts names to the accounts found.
func (id *Identity) people(by map[string][]string) []IdentityPerson {
	var out []IdentityPerson
	done := map[string]bool{}
	for i := range id.Accounts {
		who := strings.ToLower(id.Accounts[i].Person)
		if done[who] || len(by[who]) == 0 {
			continue
		}
		done[who] = true
		p := IdentityPerson{Name: id.Accounts[i].Person, Accounts: by[who]}
		for k := range id.Accounts {
			if a := &id.Accounts[k]; a.Display != "" && strings.ToLower(a.Person) == who {
				p.Name = a.Display
				break
			}
		}
		slices.SortFunc(p.Accounts, func(a, b string) int {
			return cmp.Or(cmp.Compare(homeRank(a), homeRank(b)), strings.Compare(a, b))
		})
		out = append(out, p)
	}
	slices.SortFunc(out, func(a, b IdentityPerson) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.Accounts[0], b.Accounts[0]))
	})
	return out
}

// homeRank puts Entra accounts first: groups and policies are known of them.
func homeRank(key string) int {
	if strings.HasPrefix(key, "entra\x1f") {
		return 0
	}
	return 1
}
