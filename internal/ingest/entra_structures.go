package ingest

import (
	"errors"
	"fmt"
	"strconv"
	"unsafe"

	"frisk/internal/ingest/jsonscan"
	"frisk/internal/signin"
)

var errNotObject = errors.New("not an object")

// cellError is a text that should hold JSON and does not.
type cellError struct {
	text string
	err  error
}

func (e *cellError) Error() string {
	return fmt.Sprintf("text %q is not JSON (%v)", clip([]byte(e.text), 60), e.err)
}

func (e *cellError) Unwrap() error { return e.err }

// structure reads a structured fact. null is silence and leaves what the zero
// row says, also after a duplicate key.
func (r *entraRow) structure(f field, s *jsonscan.Scanner) {
	ev := r.ev
	switch f {
	case fStatus:
		r.status(s)
	case fDevice:
		r.device(s)
	case fLocation:
		r.location(s)
	case fMFADetail:
		r.mfaDetail(s)
	case fSteps:
		r.readSteps(s)
	case fRequirementPolicies, fRiskEvents, fRiskEventsOld, fLifetimes, fNetworks, fAuthContexts, fAudiences:
		r.list(f, r.sc.memo.raw[f-fStatus].read(s, func() signin.List { return r.readList(f, s) }))
	case fMethodsUsed:
		r.methods = append(r.methods, r.members(s, "")...)
	case fPolicies:
		r.policies, r.hasPolicy = r.sc.memo.policies.read(s, &r.sc.inner)
	case fEventTypes:
		if types := r.members(s, ""); len(types) > 0 {
			r.eventType = types[0]
		}
	case fManagedIdentity:
		for s.Object(); s.Next(); {
			if string(s.Key) == "associatedResourceId" {
				r.text(fAzureResource, s.Text())
				continue
			}
			s.Skip()
		}
	case fTokenProtection:
		for s.Object(); s.Next(); {
			if string(s.Key) == "signInSessionStatus" {
				ev.TokenBinding = canonical(s.Text())
				continue
			}
			s.Skip()
		}
	case fProperties:
		r.object(graphFields, s)
	}
}

// list takes a fact that is one list.
func (r *entraRow) list(f field, l signin.List) {
	ev := r.ev
	switch f {
	case fRequirementPolicies:
		ev.MFA.Demanded = l
	case fRiskEvents:
		ev.Risk.Events = l
	case fRiskEventsOld:
		r.riskOld = l
	case fLifetimes:
		ev.Lifetimes = l
	case fNetworks:
		ev.NamedLocations = l
	case fAuthContexts:
		ev.AuthContexts = l
	case fAudiences:
		ev.Audiences = l
	}
}

func (r *entraRow) readList(f field, s *jsonscan.Scanner) signin.List {
	switch f {
	case fNetworks:
		return r.networks(s)
	case fRequirementPolicies:
		return r.sc.memo.set(r.members(s, "requirementProvider"))
	case fLifetimes:
		return r.sc.memo.set(r.members(s, "expirationRequirement"))
	case fAuthContexts:
		return r.sc.memo.set(r.members(s, "id"))
	case fAudiences:
		return r.sc.memo.set(r.members(s, "applicationId"))
	}
	return r.sc.memo.set(r.members(s, ""))
}

// object reads an object whose members are facts named by t.
func (r *entraRow) object(t *keyTable, s *jsonscan.Scanner) {
	w := r.sc.memo.walk(t)
	for m := w.First(s); m != nil; m = w.Next(s, m) {
		if m.Tag == uint8(fNone) {
			m.Skip(s)
			continue
		}
		r.value(field(m.Tag), s)
	}
}

// members reads a list of texts, or of objects of which one member is wanted.
// nil means that the log gave no list. The result is reused by the next call.
func (r *entraRow) members(s *jsonscan.Scanner, key string) []string {
	if !s.List() {
		return nil
	}
	m := r.sc.memo
	if m.texts == nil {
		m.texts = make([]string, 0, 16)
	}
	m.texts = m.texts[:0]
	for s.Elem() {
		if s.Kind() != '{' {
			m.texts = append(m.texts, s.Text())
			continue
		}
		for s.Object(); s.Next(); {
			if string(s.Key) == key {
				m.texts = append(m.texts, s.Text())
				continue
			}
			s.Skip()
		}
	}
	return m.texts
}

// Members of the objects below.
const (
	pNone field = iota
	pErrorCode
	pFailure
	pDetails

	pDeviceID
	pName
	pOS
	pBrowser
	pCompliant
	pManaged
	pTrust

	pCity
	pState
	pCountry
	pCoordinates
	pLat
	pLon

	pMethod
	pMethodDetail
	pSucceeded
	pStepResult
	pStepRequirement
)

var statusFields = newKeyTable([]fieldName{
	{"errorCode", pErrorCode}, {"failureReason", pFailure}, {"additionalDetails", pDetails},
})

func (r *entraRow) status(s *jsonscan.Scanner) {
	r.errorCode, r.failure, r.ev.Detail = "", "", ""
	w := r.sc.memo.walk(statusFields)
	for m := w.First(s); m != nil; m = w.Next(s, m) {
		switch field(m.Tag) {
		case pErrorCode:
			r.errorCode = s.Text()
		case pFailure:
			r.failure = s.Text()
		case pDetails:
			r.ev.Detail = s.Text()
		default:
			m.Skip(s)
		}
	}
}

var deviceFields = newKeyTable([]fieldName{
	{"deviceId", pDeviceID},
	{"displayName", pName},
	{"operatingSystem", pOS},
	{"browser", pBrowser},
	{"isCompliant", pCompliant},
	{"isManaged", pManaged},
	{"trustType", pTrust},
})

func (r *entraRow) device(s *jsonscan.Scanner) {
	d := &r.ev.Device
	*d, r.deviceSaid, r.trust = signin.Device{}, false, ""
	w := r.sc.memo.walk(deviceFields)
	for m := w.First(s); m != nil; m = w.Next(s, m) {
		switch field(m.Tag) {
		case pDeviceID:
			// null is silence; an empty text says that there is no device id.
			r.deviceSaid = s.Kind() == '"'
			d.ID = lowerGUID(s.Text())
		case pName:
			d.Name = s.Text()
		case pOS:
			d.OS = s.Text()
		case pBrowser:
			d.Browser = s.Text()
		case pCompliant:
			d.Compliant = signin.ParseTruth(s.Text())
		case pManaged:
			d.Managed = signin.ParseTruth(s.Text())
		case pTrust:
			r.trust = s.Text()
		default:
			m.Skip(s)
		}
	}
}

var locationFields = newKeyTable([]fieldName{
	{"city", pCity}, {"state", pState}, {"countryOrRegion", pCountry}, {"geoCoordinates", pCoordinates},
})

var coordinateFields = newKeyTable([]fieldName{{"latitude", pLat}, {"longitude", pLon}})

func (r *entraRow) location(s *jsonscan.Scanner) {
	g := &r.ev.Geo
	*g = signin.Geo{}
	w, inner := r.sc.memo.walk(locationFields), r.sc.memo.walk(coordinateFields)
	for m := w.First(s); m != nil; m = w.Next(s, m) {
		switch field(m.Tag) {
		case pCity:
			g.City = s.Text()
		case pState:
			g.Region = s.Text()
		case pCountry:
			r.placeSaid = r.placeSaid || s.Kind() == '"' // null is silence, as of a device
			g.Country = s.Text()
		case pCoordinates:
			var lat, lon string
			for m := inner.First(s); m != nil; m = inner.Next(s, m) {
				switch field(m.Tag) {
				case pLat:
					lat = s.Text()
				case pLon:
					lon = s.Text()
				default:
					m.Skip(s)
				}
			}
			coordinates(g, lat, lon, r.t)
		default:
			m.Skip(s)
		}
	}
}

// coordinates sets the position when both texts are numbers that can be a
// place. 0,0 is how logs write that they know none.
func coordinates(g *signin.Geo, lat, lon string, t *tally) {
	if lat == "" && lon == "" {
		return
	}
	la, err1 := strconv.ParseFloat(lat, 64)
	lo, err2 := strconv.ParseFloat(lon, 64)
	switch {
	case err1 == nil && err2 == nil && signin.ValidCoordinates(la, lo):
		g.Lat, g.Lon, g.Located = la, lo, true
	case err1 == nil && err2 == nil && la == 0 && lo == 0:
	default:
		t.note(noteBadPlace)
	}
}

func (r *entraRow) mfaDetail(s *jsonscan.Scanner) {
	for s.Object(); s.Next(); {
		if string(s.Key) == "authMethod" {
			if m := s.Text(); m != "" {
				r.methods = append(r.methods, m)
			}
			continue
		}
		s.Skip()
	}
}

// networks reads networkLocationDetails.
func (r *entraRow) networks(s *jsonscan.Scanner) signin.List {
	if !s.List() {
		return ""
	}
	m := r.sc.memo
	m.key = append(m.key[:0], 'n')
	var found []signin.NamedLocation
	for s.Elem() {
		var n signin.NamedLocation
		for s.Object(); s.Next(); {
			switch string(s.Key) {
			case "networkType":
				n.Type = s.Text()
			case "networkNames":
				if s.Kind() == '"' {
					n.Names = append(n.Names, s.Text())
					continue
				}
				for s.Array(); s.Elem(); {
					n.Names = append(n.Names, s.Text())
				}
			default:
				s.Skip()
			}
		}
		m.key = keyPart(append(m.key, 1), n.Type)
		for _, name := range n.Names {
			m.key = keyPart(append(m.key, 0), name)
		}
		found = append(found, n)
	}
	if s.Err() != nil {
		return ""
	}
	if l, ok := m.get(m.key); ok {
		return l
	}
	if found == nil {
		found = []signin.NamedLocation{}
	}
	return m.put(m.key, signin.EncodeList(found))
}

func bytesOf(s string) []byte {
	return unsafe.Slice(unsafe.StringData(s), len(s)) //nolint:gosec // the scanner only reads
}
