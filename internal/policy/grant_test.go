package policy

import (
	"testing"

	"frisk/internal/signin"
)

// Every way a grant can stand, as bounds.
func TestGrades(t *testing.T) {
	const T, F, U = signin.True, signin.False, signin.Unknown
	joined := signin.Device{ID: "d", Compliant: signin.True, Trust: signin.AzureAD}
	bare := signin.Device{Trust: signin.TrustNone}
	silent := signin.Device{}
	for _, c := range []struct {
		name        string
		or          bool
		controls    Controls
		mfa         signin.Truth
		device      signin.Device
		best, worst Effect
		unmet, sure Controls
	}{
		{"or, one met", true, ControlMFA | ControlCompliantDevice, F, joined, Allow, Allow, 0, 0},
		{"or, none met", true, ControlMFA | ControlCompliantDevice, F, bare, Prompt, Prompt, ControlMFA, ControlMFA},
		{"or, claim not known", true, ControlMFA | ControlCompliantDevice, U, bare, Allow, Prompt, ControlMFA, 0},
		{"or, device not known", true, ControlMFA | ControlCompliantDevice, F, silent, Allow, Prompt, ControlMFA, 0},
		{"or, only devices", true, ControlCompliantDevice | ControlDomainJoinedDevice, T, bare, Block, Block, ControlCompliantDevice | ControlDomainJoinedDevice, ControlCompliantDevice | ControlDomainJoinedDevice},
		{"or, only a device, not known", true, ControlCompliantDevice, T, silent, Allow, Block, ControlCompliantDevice, 0},
		{"and, all met", false, ControlMFA | ControlCompliantDevice, T, joined, Allow, Allow, 0, 0},
		{"and, mfa unmet", false, ControlMFA | ControlCompliantDevice, F, joined, Prompt, Prompt, ControlMFA, ControlMFA},
		{"and, device unmet", false, ControlMFA | ControlCompliantDevice, F, bare, Block, Block, ControlMFA | ControlCompliantDevice, ControlMFA | ControlCompliantDevice},
		{"and, device not known", false, ControlMFA | ControlCompliantDevice, F, silent, Prompt, Block, ControlMFA | ControlCompliantDevice, ControlMFA},
		{"and, terms of use unseen", false, ControlMFA | ControlTermsOfUse, T, bare, Allow, Prompt, ControlTermsOfUse, 0},
		{"approved app unseen", true, ControlApprovedApplication, T, bare, Allow, Block, ControlApprovedApplication, 0},
		{"block", true, ControlBlock, T, joined, Block, Block, ControlBlock, ControlBlock},
		{"unknown control", true, ControlOther, T, joined, Allow, Block, ControlOther, 0},
	} {
		set := &Set{Policies: []*Policy{{Name: "P", State: Enabled, Grant: &Grant{Or: c.or, Controls: c.controls}}}}
		ev, sym := asked(t, set, nil, Options{})
		r := signin.RowOf(&signin.Event{Client: "Browser", Device: c.device}, sym)
		got := ev.Grade(&r, 0, &State{MFA: c.mfa})
		if want := (Grade{c.best, c.worst, c.unmet, c.sure}); got != want {
			t.Errorf("%s: got %+v, want %+v", c.name, got, want)
		}
	}
}

// A row that carries device state and leaves compliance empty is of a device
// that is not compliant; one that carries none leaves it open.
func TestCompliance(t *testing.T) {
	ev, sym := asked(t, &Set{}, nil, Options{})
	for _, c := range []struct {
		device signin.Device
		want   signin.Truth
	}{
		{signin.Device{}, signin.Unknown},
		{signin.Device{ID: "d"}, signin.Unknown},
		{signin.Device{ID: "d", Trust: signin.Workplace}, signin.False},
		{signin.Device{ID: "d", Managed: signin.False}, signin.False},
		{signin.Device{ID: "d", Compliant: signin.True}, signin.True},
		{signin.Device{OS: "Windows 11"}, signin.Unknown},
		{signin.Device{OS: "Windows 11", Trust: signin.TrustNone}, signin.False},
		{signin.Device{Trust: signin.TrustNone}, signin.False},
	} {
		r := signin.RowOf(&signin.Event{Device: c.device}, sym)
		if got := ev.compliant(&r); got != c.want {
			t.Errorf("%+v: got %s, want %s", c.device, got, c.want)
		}
	}
}

func TestStrength(t *testing.T) {
	mfa := &Strength{ID: strengthMFA, MFA: true}
	for _, text := range builtInStrengths[strengthMFA] {
		c, ok := combination(text)
		if !ok {
			t.Fatalf("combination %q", text)
		}
		mfa.Combinations = append(mfa.Combinations, c)
	}
	fido := &Strength{Combinations: []MethodSet{MethodFIDO2}}
	keys := &Strength{Combinations: []MethodSet{MethodFIDO2}, Restricted: true}
	byID := &Strength{ID: "custom"}
	hello := &Strength{Combinations: []MethodSet{MethodWindowsHello}}
	certificate := &Strength{Combinations: []MethodSet{MethodCertificateMulti}}
	federated := &Strength{Combinations: []MethodSet{MethodFederatedMulti}}
	unread := &Strength{Combinations: []MethodSet{MethodFIDO2}, Incomplete: true}
	claim := func(m MethodSet) *State { return &State{MFA: signin.True, Methods: m, MethodsKnown: true} }
	const T, F, U = signin.True, signin.False, signin.Unknown
	for i, c := range []struct {
		s    *Strength
		st   *State
		want signin.Truth
	}{
		{mfa, claim(MethodPassword | MethodSMS), T},
		{mfa, &State{MFA: F, Methods: MethodPassword, MethodsKnown: true}, F},
		{mfa, &State{MFA: T}, T},
		{mfa, &State{MFA: F}, F},
		{mfa, &State{}, U},
		{mfa, &State{MFA: F, Methods: MethodWindowsHello, MethodsKnown: true}, T},
		{fido, claim(MethodPassword | MethodSMS), F},
		{fido, claim(MethodPassword | MethodOther), U},
		{fido, claim(MethodFIDO2 | MethodPassword), T},
		{fido, &State{MFA: T}, U},
		{keys, claim(MethodFIDO2), U},
		{byID, claim(MethodFIDO2), U},
		// The log's words leave the kind open, unless there is no claim.
		{certificate, claim(MethodOf("X.509 certificate")), U},
		{certificate, &State{MFA: F, Methods: MethodCertificateSingle, MethodsKnown: true}, F},
		{certificate, claim(MethodPassword | MethodSMS), F},
		{federated, claim(MethodPassword | MethodOf("Federated")), U},
		{federated, &State{MFA: F, Methods: MethodFederatedSingle, MethodsKnown: true}, F},
		{hello, claim(MethodsOf(`["Password","Windows Hello for Business"]`)), U},
		{hello, claim(MethodsOf(`["Windows Hello for Business"]`)), T},
		{hello, claim(MethodPassword | MethodWindowsHello), T}, // in two sign-ins
		// A combination nobody here can read may be the one that is met.
		{unread, claim(MethodPassword | MethodSMS), U},
		{unread, claim(MethodFIDO2), T},
		{unread, &State{MFA: F}, U},
	} {
		if got := c.s.metBy(c.st); got != c.want {
			t.Errorf("case %d: got %s, want %s", i, got, c.want)
		}
	}
}

func TestMethods(t *testing.T) {
	for text, want := range map[string]MethodSet{
		"Password": MethodPassword, "Mobile app notification": MethodAuthenticatorPush, "text message": MethodSMS,
		"Previously satisfied": 0, "": 0, "Windows Hello for Business": MethodWindowsHello, "fido2": MethodFIDO2,
		"microsoftAuthenticatorPush": MethodAuthenticatorPush, "carrier pigeon": MethodOther, "OATH verification code": MethodSoftwareOATH,
	} {
		if got := MethodOf(text); got != want {
			t.Errorf("%q: got %v, want %v", text, got.Names(), want.Names())
		}
	}
	if got := MethodsOf(`["Password","SMS"]`); got != MethodPassword|MethodSMS {
		t.Errorf("got %v", got.Names())
	}
}

// What a person can answer a strength with: an unread combination leaves it open.
func TestCanAnswer(t *testing.T) {
	fido := &Strength{Combinations: []MethodSet{MethodFIDO2}}
	unread := &Strength{Combinations: []MethodSet{MethodFIDO2}, Incomplete: true}
	for i, c := range []struct {
		s    *Strength
		pr   proof
		want signin.Truth
	}{
		{fido, proof{}, signin.True},
		{fido, proof{methods: MethodSMS}, signin.False},
		{unread, proof{methods: MethodSMS}, signin.Unknown},
		{fido, proof{here: true}, signin.False},
		{fido, proof{here: true, perhaps: true}, signin.Unknown},
		{unread, proof{here: true}, signin.Unknown},
		{fido, proof{methods: MethodSMS, here: true, perhaps: true}, signin.False},
	} {
		if got := c.pr.canAnswer(c.s); got != c.want {
			t.Errorf("case %d: got %s, want %s", i, got, c.want)
		}
	}
}
