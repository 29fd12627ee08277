package directory

import "frisk/internal/signin"

// Request is one request for an exception from a policy, whatever system it was
// made in (reference, conditional-access 6).
type Request struct {
	ID            string
	System        string
	Created       signin.Time
	Decided       signin.Time // 0 = undecided or not exported
	EffectiveFrom signin.Time
	EffectiveTo   signin.Time // 0 = no expiry recorded
	Beneficiary   string      // object id where it could be resolved, else the name as given
	Requester     string      // object id where it could be resolved, else the name as given; "" = the beneficiary
	Group         string      // exclusion group, role or access package: id where given, else its name
	Policy        string      // policy id, name or free text as given
	App           string      // application or workspace, as given
	Category      string
	Justification string
	Decision      string // approved, denied, expired, cancelled, pending or as given
	Approver      string // object id where it could be resolved, else the name as given
	Risk          string // risk rating as given
	// Mapped is the policy (id, name or beginning of the name) that a mapping file
	// puts the request to; "" = none does. See RequestMapping.
	Mapped string
	// Review marks a decision of an access review: nobody asked, somebody confirmed
	// (approved) or withdrew (denied) a membership.
	Review bool
	// Matched says that Beneficiary is the object id of a person of the directory.
	Matched bool
	File    string
	Line    int64
}
