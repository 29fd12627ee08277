package ingest

import (
	"strings"

	"frisk/internal/ingest/jsonscan"
	"frisk/internal/signin"
)

// entraRow collects the facts of one Entra sign-in from any export; finish
// turns them into the Event. Facts with one reading go straight to the event.
type entraRow struct {
	ev *signin.Event
	t  *tally
	sc *scratch
	f  *file

	created, generated          string
	ip, callerIP, ipResource    string
	asn                         string
	errorCode, resultType       string
	resultDescription, failure  string
	portalStatus                string
	requirement, mfaResult      string
	userID, upn, display        string
	spID, spName, userType      string
	identity                    string
	category, table, eventType  string
	ownerTenant, envelopeTenant string
	tenantPath                  string
	interactive                 signin.Truth
	country, place              string
	trust                       string
	grouped                     string
	riskOld                     signin.List

	deviceSaid bool // the log names a device id, perhaps an empty one
	placeSaid  bool // the log names a country, perhaps an empty one: it knows none
	steps      steps
	methods    []string // of the second factor, outside the steps
	policies   policyList
	hasPolicy  bool
	portal     bool          // from a portal CSV
	utc        bool          // the file says that its times are UTC
	hint       signin.Stream // by the file's name
	log        string        // the last category or table that was one of sign-ins
}

// text takes an unstructured fact. Later values win, as in a JSON object with
// duplicate keys.
func (r *entraRow) text(f field, v string) {
	ev := r.ev
	switch f {
	case fID:
		ev.ID = lowerGUID(v)
	case fCreated:
		r.created = v
	case fGenerated:
		r.generated = v
	case fCorrelation:
		ev.Correlation = lowerGUID(v)
	case fOriginal:
		ev.OriginalRequest = lowerGUID(v)
	case fSession:
		ev.Session = lowerGUID(v)
	case fToken:
		ev.Token = signin.NormalizeToken(v)
	case fUserID:
		r.userID = v
	case fUserName:
		r.upn = v
	case fUserDisplay:
		r.display = v
	case fIdentity:
		r.identity = v
	case fUserType:
		r.userType = v
	case fSPID:
		r.spID = v
	case fSPName:
		r.spName = v
	case fAppID:
		ev.App.ID = lowerGUID(v)
	case fAppName:
		ev.App.Name = v
	case fResourceID:
		ev.Resource.ID = lowerGUID(v)
	case fResourceName:
		ev.Resource.Name = v
	case fIP:
		r.ip = v
	case fCallerIP:
		r.callerIP = v
	case fIPResource:
		r.ipResource = v
	case fASN:
		r.asn = v
	case fClient:
		ev.Client = v
	case fUserAgent:
		ev.UserAgent = v
	case fProtocol:
		ev.Protocol = canonical(v)
	case fTransfer:
		ev.Transfer = canonical(v)
	case fIncomingToken:
		if v != "" || ev.IncomingToken == "" { // the portal CSV has the column twice
			ev.IncomingToken = canonical(v)
		}
	case fCredential:
		ev.ClientCredential = v
	case fErrorCode:
		r.errorCode = v
	case fResultType:
		r.resultType = v
	case fResultDescription:
		r.resultDescription = v
	case fFailureReason:
		r.failure = v
	case fAdditionalDetails:
		ev.Detail = v
	case fPortalStatus:
		r.portalStatus = v
	case fRequirement:
		r.requirement = v
	case fMFAResult:
		r.mfaResult = v
	case fMFAMethod:
		if v != "" {
			r.methods = append(r.methods, v)
		}
	case fCAStatus:
		ev.PolicyStatus = canonical(v)
	case fHomeTenant:
		ev.HomeTenant = lowerGUID(v)
	case fResourceTenant:
		ev.ResourceTenant = lowerGUID(v)
	case fOwnerTenant:
		r.ownerTenant = v
	case fEnvelopeTenant:
		r.envelopeTenant = v
	case fTenantPath:
		r.tenantPath = v
	case fCrossTenant:
		ev.CrossTenantAccess = canonical(v)
	case fRiskLevel:
		ev.Risk.Level = canonical(v)
	case fRiskAggregate:
		ev.Risk.Aggregate = canonical(v)
	case fRiskState:
		ev.Risk.State = canonical(v)
	case fRiskDetail:
		ev.Risk.Detail = v
	case fCategory:
		r.category = v
	case fTable:
		r.table = v
	case fInteractive:
		r.interactive = signin.ParseTruth(v)
	case fCountry:
		r.country, r.placeSaid = v, true
	case fPlace:
		r.place, r.placeSaid = v, true
	case fDeviceID:
		ev.Device.ID, r.deviceSaid = lowerGUID(v), true
	case fDeviceOS:
		ev.Device.OS = v
	case fDeviceBrowser:
		ev.Device.Browser = v
	case fDeviceCompliant:
		ev.Device.Compliant = signin.ParseTruth(v)
	case fDeviceManaged:
		ev.Device.Managed = signin.ParseTruth(v)
	case fDeviceTrust:
		r.trust = v
	case fAzureResource:
		if v != "" {
			ev.AzureResource = v
		}
	case fBinding:
		ev.TokenBinding = canonical(v)
	case fGrouped:
		r.grouped = v
	}
}

// value takes the fact at the scanner's position. A structured one may be an
// object or array, JSON text inside a string, or Python's text of such a value
// inside a string: exports differ by column, by table and by row.
func (r *entraRow) value(f field, s *jsonscan.Scanner) {
	if f == fNone {
		s.Skip()
		return
	}
	if !f.structured() {
		switch s.Kind() {
		case '{', '[':
			r.odd(f, s)
		default:
			r.text(f, s.Text())
		}
		return
	}
	if s.Kind() != '"' {
		r.structure(f, s)
		return
	}
	text := s.Text()
	if s.Err() != nil {
		return
	}
	if err := r.cell(f, text); err != nil {
		s.Fail(err.Error())
	}
}

// odd reads an object or array where others write plain text. Lists of texts
// are joined; anything else is passed over, because a new shape of one field is
// no reason to lose the row.
func (r *entraRow) odd(f field, s *jsonscan.Scanner) {
	if s.Kind() == '{' {
		s.Skip()
		return
	}
	var parts []string
	for s.Array(); s.Elem(); {
		if k := s.Kind(); k == '{' || k == '[' {
			s.Skip()
			continue
		}
		parts = append(parts, s.Text())
	}
	r.text(f, strings.Join(parts, ","))
}

// cell reads a structured fact from its text.
func (r *entraRow) cell(f field, text string) error {
	text = strings.TrimSpace(text)
	switch text {
	case "", "null", "NaN", "nan", "None":
		return nil
	}
	switch text[0] {
	case '{', '[':
	default:
		return r.plain(f, text)
	}
	c := &r.sc.cell
	if f == fProperties {
		c = &r.sc.whole // its members may be texts that hold JSON themselves
	}
	c.AllowNaN = true
	c.Reset(bytesOf(text))
	saved := *r.ev
	r.structure(f, c)
	err := c.End()
	if err == nil {
		return nil
	}
	converted, ok := pythonToJSON(text)
	if !ok {
		return &cellError{text, err}
	}
	*r.ev = saved
	c.Reset(converted)
	r.structure(f, c)
	if c.End() != nil {
		return &cellError{text, err}
	}
	return nil
}

// plain reads a structured fact that some exports write as bare text.
func (r *entraRow) plain(f field, text string) error {
	switch f {
	case fRiskEvents:
		r.ev.Risk.Events = r.sc.memo.set(strings.Split(text, ","))
	case fRiskEventsOld:
		r.riskOld = r.sc.memo.set(strings.Split(text, ","))
	case fEventTypes:
		r.eventType = text
	case fAudiences:
		r.ev.Audiences = r.sc.memo.set(strings.Split(text, ","))
	case fMethodsUsed:
		r.methods = append(r.methods, strings.Split(text, ",")...)
	case fLocation:
		r.place, r.placeSaid = text, true
	case fStatus:
		r.portalStatus = text
	case fProperties:
		return &cellError{text, errNotObject}
	}
	return nil // a word where a structure is expected says nothing we can read
}
