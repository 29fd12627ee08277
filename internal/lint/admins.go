package lint

import (
	"frisk/internal/directory"
	"frisk/internal/policytext"
	"frisk/internal/signin"
)

// administrators are the accounts that certainly hold Global Administrator.
func (p *pass) administrators(at signin.Time) []*directory.User {
	var out []*directory.User
	for _, u := range policytext.Accounts(p.in.Directory) {
		if p.in.Directory.HasRole(u.ID, policytext.GlobalAdministrator, at) == signin.True {
			out = append(out, u)
		}
	}
	return out
}
