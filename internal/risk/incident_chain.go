package risk

import "strings"

// techniqueOrder is the order in which the techniques of sign-in attacks usually
// follow one another: looking for names, getting hold of a credential, getting
// around the second factor, coming in, staying, hiding. ATT&CK's own columns put
// initial access before credential access, which suits malware; here the stolen
// credential comes first.
var techniqueOrder = []string{
	"T1589", "T1590", "T1087", // reconnaissance and discovery of accounts
	"T1583", "T1586", "T1585", // resources
	"T1566", "T1598", "T1110", "T1557", "T1539", "T1528", "T1056", // credential access
	"T1621", "T1111", "T1556", // the second factor
	"T1078", "T1199", "T1133", // coming in
	"T1550",                   // using what was stolen
	"T1098", "T1136", "T1543", // staying
	"T1090", "T1036", "T1562", // hiding
}

func techniqueRank(t string) int {
	base, _, _ := strings.Cut(t, ".")
	for i, k := range techniqueOrder {
		if k == base {
			return i
		}
	}
	return len(techniqueOrder)
}
