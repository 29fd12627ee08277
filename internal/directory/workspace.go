package directory

import "frisk/internal/signin"

// Workspace is one place where people work, for example an Azure Machine
// Learning workspace. Sign-ins are attributed to it by the confidence ladder of
// the reference, section 4.3; see Tier.
type Workspace struct {
	Name        string // unique
	Environment string // prod, dev, ... free text from the configuration
	ResourceID  string // ARM id; "" when the workspace is known only by name
	Apps        []string
	Resources   []string
	// Group stands for the team of the workspace: its members' sign-ins to Apps
	// or Resources count as the workspace's. A proxy, and reported as one.
	Group string
}

// Tier is how a sign-in was attributed to a workspace, strongest first.
type Tier uint8

// The tiers (reference 4.3). TierNone means the workspace is unknown.
const (
	TierNone      Tier = iota
	TierCandidate      // several workspaces possible; shared
	TierWeak           // by app and the team's group
	TierStrong         // by person and time
	TierExact          // by token identifier or resource id
)

var tierNames = []string{"none", "candidate", "weak", "strong", "exact"}

func (t Tier) String() string { return tierNames[t] }

// Where a share goes when it goes to no workspace.
const (
	// UnknownWorkspace is a sign-in to an app or resource that workspaces are
	// used through, when nothing says which workspace.
	UnknownWorkspace = -1
	// OtherWork is a sign-in to anything else. Azure Resource Manager alone is
	// other work too: it serves the portal, Terraform and the ML tools alike.
	OtherWork = -2
)

// Share is a part of one sign-in that belongs to a workspace. The weights of a
// row's shares add up to 1. Workspace is an index into Directory.Workspaces,
// UnknownWorkspace or OtherWork; the last two are always alone and TierNone.
type Share struct {
	Workspace int
	Weight    float64
	Tier      Tier
}

var (
	unknownWorkspace = []Share{{Workspace: UnknownWorkspace, Weight: 1}}
	otherWork        = []Share{{Workspace: OtherWork, Weight: 1}}
)

// Activity is one Azure Activity record that names the token it was done with.
type Activity struct {
	Time      signin.Time
	Caller    string // user principal name or service principal, as given
	Principal string // object id from the token's claims, lower case; "" = not said
	Token     string // uti, normalised (signin.NormalizeToken)
	Resource  string // ARM id of the workspace, lower case
	IP        string // canonical text (netip.Addr.String); "" = not said
}

// Request is one request for an exception from a policy (reference 6).
type Request struct {
	ID            string
	System        string
	Created       signin.Time
	Decided       signin.Time // 0 = undecided or not exported
	EffectiveFrom signin.Time
	EffectiveTo   signin.Time // 0 = no expiry recorded
	Beneficiary   string      // object id where it could be resolved, else the name as given
	Requester     string      // object id where it could be resolved, else the name as given; "" = the beneficiary
	Group         string      // exclusion group or access package: id where given, else its name
	Policy        string      // policy id, name or free text as given
	App           string
	Category      string
	Justification string
	Decision      string // approved, denied, expired, cancelled, pending or as given
	Approver      string
	File          string
	Line          int64
}
