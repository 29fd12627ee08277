package policy

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"frisk/internal/directory"
	"frisk/internal/signin"
)

// directory builds what the test knows of people and devices. Groups or roles
// given for a person are all of them; a person without the key has unknown ones.
func (t *testRun) directory() (*directory.Directory, error) {
	dir := directory.New()
	var small testDirectory
	if src := t.file.Directory; src != nil {
		d, ok, err := src.read(t.dir)
		if err != nil {
			return nil, err
		}
		if small = d; !ok {
			if dir, _, err = directory.Load([]string{filepath.Join(t.dir, src.path)}, directory.Options{}); err != nil {
				return nil, err
			}
		}
	}
	for i := range small.Devices {
		dir.AddDevice(small.Devices[i].device())
	}
	for _, u := range small.Users {
		dir.AddUser(directory.User{ID: u.ID, UserPrincipalName: u.UserPrincipalName, UserType: u.UserType})
	}
	for i := range small.ServicePrincipals {
		dir.AddServicePrincipal(small.ServicePrincipals[i].identity())
	}
	for _, v := range small.Registered {
		dir.SetRegistered(v.ID, v.MethodsRegistered)
	}
	for _, id := range t.people() {
		u := testUser{ID: id}
		for _, have := range small.Users {
			if strings.EqualFold(have.ID, id) || have.UserPrincipalName != "" && signin.NamePrefix+strings.ToLower(have.UserPrincipalName) == id {
				u = have
			}
		}
		if t.test.Context.Groups != nil {
			u.Groups = t.test.Context.Groups
		}
		if t.test.Context.Roles != nil {
			u.Roles = t.test.Context.Roles
		}
		if u.Groups != nil {
			dir.SetGroupsKnown(u.ID)
			for _, g := range *u.Groups {
				dir.AddMember(g, u.ID, 0, 0)
			}
		}
		if u.Roles != nil {
			dir.SetRolesKnown(u.ID)
			for _, r := range *u.Roles {
				dir.AddRole(u.ID, r, 0, 0)
			}
		}
	}
	dir.Seal()
	return dir, nil
}

// people lists the ids of everyone who signs in in the test.
func (t *testRun) people() []string {
	var out []string
	add := func(s *testSignIn) {
		if s == nil {
			return
		}
		if e, err := s.event(); err == nil && e.Principal.ID != "" && !slices.Contains(out, e.Principal.ID) {
			out = append(out, e.Principal.ID)
		}
	}
	add(t.test.SignIn)
	for i := range t.test.History {
		add(t.test.History[i].SignIn)
	}
	return out
}

// testDirectory is the small directory form of a test file.
type testDirectory struct {
	Users             []testUser    `json:"users"`
	Devices           []testDevice  `json:"devices"`
	ServicePrincipals []testService `json:"servicePrincipals"`
	Registered        []testMethods `json:"registrations"`
}

// testMethods is a Graph userRegistrationDetails.
type testMethods struct {
	ID                string   `json:"id"`
	MethodsRegistered []string `json:"methodsRegistered"`
}

// testService is a Graph servicePrincipal. Its custom security attributes are
// sets of attributes, each a text or a list of texts; without the key they are not known.
type testService struct {
	ID          string                                `json:"id"`
	AppID       string                                `json:"appId"`
	DisplayName string                                `json:"displayName"`
	Type        string                                `json:"servicePrincipalType"`
	Owner       string                                `json:"appOwnerOrganizationId"`
	Audience    string                                `json:"signInAudience"`
	Attributes  *map[string]map[string]testAttributes `json:"customSecurityAttributes"`
}

type testAttributes []string

// UnmarshalJSON takes a text or a list of texts.
func (a *testAttributes) UnmarshalJSON(data []byte) error {
	var one string
	if json.Unmarshal(data, &one) == nil {
		*a = testAttributes{one}
		return nil
	}
	return json.Unmarshal(data, (*[]string)(a))
}

func (v *testService) identity() directory.ServicePrincipal {
	out := directory.ServicePrincipal{
		ID: v.ID, AppID: v.AppID, Name: v.DisplayName, Type: v.Type, OwnerTenant: v.Owner, Audience: v.Audience,
		AttributesKnown: v.Attributes != nil,
	}
	if v.Attributes != nil {
		out.Attributes = map[string][]string{}
		for set, list := range *v.Attributes {
			for name, values := range list {
				out.Attributes[set+"_"+name] = values
			}
		}
	}
	return out
}

type testUser struct {
	ID                string    `json:"id"`
	UserPrincipalName string    `json:"userPrincipalName"`
	UserType          string    `json:"userType"`
	Groups            *[]string `json:"groups"`
	Roles             *[]string `json:"roles"`
}

// testDevice is a Graph device.
type testDevice struct {
	DeviceID               string             `json:"deviceId"`
	DisplayName            string             `json:"displayName"`
	OperatingSystem        string             `json:"operatingSystem"`
	OperatingSystemVersion string             `json:"operatingSystemVersion"`
	Manufacturer           string             `json:"manufacturer"`
	Model                  string             `json:"model"`
	TrustType              string             `json:"trustType"`
	DeviceOwnership        string             `json:"deviceOwnership"`
	ProfileType            string             `json:"profileType"`
	MDMAppID               string             `json:"mdmAppId"`
	EnrollmentProfileName  string             `json:"enrollmentProfileName"`
	IsCompliant            *bool              `json:"isCompliant"`
	IsManaged              *bool              `json:"isManaged"`
	PhysicalIDs            []string           `json:"physicalIds"`
	SystemLabels           []string           `json:"systemLabels"`
	ExtensionAttributes    map[string]*string `json:"extensionAttributes"`
}

func (v *testDevice) device() directory.Device {
	d := directory.Device{
		ID: v.DeviceID, DisplayName: v.DisplayName, OperatingSystem: v.OperatingSystem, OSVersion: v.OperatingSystemVersion,
		Manufacturer: v.Manufacturer, Model: v.Model, TrustType: v.TrustType, Ownership: v.DeviceOwnership,
		ProfileType: v.ProfileType, MDMAppID: v.MDMAppID, EnrollmentProfile: v.EnrollmentProfileName,
		Compliant: truthOf(v.IsCompliant), Managed: truthOf(v.IsManaged),
		PhysicalIDs: v.PhysicalIDs, SystemLabels: v.SystemLabels,
	}
	for i := range d.ExtensionAttributes {
		if t := v.ExtensionAttributes[fmt.Sprintf("extensionAttribute%d", i+1)]; t != nil {
			d.ExtensionAttributes[i] = *t
		}
	}
	return d
}

// read gives the small form; ok is false when the source is another export,
// which the directory package reads.
func (s *source) read(dir string) (d testDirectory, ok bool, err error) {
	data := s.inline
	if data == nil {
		path := filepath.Join(dir, s.path)
		if info, err := os.Stat(path); err != nil || info.IsDir() {
			return d, false, err
		}
		if data, err = os.ReadFile(path); err != nil {
			return d, false, err
		}
		if data, err = DecodeText(data); err != nil {
			return d, false, fmt.Errorf("read directory %q: %w", path, err)
		}
	}
	if err := decodeExact(data, &d); err != nil {
		if s.inline != nil {
			return d, false, fmt.Errorf("read directory in the test: %w", err)
		}
		return d, false, nil
	}
	return d, true, nil
}
