// Package directory holds what a sign-in row cannot tell: people, group and
// role membership, devices, workspaces, and requests for exceptions. It is
// filled from Microsoft Graph JSON exports or plain CSV and answers in three
// values: a group nobody exported is Unknown, not "not a member".
//
// A Directory is built by one goroutine and then only read; every query method
// is safe for concurrent use. A nil *Directory knows nothing.
package directory

import (
	"cmp"
	"slices"
	"strings"

	"frisk/internal/signin"
)

// User is one person or guest of the directory.
type User struct {
	ID                string // object id, lower case
	UserPrincipalName string
	DisplayName       string
	Mail              string
	UserType          string // Member, Guest, or "" when not exported
	Department        string
	Enabled           signin.Truth
}

// Group is a group. Complete means that its list of members was exported
// whole. Absence from the list still means "not a member" only when the groups
// nested in it are complete too: ask Directory.Member.
type Group struct {
	ID          string
	DisplayName string
	Complete    bool
	// Transitive means that the member list is expanded already (Graph
	// transitiveMembers), so that a nested group without a list leaves no gap.
	Transitive bool
}

// Device is a directory device (Graph device resource); texts are "" and
// truths Unknown when the export does not carry them.
type Device struct {
	ID                  string // deviceId (not the object id), lower case: what sign-in rows carry
	ObjectID            string
	DisplayName         string
	OperatingSystem     string
	OSVersion           string
	Manufacturer        string
	Model               string
	TrustType           string // AzureAD, ServerAD, Workplace
	Ownership           string // Company, Personal
	ProfileType         string
	MDMAppID            string
	EnrollmentProfile   string
	Compliant           signin.Truth
	Managed             signin.Truth
	PhysicalIDs         []string
	SystemLabels        []string
	ExtensionAttributes [15]string
}

// span is a period of membership; Until 0 means still a member, From 0 since always.
type span struct{ From, Until signin.Time }

func (s span) holds(at signin.Time) bool {
	return (s.From == 0 || at >= s.From) && (s.Until == 0 || at < s.Until)
}

// Directory is the loaded context.
type Directory struct {
	users   map[string]*User
	byUPN   map[string]string
	byMail  map[string]string
	groups  map[string]*Group
	devices map[string]*Device
	// members: group id -> member id (user or group) -> spans
	members map[string]map[string][]span
	// assigned: principal id (user or group) -> role template or instance id -> spans
	assigned  map[string]map[string][]span
	templates map[string]string // role instance id -> template id
	// rolesComplete: the export lists every role assignment, so absence means no.
	rolesComplete           bool
	groupsKnown, rolesKnown map[string]bool // user ids

	// past is what dated exports and the audit log add; see snapshot.go.
	past history
	// listedDirect holds groups of which a whole list names direct members only.
	listedDirect map[string]bool
	userAt       map[string][]version[User]
	deviceAt     map[string][]version[Device]
	parent       *Directory // of a dated export: where names of groups go at once

	// Filled by Seal. maybe and maybeRoles also hold what may have been; nil
	// when nothing is open.
	maybe, maybeRoles edges
	transitive        map[string]map[string][]span // user id -> group id -> spans
	closed            map[string]bool              // groups whose members are all known, nested ones too
	roles             map[string]map[string][]span // user id -> role template id -> spans
	openRoles         map[string][]holder          // role -> groups holding it that are not closed

	told      [numRiskKinds]map[string][]riskFact
	riskWhole [numRiskKinds]signin.Time        // everybody at risk before it is listed
	risk      [numRiskKinds]map[string][]Level // by id, ascending in time
	services  map[string]*ServicePrincipal
	serviceOf map[string]string   // app id -> object id
	edits     []PolicyEdit        // ascending in time
	methods   map[string][]string // by user id
	witness   *overlay
	changes   map[string][]MemberChange // by group, in order of reading; see changes.go

	// Workspaces, Activity, AzureRoles and Requests may be appended to before Seal,
	// which adds to Workspaces what only Activity and AzureRoles name.
	Workspaces []Workspace
	Activity   []Activity
	AzureRoles []RoleAssignment
	Requests   []Request
	// RequestFiles is the account of the files that Requests came from.
	RequestFiles []RequestFile
}

// New is an empty directory.
func New() *Directory {
	return &Directory{
		users: map[string]*User{}, byUPN: map[string]string{}, byMail: map[string]string{},
		groups: map[string]*Group{}, devices: map[string]*Device{},
		members: map[string]map[string][]span{}, assigned: map[string]map[string][]span{},
		templates: map[string]string{}, groupsKnown: map[string]bool{}, rolesKnown: map[string]bool{},
		listedDirect: map[string]bool{}, userAt: map[string][]version[User]{}, deviceAt: map[string][]version[Device]{},
		services: map[string]*ServicePrincipal{}, serviceOf: map[string]string{}, methods: map[string][]string{},
	}
}

func key(id string) string { return strings.ToLower(strings.TrimSpace(id)) }

// User is the person with this object id, or nil.
func (d *Directory) User(id string) *User {
	if d == nil {
		return nil
	}
	return d.users[key(id)]
}

// UserByName is the object id of a user principal name, "" when unknown.
func (d *Directory) UserByName(upn string) string {
	if d == nil {
		return ""
	}
	return d.byUPN[key(upn)]
}

// Resolve finds the object id of a person named the way people name each other
// in a request: by object id, user principal name or mail, in that order. ""
// when the directory does not know the name.
func (d *Directory) Resolve(name string) string {
	if d == nil || name == "" {
		return ""
	}
	k := key(name)
	if _, ok := d.users[k]; ok {
		return k
	}
	return cmp.Or(d.byUPN[k], d.byMail[k])
}

// GroupByName is the id of the only group with this display name, any case; ""
// when there is none or more than one.
func (d *Directory) GroupByName(name string) string {
	found := ""
	for _, g := range d.Groups() {
		if strings.EqualFold(g.DisplayName, strings.TrimSpace(name)) {
			if found != "" {
				return ""
			}
			found = g.ID
		}
	}
	return found
}

// Users lists every user, by id.
func (d *Directory) Users() []*User {
	return sortedValues(d, func(d *Directory) map[string]*User { return d.users })
}

// Groups lists every group, by id.
func (d *Directory) Groups() []*Group {
	return sortedValues(d, func(d *Directory) map[string]*Group { return d.groups })
}

func sortedValues[T any](d *Directory, of func(*Directory) map[string]T) []T {
	if d == nil {
		return nil
	}
	m := of(d)
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	out := make([]T, len(keys))
	for i, k := range keys {
		out[i] = m[k]
	}
	return out
}

// Group is the group with this id, or nil.
func (d *Directory) Group(id string) *Group {
	if d == nil {
		return nil
	}
	return d.groups[key(id)]
}

// Device is the device a sign-in row names by deviceId, or nil.
func (d *Directory) Device(deviceID string) *Device {
	if d == nil || deviceID == "" {
		return nil
	}
	return d.devices[key(deviceID)]
}
