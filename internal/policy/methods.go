package policy

import (
	"strings"

	"frisk/internal/signin"
)

// The authentication methods, in the Graph authenticationMethodModes
// vocabulary (reference 1.9 and 2.1). One MethodSet is what one session has
// proved with; a combination of a strength is a MethodSet that must be in it.
const (
	MethodPassword MethodSet = 1 << iota
	MethodWindowsHello
	MethodFIDO2
	MethodCertificateMulti
	MethodCertificateSingle
	MethodDeviceBasedPush
	MethodPassOneTime
	MethodPassMultiUse
	MethodAuthenticatorPush
	MethodSoftwareOATH
	MethodHardwareOATH
	MethodSMS
	MethodVoice
	MethodEmail
	MethodFederatedSingle
	MethodFederatedMulti
	MethodQRCode
	// MethodOther is a real factor whose kind the log does not tell.
	MethodOther
	// MethodHelloOpen is Windows Hello in a sign-in whose first method may have been
	// another: only as the first does it satisfy a strength (reference 1.9).
	MethodHelloOpen
)

var methodNames = []string{
	"password", "windowsHelloForBusiness", "fido2", "x509CertificateMultiFactor",
	"x509CertificateSingleFactor", "deviceBasedPush", "temporaryAccessPassOneTime",
	"temporaryAccessPassMultiUse", "microsoftAuthenticatorPush", "softwareOath", "hardwareOath",
	"sms", "voice", "email", "federatedSingleFactor", "federatedMultiFactor", "qrCodePin", "other",
}

// Names lists the methods in m in Graph spelling, in a fixed order.
func (m MethodSet) Names() []string {
	var out []string
	for i, n := range methodNames {
		if m&(1<<i) != 0 {
			out = append(out, n)
		}
	}
	if m&(MethodHelloOpen|MethodWindowsHello) == MethodHelloOpen {
		out = append(out, "windowsHelloForBusiness")
	}
	return out
}

// firstMethods are those a sign-in begins with, beside Windows Hello.
const firstMethods = MethodPassword | MethodFederatedSingle | MethodFederatedMulti | MethodQRCode |
	MethodCertificateSingle | MethodCertificateMulti

// OneSignIn reads m as the methods of one sign-in, whose order is not told: beside
// another first method, Windows Hello may have been the second.
func (m MethodSet) OneSignIn() MethodSet {
	if m&MethodWindowsHello != 0 && m&firstMethods != 0 {
		return m&^MethodWindowsHello | MethodHelloOpen
	}
	return m
}

// Kinder adds to m the methods that the log's words for it may stand for as well:
// they do not tell a certificate of one factor from one of two, the kinds of
// temporary pass, a federated second factor, or which method came first.
func (m MethodSet) Kinder() MethodSet {
	for _, pair := range kindPairs {
		if m&pair[0] != 0 {
			m |= pair[1]
		}
	}
	return m
}

var kindPairs = [...][2]MethodSet{
	{MethodCertificateSingle, MethodCertificateMulti},
	{MethodPassOneTime, MethodPassMultiUse},
	{MethodFederatedSingle, MethodFederatedMulti},
	{MethodHelloOpen, MethodWindowsHello},
}

// methodTexts maps what sign-in logs write (authenticationMethod of a step,
// authenticationMethodsUsed, mfaDetail.authMethod), lower case, to the Graph
// methods. Log words: reference 2.1 and Microsoft's "authentication methods"
// sign-in documentation; a certificate's strength and the kind of a one-time
// pass are not in the log text, so those take the weaker reading; Kinder adds the
// other.
var methodTexts = map[string]MethodSet{
	"password":                               MethodPassword,
	"phs":                                    MethodPassword,
	"pta":                                    MethodPassword,
	"password hash sync":                     MethodPassword,
	"pass-through authentication":            MethodPassword,
	"password in the cloud":                  MethodPassword,
	"windows hello for business":             MethodWindowsHello,
	"fido":                                   MethodFIDO2,
	"fido2":                                  MethodFIDO2,
	"fido2 security key":                     MethodFIDO2,
	"passkey":                                MethodFIDO2,
	"passkey (fido2)":                        MethodFIDO2,
	"passkey (microsoft authenticator)":      MethodFIDO2,
	"platform credential":                    MethodWindowsHello,
	"x.509 certificate":                      MethodCertificateSingle,
	"x509certificate":                        MethodCertificateSingle,
	"certificate":                            MethodCertificateSingle,
	"passwordless microsoft authenticator":   MethodDeviceBasedPush,
	"microsoft authenticator (passwordless)": MethodDeviceBasedPush,
	"passwordless phone sign-in":             MethodDeviceBasedPush,
	"temporary access pass":                  MethodPassOneTime,
	"authenticator app":                      MethodAuthenticatorPush,
	"microsoft authenticator":                MethodAuthenticatorPush,
	"mobile app notification":                MethodAuthenticatorPush,
	"phoneappnotification":                   MethodAuthenticatorPush,
	"phone app notification":                 MethodAuthenticatorPush,
	"app verification code":                  MethodSoftwareOATH,
	"mobile app verification code":           MethodSoftwareOATH,
	"oath verification code":                 MethodSoftwareOATH,
	"phoneappotp":                            MethodSoftwareOATH,
	"software oath token":                    MethodSoftwareOATH,
	"hardware oath token":                    MethodHardwareOATH,
	"text message":                           MethodSMS,
	"sms":                                    MethodSMS,
	"onewaysms":                              MethodSMS,
	"phone call approval":                    MethodVoice,
	"phone call approval (authentication phone)":   MethodVoice,
	"phone call approval (alternate mobile phone)": MethodVoice,
	"phone call approval (office phone)":           MethodVoice,
	"phone call":                                   MethodVoice,
	"voice":                                        MethodVoice,
	"twowayvoicemobile":                            MethodVoice,
	"email otp":                                    MethodEmail,
	"email one-time passcode":                      MethodEmail,
	"federated":                                    MethodFederatedSingle,
	"federation":                                   MethodFederatedSingle,
	"qr code":                                      MethodQRCode,
	"qr code pin":                                  MethodQRCode,
}

// MethodOf reads one method as a log or Graph spells it, any case. "" and
// "Previously satisfied" are no method (0); a text nobody knows is MethodOther.
func MethodOf(text string) MethodSet {
	t := strings.ToLower(strings.TrimSpace(text))
	if t == "" || t == "previously satisfied" || t == "none" {
		return 0
	}
	if m, ok := methodTexts[t]; ok {
		return m
	}
	for i, n := range methodNames {
		if strings.EqualFold(n, t) {
			return 1 << i
		}
	}
	return MethodOther
}

// MethodsOf reads the list of methods of one sign-in (Event.MFA.Methods), in no
// order; see OneSignIn. An empty list gives 0:
// the caller decides whether that means none or not known.
func MethodsOf(list signin.List) MethodSet {
	texts, err := signin.DecodeList[string](list)
	if err != nil {
		return MethodOther
	}
	var m MethodSet
	for _, t := range texts {
		m |= MethodOf(t)
	}
	return m.OneSignIn()
}

// registeredTexts are the words of Graph userRegistrationDetails.methodsRegistered
// that are not those of the sign-in log, lower case.
var registeredTexts = map[string]MethodSet{
	"mobilephone":                        MethodSMS | MethodVoice,
	"alternatemobilephone":               MethodVoice,
	"officephone":                        MethodVoice,
	"softwareonetimepasscode":            MethodSoftwareOATH,
	"hardwareonetimepasscode":            MethodHardwareOATH,
	"microsoftauthenticatorpasswordless": MethodDeviceBasedPush,
	"fido2securitykey":                   MethodFIDO2,
	"passkeydevicebound":                 MethodFIDO2,
	"passkeydeviceboundauthenticator":    MethodFIDO2,
	"passkeydeviceboundwindowshello":     MethodFIDO2,
	"passkeysynced":                      MethodFIDO2,
	"macossecureenclavekey":              MethodWindowsHello,
	"temporaryaccesspass":                MethodPassOneTime | MethodPassMultiUse,
}

// registrable are the methods a person who lacks them can set up when asked
// (Entra "how authentication strength works": Windows Hello and phone sign-in
// cannot), and those no registration report shows.
const registrable = MethodPassword | MethodFIDO2 | MethodAuthenticatorPush | MethodSoftwareOATH |
	MethodSMS | MethodVoice | MethodEmail | MethodCertificateMulti | MethodCertificateSingle |
	MethodFederatedSingle | MethodFederatedMulti | MethodQRCode | MethodOther

// answersOf is what the row's person can answer a strength with, 0 = not known.
func (ev *Evaluator) answersOf(r *signin.Row) MethodSet {
	if ev.ctx.Methods != 0 {
		return ev.ctx.Methods
	}
	const known = 1 << 31
	c := r.C[signin.DimPrincipal]
	for int(c) >= len(ev.answers) {
		ev.answers = append(ev.answers, 0)
	}
	m := &ev.answers[c]
	if *m == 0 {
		*m = known
		if list, ok := ev.e.dir.Registered(ev.userID(r)); ok {
			*m |= registrable
			for _, text := range list {
				if got, ok := registeredTexts[strings.ToLower(text)]; ok {
					*m |= got
				} else {
					*m |= MethodOf(text)
				}
			}
		}
	}
	return *m &^ known
}
