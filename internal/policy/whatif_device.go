package policy

import (
	"reflect"
	"slices"
	"strings"

	"frisk/internal/directory"
)

// WhatIfDevice is deviceInfo: the attributes a device filter can read. An empty
// deviceId and nothing else is a device that is not registered.
type WhatIfDevice struct {
	Type                   string   `json:"@odata.type"`
	DeviceID               *string  `json:"deviceId"`
	DisplayName            string   `json:"displayName"`
	EnrollmentProfileName  string   `json:"enrollmentProfileName"`
	IsCompliant            *bool    `json:"isCompliant"`
	Manufacturer           string   `json:"manufacturer"`
	MDMAppID               string   `json:"mdmAppId"`
	Model                  string   `json:"model"`
	OperatingSystem        string   `json:"operatingSystem"`
	OperatingSystemVersion string   `json:"operatingSystemVersion"`
	Ownership              string   `json:"ownership"`
	PhysicalIDs            []string `json:"physicalIds"`
	ProfileType            string   `json:"profileType"`
	SystemLabels           []string `json:"systemLabels"`
	TrustType              string   `json:"trustType"`
	Extension1             string   `json:"extensionAttribute1"`
	Extension2             string   `json:"extensionAttribute2"`
	Extension3             string   `json:"extensionAttribute3"`
	Extension4             string   `json:"extensionAttribute4"`
	Extension5             string   `json:"extensionAttribute5"`
	Extension6             string   `json:"extensionAttribute6"`
	Extension7             string   `json:"extensionAttribute7"`
	Extension8             string   `json:"extensionAttribute8"`
	Extension9             string   `json:"extensionAttribute9"`
	Extension10            string   `json:"extensionAttribute10"`
	Extension11            string   `json:"extensionAttribute11"`
	Extension12            string   `json:"extensionAttribute12"`
	Extension13            string   `json:"extensionAttribute13"`
	Extension14            string   `json:"extensionAttribute14"`
	Extension15            string   `json:"extensionAttribute15"`
}

func (d *WhatIfDevice) id() string {
	if d.DeviceID == nil {
		return ""
	}
	return *d.DeviceID
}

// unregistered reports an empty device id with nothing beside it.
func (d *WhatIfDevice) unregistered() bool {
	if d.DeviceID == nil || *d.DeviceID != "" {
		return false
	}
	rest := *d
	rest.Type, rest.DeviceID = "", nil
	return reflect.ValueOf(rest).IsZero()
}

func (d *WhatIfDevice) device() *directory.Device {
	trust := d.TrustType
	if strings.EqualFold(trust, "EntraID") { // the new name of AzureAD
		trust = "AzureAD"
	}
	return &directory.Device{
		ID: d.id(), DisplayName: d.DisplayName, OperatingSystem: d.OperatingSystem, OSVersion: d.OperatingSystemVersion,
		Manufacturer: d.Manufacturer, Model: d.Model, TrustType: trust, Ownership: d.Ownership, ProfileType: d.ProfileType,
		MDMAppID: d.MDMAppID, EnrollmentProfile: d.EnrollmentProfileName, Compliant: truthOf(d.IsCompliant),
		PhysicalIDs: slices.Clone(d.PhysicalIDs), SystemLabels: slices.Clone(d.SystemLabels),
		ExtensionAttributes: [15]string{
			d.Extension1, d.Extension2, d.Extension3, d.Extension4, d.Extension5,
			d.Extension6, d.Extension7, d.Extension8, d.Extension9, d.Extension10, d.Extension11,
			d.Extension12, d.Extension13, d.Extension14, d.Extension15,
		},
	}
}
