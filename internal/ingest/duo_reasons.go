package ingest

import (
	"strings"

	"frisk/internal/signin"
)

// duoReason says what a reason of Duo's authentication log means. mfa counts for
// a success only: what is granted without a factor is MFANotDone, what rests on
// an earlier proof is MFAByClaim (duo.com/docs/adminapi#authentication-logs).
type duoReason struct {
	mfa    signin.MFAState
	reason signin.Reason // of a refusal
}

var duoReasons = map[string]duoReason{
	"user_approved":             {mfa: signin.MFADone},
	"valid_passcode":            {mfa: signin.MFADone},
	"verification_code_correct": {mfa: signin.MFADone},

	"remembered_device":                               {mfa: signin.MFAByClaim},
	"bypass_user":                                     {mfa: signin.MFANotDone},
	"trusted_network":                                 {mfa: signin.MFANotDone},
	"trusted_location":                                {mfa: signin.MFANotDone},
	"allowed_by_policy":                               {mfa: signin.MFANotDone},
	"allow_unenrolled_user":                           {mfa: signin.MFANotDone},
	"allow_unenrolled_user_on_trusted_network":        {mfa: signin.MFANotDone},
	"user_not_in_permitted_group":                     {reason: signin.AppNotAssigned},
	"user_mistake":                                    {reason: signin.MFADenied},
	"user_disapproved":                                {reason: signin.MFADenied},
	"user_marked_fraud":                               {reason: signin.MFAFraud},
	"no_response":                                     {reason: signin.MFATimeout},
	"call_timed_out":                                  {reason: signin.MFATimeout},
	"no_keys_pressed":                                 {reason: signin.MFATimeout},
	"queued_inflight_push_expired":                    {reason: signin.MFATimeout},
	"user_cancelled":                                  {reason: signin.MFAFailed},
	"invalid_passcode":                                {reason: signin.MFAFailed},
	"invalid_device":                                  {reason: signin.MFAFailed},
	"verification_code_incorrect":                     {reason: signin.MFAFailed},
	"verification_code_missing":                       {reason: signin.MFAFailed},
	"deny_unenrolled_user":                            {reason: signin.MFAEnrol},
	"no_activated_duo_mobile_account":                 {reason: signin.MFAEnrol},
	"locked_out":                                      {reason: signin.Locked},
	"frequent_attempts":                               {reason: signin.Locked},
	"user_disabled":                                   {reason: signin.Disabled},
	"anomalous_push":                                  {reason: signin.RiskBlock},
	"anonymous_ip":                                    {reason: signin.PolicyBlock},
	"denied_by_policy":                                {reason: signin.PolicyBlock},
	"denied_network":                                  {reason: signin.PolicyBlock},
	"factor_restricted":                               {reason: signin.PolicyBlock},
	"location_restricted":                             {reason: signin.PolicyBlock},
	"restricted_location":                             {reason: signin.PolicyBlock},
	"out_of_date":                                     {reason: signin.DeviceNotCompliant},
	"platform_restricted":                             {reason: signin.DeviceNotCompliant},
	"version_restricted":                              {reason: signin.DeviceNotCompliant},
	"software_restricted":                             {reason: signin.DeviceNotCompliant},
	"rooted_device":                                   {reason: signin.DeviceNotCompliant},
	"touch_id_disabled":                               {reason: signin.DeviceNotCompliant},
	"no_screen_lock":                                  {reason: signin.DeviceNotCompliant},
	"no_disk_encryption":                              {reason: signin.DeviceNotCompliant},
	"no_duo_certificate_present":                      {reason: signin.DeviceNotCompliant},
	"certificate_uid_mismatch":                        {reason: signin.DeviceNotCompliant},
	"endpoint_is_not_trusted":                         {reason: signin.DeviceNotCompliant},
	"endpoint_is_not_in_management_system":            {reason: signin.DeviceNotCompliant},
	"endpoint_failed_google_verification":             {reason: signin.DeviceNotCompliant},
	"could_not_determine_if_endpoint_was_trusted":     {reason: signin.DeviceNotCompliant},
	"invalid_management_certificate_collection_state": {reason: signin.DeviceNotCompliant},
	"error": {reason: signin.ServiceError},
}

// duoNoFactor are the words of "factor" for a decision in which the person was
// asked for nothing.
var duoNoFactor = map[string]signin.MFAState{
	"remembered_device": signin.MFAByClaim,
	"trusted_network":   signin.MFANotDone,
	"not_available":     signin.MFAUnknown,
	"sms_refresh":       signin.MFAUnknown, // new codes were sent
	"":                  signin.MFAUnknown,
}

// duoWord is the v2 spelling of a word: the first version of the log wrote
// "Duo Push" and "Valid passcode" for duo_push and valid_passcode.
func duoWord(s string) string {
	return strings.ReplaceAll(strings.ToLower(strings.TrimSpace(s)), " ", "_")
}

// duoResult settles outcome, class and factor. Duo sees the second factor only:
// that a password was wrong is told by the log of the system before it.
func (r *docRow) duoResult(result, reason, factor string, ev *signin.Event) {
	word := duoWord(reason)
	known := duoReasons[word]
	step := signin.Factor{Method: duoWord(factor), Result: word}
	nothing, asked := signin.MFAUnknown, step.Method != ""
	if s, ok := duoNoFactor[step.Method]; ok {
		nothing, asked = s, false
	}
	ev.Code, ev.ReasonText = word, reason
	if word == "" {
		ev.Code = duoWord(result)
	}
	m := &ev.MFA
	switch duoWord(result) {
	case "success":
		ev.Outcome = signin.Success
		step.Succeeded = "true"
		switch {
		case known.mfa != signin.MFAUnknown:
			m.State = known.mfa
		case asked:
			m.State = signin.MFADone
		default:
			m.State = nothing
		}
		asked = asked && m.State == signin.MFADone
	case "denied", "failure":
		ev.Outcome, ev.Reason, m.State = signin.Failure, signin.OtherReason, signin.MFANotDone
		if known.reason != signin.ReasonNone {
			ev.Reason = known.reason
		}
		step.Succeeded = "false"
	case "fraud":
		ev.Outcome, ev.Reason, m.State = signin.Failure, signin.MFAFraud, signin.MFANotDone
		step.Succeeded = "false"
	case "error":
		ev.Outcome, ev.Reason, m.State = signin.Failure, signin.ServiceError, signin.MFANotDone
	}
	if asked {
		m.Methods, m.Factors = r.set(step.Method), r.factors(step)
	}
}
