package lint

import (
	"frisk/internal/policy"
	"frisk/internal/policytext"
)

// Rename gives names the object names of the tables that export tools wrote
// beside the policies of a set (MigrationTable.json of IntuneManagement).
func (f *Files) Rename(names *policytext.Names, set *policy.Set) {
	for _, n := range set.Notices {
		if n.Code != "name-table" {
			continue
		}
		list := f.value(n.File, n.Path+".Objects")
		if list == nil {
			continue
		}
		for _, e := range list.elems {
			id, name := e.walk(".Id", false), e.walk(".DisplayName", false)
			if id != nil && name != nil {
				names.Add(id.text, name.text)
			}
		}
	}
}
