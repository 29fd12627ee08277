package directory

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	"frisk/internal/signin"
)

var _ = register(Kind{
	Name: "devices",
	Doc:  "directory devices (Graph devices, the portal's device download) and Intune managed devices; they complete each other",
	Columns: []Column{
		{"deviceId", "required: the id sign-in rows carry, not the object id"},
		{"id", "object id"},
		{"displayName", ""},
		{"operatingSystem", ""},
		{"operatingSystemVersion", ""},
		{"trustType", "AzureAD, ServerAD or Workplace; any one of the columns from here on tells that these are devices"},
		{"isCompliant", "true or false"},
		{"isManaged", "true or false"},
		{"manufacturer", ""},
		{"model", ""},
		{"deviceOwnership", "Company or Personal"},
		{"profileType", ""},
		{"mdmAppId", ""},
		{"enrollmentProfileName", ""},
		{"physicalIds", "separated by semicolons"},
		{"systemLabels", "separated by semicolons"},
		{"extensionAttribute1", "to extensionAttribute15"},
	},
	types:    []string{"device", "manageddevice"},
	contexts: []string{"devices", "devicemanagement/manageddevices"},
	rank:     30,
	fits: func(r *record) string {
		switch {
		case !r.has(deviceNames...):
			return "no deviceId"
		case !r.has("trusttype", "jointype", "jointypetrusttype", "iscompliant", "ismanaged", "profiletype", "operatingsystem", "deviceownership", "compliancestate"):
			return "no trustType, operatingSystem or isCompliant"
		case r.has("ipaddress", "clientapp", "clientappused"):
			return "looks like a sign-in log"
		}
		return ""
	},
	add: addDeviceRecord,
})

var deviceNames = []string{"deviceid", "azureaddeviceid", "entradeviceid"}

func addDeviceRecord(l *Loader, r *record) error {
	v := Device{
		ID: r.text(deviceNames...), ObjectID: r.text("id", "objectid"), DisplayName: r.text("displayname", "devicename"),
		OperatingSystem: r.text("operatingsystem"), OSVersion: r.text("operatingsystemversion", "osversion"),
		Manufacturer: r.text("manufacturer"), Model: r.text("model"),
		TrustType: trustType(r.text("trusttype", "jointype", "jointypetrusttype")), Ownership: ownership(r.text("deviceownership", "manageddeviceownertype")),
		ProfileType: r.text("profiletype"), MDMAppID: key(r.text("mdmappid")), EnrollmentProfile: r.text("enrollmentprofilename"),
		Compliant: r.truth("iscompliant", "compliant"), Managed: r.truth("ismanaged", "managed"),
		PhysicalIDs: r.texts("physicalids"), SystemLabels: r.texts("systemlabels"),
	}
	if r.has("compliancestate") { // Intune
		v.ObjectID = ""
		v.Managed = signin.True
		switch strings.ToLower(r.text("compliancestate")) {
		case "compliant", "ingraceperiod":
			v.Compliant = signin.True
		case "noncompliant":
			v.Compliant = signin.False
		}
	}
	ext := r.sub("extensionattributes")
	for i := range v.ExtensionAttributes {
		name := fmt.Sprintf("extensionattribute%d", i+1)
		v.ExtensionAttributes[i] = cmp.Or(ext.text(name), r.text(name))
	}
	if v.ID == "" || v.ID == "00000000-0000-0000-0000-000000000000" {
		return errors.New("no deviceId")
	}
	if old := l.dir.Device(v.ID); old != nil {
		v = completeDevice(v, *old)
	}
	l.dir.AddDevice(v)
	return nil
}

// completeDevice fills what v leaves out from another record of the device.
func completeDevice(v, old Device) Device {
	for _, f := range []struct {
		to   *string
		from string
	}{
		{&v.ObjectID, old.ObjectID},
		{&v.DisplayName, old.DisplayName},
		{&v.OperatingSystem, old.OperatingSystem},
		{&v.OSVersion, old.OSVersion},
		{&v.Manufacturer, old.Manufacturer},
		{&v.Model, old.Model},
		{&v.TrustType, old.TrustType},
		{&v.Ownership, old.Ownership},
		{&v.ProfileType, old.ProfileType},
		{&v.MDMAppID, old.MDMAppID},
		{&v.EnrollmentProfile, old.EnrollmentProfile},
	} {
		*f.to = cmp.Or(*f.to, f.from)
	}
	v.Compliant, v.Managed = cmp.Or(v.Compliant, old.Compliant), cmp.Or(v.Managed, old.Managed)
	if v.PhysicalIDs == nil {
		v.PhysicalIDs = old.PhysicalIDs
	}
	if v.SystemLabels == nil {
		v.SystemLabels = old.SystemLabels
	}
	for i, s := range old.ExtensionAttributes {
		v.ExtensionAttributes[i] = cmp.Or(v.ExtensionAttributes[i], s)
	}
	return v
}

// trustType gives the words device filters use for those of Graph (AzureAd),
// of sign-in logs and of the portal (reference 1.8).
func trustType(s string) string {
	switch n := norm(s); {
	case n == "azuread", strings.HasSuffix(n, "adjoined") && !strings.Contains(n, "hybrid"), n == "microsoftentrajoined", n == "entrajoined":
		return "AzureAD"
	case n == "serverad", strings.Contains(n, "hybrid"):
		return "ServerAD"
	case n == "workplace", strings.HasSuffix(n, "registered"):
		return "Workplace"
	}
	return s
}

func ownership(s string) string {
	switch strings.ToLower(s) {
	case "company", "corporate":
		return "Company"
	case "personal":
		return "Personal"
	}
	return s
}
