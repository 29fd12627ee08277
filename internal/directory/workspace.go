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
	// ID is the workspace's own id, which the Azure ML tables name it by, lower
	// case; "" = not exported.
	ID string
	// Identities are the managed identities that work for the workspace and its
	// computes: object ids, and ARM ids of user-assigned ones, lower case.
	Identities []string
}

// Tier is how a sign-in was attributed to a workspace, strongest first.
type Tier uint8

// The tiers (reference 4.3). TierNone means the workspace is unknown.
const (
	TierNone      Tier = iota
	TierCandidate      // several workspaces possible; shared
	TierWeak           // by app and Azure role, team's group, or time without an address
	TierStrong         // by person, time and address
	TierExact          // by token identifier, resource id or managed identity
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

// Activity is one operation in a workspace, of the Azure Activity log or of a
// diagnostic table of Azure ML.
type Activity struct {
	Time      signin.Time
	Caller    string // user principal name or service principal, as given
	Principal string // object id, lower case; "" = not said
	Token     string // uti, normalised (signin.NormalizeToken); "" = not said, as in every Azure ML table
	Resource  string // ARM id of the workspace, lower case
	IP        string // canonical text (netip.Addr.String); "" = not said
	// Issued and Expires are the token's own claims iat (else nbf) and exp; 0 = not said.
	Issued, Expires signin.Time
	// Table is the lower-case name of the Azure ML table; "" = the Activity log.
	Table string
	// Standing means that the person is named for something done at another time,
	// as who created a cluster: it tells where they work, and not when.
	Standing bool
}
