package directory

import (
	"cmp"
	"slices"
	"strings"

	"frisk/internal/signin"
)

// Suggestion is a group of accounts that may be one person's, for somebody to
// review: nothing is joined by it.
type Suggestion struct {
	Person   string // the mail address, or the name before the @
	Accounts []SeenAccount
	// Sure: they share a whole mail address, not only the part before the @.
	Sure bool
}

// commonNames are local parts that belong to roles, not to people.
var commonNames = map[string]bool{
	"admin": true, "administrator": true, "root": true, "info": true, "support": true, "test": true, "guest": true, "user": true,
	"service": true, "backup": true, "postgres": true, "oracle": true, "ubuntu": true, "ec2-user": true, "git": true, "jenkins": true,
	"deploy": true, "nagios": true, "mysql": true, "ftp": true, "www-data": true, "nobody": true,
}

// Suggest lists accounts of several providers or tenants with one mail address, and
// accounts named like the part before its @, where no other address has that part.
// The sure ones come first, then by name. Accounts the file names already are left
// out; known may be nil.
func Suggest(seen []SeenAccount, known *Identity) []Suggestion {
	taken := map[string]bool{}
	if known != nil {
		for _, p := range known.Index().Match(seen).People {
			for _, k := range p.Accounts {
				taken[k] = true
			}
		}
	}
	byMail, bare, mails := map[string][]SeenAccount{}, map[string][]SeenAccount{}, map[string][]string{}
	for _, s := range seen {
		if taken[s.Key()] {
			continue
		}
		name := lastName(&s)
		local, _, mail := strings.Cut(name, "@")
		if commonNames[local] || len(local) < 3 || strings.Contains(name, "#ext#") {
			continue
		}
		if !mail {
			bare[local] = append(bare[local], s)
			continue
		}
		if byMail[name] == nil {
			mails[local] = append(mails[local], name)
		}
		byMail[name] = append(byMail[name], s)
	}
	var out []Suggestion
	add := func(person string, as []SeenAccount, sure bool) {
		if providers(as) > 1 && (sure || oneEach(as)) {
			out = append(out, Suggestion{Person: person, Accounts: as, Sure: sure})
		}
	}
	for mail, as := range byMail { // sorted below
		local, _, _ := strings.Cut(mail, "@")
		if more := bare[local]; len(more) > 0 && len(mails[local]) == 1 {
			add(mail, slices.Concat(as, more), false)
			continue
		}
		add(mail, as, true)
	}
	for local, as := range bare { // likewise
		if len(mails[local]) == 0 {
			add(local, as, false)
		}
	}
	for i := range out {
		slices.SortFunc(out[i].Accounts, func(a, b SeenAccount) int {
			return cmp.Or(cmp.Compare(homeRank(a.Key()), homeRank(b.Key())), strings.Compare(a.Key(), b.Key()))
		})
	}
	slices.SortFunc(out, func(a, b Suggestion) int {
		return cmp.Or(-cmp.Compare(btoi(a.Sure), btoi(b.Sure)), strings.Compare(a.Person, b.Person))
	})
	return out
}

// lastName is the last of an account's names, lower case, of sorted ones.
func lastName(s *SeenAccount) string {
	if n := len(s.Names); n > 0 {
		return strings.ToLower(s.Names[n-1])
	}
	name, _ := strings.CutPrefix(s.Principal, signin.NamePrefix)
	return strings.ToLower(name)
}

// providers counts distinct pairs of provider and tenant.
func providers(as []SeenAccount) int {
	seen := map[[2]string]bool{}
	for i := range as {
		seen[[2]string{as[i].Provider, as[i].Tenant}] = true
	}
	return len(seen)
}

// oneEach reports that no provider and tenant has two of them: a name that does
// not tell two accounts of one provider apart tells nobody apart.
func oneEach(as []SeenAccount) bool { return providers(as) == len(as) }

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}
