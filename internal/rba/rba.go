// Package rba measures risk scores on the login data set for risk-based
// authentication of Wiefling, Jørgensen, Thunem and Lo Iacono, "Pump Up Password
// Security!", ACM TOPS 2022, doi 10.1145/3546069 (das-group/rba-dataset, CC BY
// 4.0): how often honest people would be asked again for a threshold that stops
// so many attackers. It computes the formula that the authors used (model.go)
// and frisk's own statistic (own.go) on the same logins and the same attacks, and
// holds the first against the published counts.
//
// The file is streamed. Memory grows with users, their successful logins (12 bytes
// each) and distinct addresses and clients, not with rows.
//
// What the public sources do not tell, and is chosen here: how attackers were
// drawn (attack.go), and which users stand behind the median at n logins. The
// authors draw users at random in strata and say themselves that counts may
// differ slightly for that.
package rba

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// UnknownUser is the bucket for logins to accounts that do not exist: 45 % of the
// rows of the published file. It is nobody, and left out.
const UnknownUser = "-4324475583306591935"

// Login is one row of the data set.
type Login struct {
	User                        string
	Day                         int32  // days since 1970, UTC
	Stamp                       string // as written, sortable
	IP, ASN, Country, City      string // City with region and country
	Agent, Browser, OS, Device  string
	Success, AttackIP, Takeover bool
	complete                    bool // no feature is empty
}

// columns are those read, by their names in the header.
var columns = []string{
	"Login Timestamp", "User ID", "IP Address", "Country", "Region", "City", "ASN", "User Agent String",
	"Browser Name and Version", "OS Name and Version", "Device Type", "Login Successful", "Is Attack IP", "Is Account Takeover",
}

// ErrColumns is a file that is not the data set.
var ErrColumns = errors.New("not the RBA data set")

func columnsOf(header []string) (at [14]int, err error) {
	for i, c := range columns {
		at[i] = slices.IndexFunc(header, func(h string) bool { return strings.TrimPrefix(h, "\ufeff") == c })
		if at[i] < 0 {
			return at, fmt.Errorf("%w: column %q is missing", ErrColumns, c)
		}
	}
	return at, nil
}

// missing are the spellings that pandas reads as no value, so that the authors'
// code drops the row; "NA" is also the country Namibia.
var missing = []string{"", "NA", "N/A", "n/a", "NaN", "nan", "null", "NULL", "None", "#N/A"}

func said(s string) bool { return !slices.Contains(missing, s) }
