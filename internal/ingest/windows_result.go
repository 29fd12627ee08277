package ingest

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"frisk/internal/signin"
)

var netip0 netip.Addr

// number16 reads a number as events write it: decimal or with 0x, either case,
// negative where a signed 32 bit integer was printed. 0 is also what is none.
func number16(s string) uint64 {
	if n, err := strconv.ParseUint(s, 0, 64); err == nil {
		return n
	}
	if n, err := strconv.ParseInt(s, 0, 64); err == nil && n < 0 && n >= -1<<31 {
		return uint64(uint32(n)) //nolint:gosec // the bits of a 32 bit code
	}
	return 0
}

// winCode is a code in the spelling of Microsoft's tables: 0xC000006A, 0x18.
func winCode(n uint64) string {
	if n > 0xffff {
		return fmt.Sprintf("0x%08X", n)
	}
	return fmt.Sprintf("0x%X", n)
}

// winStatus are the NTSTATUS codes of 4625 and 4776 (Microsoft Learn, "4625: An
// account failed to log on" and "NTSTATUS values").
var winStatus = map[uint64]signin.Reason{
	0xC000006A: signin.BadPassword, 0xC000006D: signin.BadPassword, 0xC0000064: signin.NoSuchUser, 0xC0000072: signin.Disabled,
	0xC0000234: signin.Locked, 0xC0000071: signin.ExpiredPassword, 0xC0000224: signin.ExpiredPassword, 0xC0000193: signin.Disabled,
	0xC000006E: signin.PolicyBlock, 0xC000006F: signin.PolicyBlock, 0xC0000070: signin.PolicyBlock, 0xC000015B: signin.PolicyBlock,
	0xC0000413: signin.PolicyBlock, 0xC0000022: signin.PolicyBlock, 0xC0000133: signin.ProtocolError, 0xC000010B: signin.ProtocolError,
	0xC000005E: signin.ServiceError, 0xC00000DC: signin.ServiceError, 0xC0000192: signin.ServiceError, 0xC000018C: signin.ServiceError,
	0xC000018D: signin.ServiceError, 0xC0000225: signin.ServiceError, 0xC00002EE: signin.ServiceError, 0xC0000380: signin.BadPassword,
	0xC0000381: signin.Locked, 0xC0000371: signin.OtherReason,
}

// kerberosCodes are the failure codes of 4768, 4769 and 4771 (RFC 4120, 7.5.9).
var kerberosCodes = map[uint64]signin.Reason{
	0x1: signin.Disabled, 0x6: signin.NoSuchUser, 0x7: signin.OtherReason, 0xC: signin.PolicyBlock, 0xD: signin.ProtocolError,
	0xE: signin.ProtocolError, 0xF: signin.ProtocolError, 0x10: signin.ProtocolError, 0x12: signin.Disabled, 0x17: signin.ExpiredPassword,
	0x18: signin.BadPassword, 0x19: signin.Interrupt, 0x1B: signin.ProtocolError, 0x1D: signin.ServiceError, 0x1F: signin.ProtocolError,
	0x20: signin.SessionExpired, 0x21: signin.ProtocolError, 0x22: signin.ProtocolError, 0x25: signin.ProtocolError, 0x29: signin.ProtocolError,
	0x3C: signin.ServiceError, 0x3E: signin.ClientCredential, 0x40: signin.ClientCredential, 0x44: signin.ProtocolError,
}

// winResult settles stream, client type, outcome, code and reason.
func (k *kit) winResult(w *winEvent, ev *signin.Event) {
	switch w.id {
	case 4624, 4625:
		k.logon(w, ev)
	case 4648: // credentials were given for another computer; whether they were good is in its log
		ev.Client, ev.Code = "ExplicitCredentials", "4648"
		ev.Resource.Name = strings.ToLower(w.v[wTargetServer])
	case 4776:
		k.winOutcome(ev, w.v[wStatus], winStatus)
		ev.Client = "CredentialValidation"
	case 4768, 4771:
		k.winOutcome(ev, w.v[wStatus], kerberosCodes)
		if w.id == 4771 { // also where the code is missing
			if ev.Outcome = signin.Failure; ev.Reason == signin.ReasonNone {
				ev.Reason = signin.OtherReason
			}
		}
		ev.Client, ev.Protocol = "KerberosAuthentication", "Kerberos"
		k.preAuth(w, ev)
	case 4769:
		k.winOutcome(ev, w.v[wStatus], kerberosCodes)
		ev.Stream, ev.Client, ev.Protocol = signin.NonInteractive, "KerberosServiceTicket", "Kerberos"
		ev.Resource.Name = strings.ToLower(w.v[wServiceName])
	}
}

// logon reads 4624 and 4625. A network logon may follow a prompt (remote desktop
// with network level authentication, a share) or not; only a Kerberos ticket,
// which nobody types, says that it did not.
func (k *kit) logon(w *winEvent, ev *signin.Event) {
	typ := w.v[wLogonType]
	switch typ {
	case "2", "7", "10", "11", "12", "13":
		ev.Stream = signin.Interactive
	case "4", "5", "0":
		ev.Stream = signin.NonInteractive
	case "3":
		if strings.EqualFold(w.v[wPackage], "Kerberos") {
			ev.Stream = signin.NonInteractive
		}
	}
	if typ == "5" {
		ev.Principal.Kind = signin.Service
	}
	if ev.Client = logonTypes[typ]; ev.Client == "" && typ != "" {
		ev.Client = "LogonType " + typ
	}
	if w.id == 4624 {
		ev.Outcome, ev.Code = signin.Success, "0x0"
		return
	}
	code := w.v[wSubStatus]
	if number16(code) == 0 {
		code = w.v[wStatus]
	}
	k.winOutcome(ev, code, winStatus)
	ev.Outcome = signin.Failure // also where the code is missing
	if ev.Reason == signin.ReasonNone {
		ev.Reason = signin.OtherReason
	}
}

// winOutcome reads a code: 0 is success, silence says nothing.
func (k *kit) winOutcome(ev *signin.Event, code string, table map[uint64]signin.Reason) {
	if code == "" {
		return
	}
	n := number16(code)
	ev.Code = winCode(n)
	if zero, err := strconv.ParseUint(code, 0, 64); err == nil && zero == 0 {
		ev.Outcome = signin.Success
		return
	}
	ev.Outcome = signin.Failure
	reason, ok := table[n]
	switch {
	case !ok:
		k.t.note(noteUnknownCode)
		ev.Code, ev.Reason = code, signin.OtherReason
		if n != 0 {
			ev.Code = winCode(n)
		}
	case reason == signin.Interrupt: // the server asks for pre-authentication, as it does with every client
		ev.Outcome, ev.Reason = signin.Challenge, reason
	default:
		ev.Reason = reason
	}
}

// preAuth reads how the person proved who they are to Kerberos (RFC 4120, 7.5.2).
func (k *kit) preAuth(w *winEvent, ev *signin.Event) {
	method := ""
	switch w.v[wPreAuthType] {
	case "2", "138":
		method = "password"
	case "14", "15", "16", "17":
		method = "certificate"
	}
	if method == "" || ev.Outcome != signin.Success && ev.Outcome != signin.Failure {
		return
	}
	ev.MFA.Methods = k.set(method)
	ev.MFA.Factors = k.factors(signin.Factor{Method: method, Succeeded: strconv.FormatBool(ev.Outcome == signin.Success), Requirement: firstFactor})
}
