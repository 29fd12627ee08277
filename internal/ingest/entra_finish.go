package ingest

import (
	"encoding/hex"
	"errors"
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"

	"frisk/internal/signin"
)

// signInLogs are the categories of diagnostic settings and the Log Analytics
// tables that hold sign-ins, in lower case, with the stream they stand for.
var signInLogs = map[string]signin.Stream{
	"signinlogs": signin.Interactive, "noninteractiveusersigninlogs": signin.NonInteractive,
	"serviceprincipalsigninlogs": signin.ServicePrincipal, "managedidentitysigninlogs": signin.ManagedIdentity,
	"adfssigninlogs": signin.StreamUnknown, "aadnoninteractiveusersigninlogs": signin.NonInteractive,
	"aadserviceprincipalsigninlogs": signin.ServicePrincipal, "aadmanagedidentitysigninlogs": signin.ManagedIdentity,
}

func isSignInWord(s string) bool {
	_, ok := signInLogs[strings.ToLower(s)]
	return ok
}

var errNoCreated = errors.New("no creation time: neither createdDateTime nor the time of the record")

// begin makes the row ready for one record.
func (r *entraRow) begin(ev *signin.Event, t *tally) {
	methods, stepMethods := r.methods[:0], r.steps.methods[:0]
	*r = entraRow{ev: ev, t: t, sc: r.sc, f: r.f, utc: r.utc, portal: r.portal, hint: r.hint, log: r.log}
	r.methods, r.steps.methods = methods, stepMethods
}

// finish turns what was collected into the event. other names the log of a
// record that is no sign-in.
func (r *entraRow) finish() (other string, err error) {
	for _, log := range []string{r.category, r.table} {
		if log == "" || log == r.log {
			continue
		}
		if !isSignInWord(log) {
			return log, nil
		}
		r.log = strings.Clone(log)
	}
	if err := r.when(); err != nil {
		return "", err
	}
	r.stream()
	r.who()
	r.tenants()
	r.result()
	r.mfa()
	r.where()
	r.posture()
	r.recorded()
	if r.grouped != "" {
		if n, err := strconv.Atoi(r.grouped); err == nil && n > 1 {
			r.t.note(noteGrouped)
			r.t.notes[noteGroupedTotal] += int64(n)
		}
	}
	if r.ev.ID == "" {
		r.ev.ID = r.derivedID()
		r.t.note(noteDerivedID)
	}
	return "", nil
}

func (r *entraRow) when() error {
	text := r.created
	if text == "" {
		if text = r.generated; text == "" {
			return errNoCreated
		}
		r.t.note(noteEnvelopeTime)
	}
	t, zoned, err := parseTime(text)
	if err != nil {
		return err
	}
	if !zoned && !r.utc {
		r.t.note(noteNoZone)
	}
	r.ev.Time = t
	return nil
}

// result settles outcome, code and reason. status.errorCode comes before the
// envelope's result type, and the table of codes before the portal's word.
func (r *entraRow) result() {
	ev := r.ev
	code := r.errorCode
	if code == "" {
		code = r.resultType
	}
	code = strings.TrimSuffix(strings.TrimSpace(code), ".0") // a number that passed through pandas
	ev.ReasonText = r.failure
	if ev.ReasonText == "" {
		ev.ReasonText = r.resultDescription
	}
	if ev.Detail == "" {
		ev.Detail = r.mfaResult
	}
	word := fold(localStatus(r.portalStatus))
	if code == "" {
		switch word {
		case "success":
			ev.Outcome, ev.Code = signin.Success, "0"
		case "failure":
			ev.Outcome, ev.Reason = signin.Failure, signin.OtherReason
		case "interrupted":
			ev.Outcome, ev.Reason = signin.Challenge, signin.Interrupt
		}
		return
	}
	ev.Code = code
	v, known := entraVerdict(code, ev.Detail)
	if !known {
		r.t.note(noteUnknownCode)
		if word == "interrupted" {
			v = verdict{signin.Challenge, signin.Interrupt}
		}
	}
	ev.Outcome, ev.Reason = v.outcome, v.reason
}

func (r *entraRow) where() {
	ev := r.ev
	text := r.ip
	if text == "" {
		text = r.callerIP
	}
	var ok bool
	if ev.Source.IP, ev.Source.Port, ok = parseAddr(text); !ok {
		r.t.note(noteBadAddress)
	}
	if ev.Source.FromResource, _, ok = parseAddr(r.ipResource); !ok {
		r.t.note(noteBadAddress)
	}
	ev.ASN = parseASN(r.asn)
	g := &ev.Geo
	if g.Country == "" && r.country != "" {
		g.Country = r.country
	}
	if r.place != "" && g.City == "" {
		g.City, g.Region, g.Country = splitPlace(r.place)
	}
	g.Country = countryCode(g.Country)
	if g.Country != "" || g.Region != "" || g.City != "" || g.Located || r.placeSaid {
		g.Source = signin.GeoLog
	}
}

// splitPlace reads "City, State, CC" from the right: a city may hold a comma.
func splitPlace(s string) (city, region, country string) {
	parts := strings.Split(s, ",")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	n := len(parts)
	country = parts[n-1]
	if n > 1 {
		region = parts[n-2]
	}
	if n > 2 {
		city = strings.Join(parts[:n-2], ", ")
	}
	return city, region, country
}

func (r *entraRow) posture() {
	d := &r.ev.Device
	trust, known := trustOf(r.trust)
	if !known {
		r.t.note(noteUnknownTrust)
	}
	d.Trust = trust
	if d.ID == zeroGUID {
		d.ID = ""
	}
	if trust == signin.TrustUnknown && known && r.deviceSaid && d.ID == "" && (d.OS != "" || d.Browser != "") {
		d.Trust = signin.TrustNone // a described device with an empty id is not registered
	}
}

// recorded settles what the log says of policies and risk.
func (r *entraRow) recorded() {
	ev := r.ev
	if ev.Risk.Events == "" {
		ev.Risk.Events = r.riskOld
	}
	if r.portal {
		r.t.note(notePortalPolicies)
		return
	}
	if r.hasPolicy {
		ev.Policies = r.policies.text
		r.t.notes[noteFutureEnum] += r.policies.future
	}
	if ev.Stream == signin.ServicePrincipal || ev.Stream == signin.ManagedIdentity {
		return
	}
	if r.policies.some {
		r.t.note(notePolicyRows)
	} else {
		r.t.note(noteNoPolicies)
	}
	if r.steps.said {
		r.t.note(noteStepRows)
	} else {
		r.t.note(noteNoSteps)
	}
}

// derivedID makes an id for a row that has none, from what tells it apart, so
// that the same row exported again is the same event.
func (r *entraRow) derivedID() string {
	h := fnv.New128a()
	ev := r.ev
	person := ev.Principal.ID
	if person == "" {
		person = ev.Principal.Name
	}
	_, _ = fmt.Fprintf(h, "%d\x1f%s\x1f%s\x1f%s\x1f%s\x1f%s\x1f%s", ev.Time, ev.Correlation, person, ev.App.ID, ev.App.Name, ev.Code, ev.Source.IP)
	return "derived-" + hex.EncodeToString(h.Sum(nil))
}
