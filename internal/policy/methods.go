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
	return out
}

// methodTexts maps what sign-in logs write (authenticationMethod of a step,
// authenticationMethodsUsed, mfaDetail.authMethod), lower case, to the Graph
// methods. Log words: reference 2.1 and Microsoft's "authentication methods"
// sign-in documentation; a certificate's strength and the kind of a one-time
// pass are not in the log text, so those take the weaker reading.
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

// MethodsOf reads a list of methods (Event.MFA.Methods). An empty list gives 0:
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
	return m
}
