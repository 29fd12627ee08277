package synth

import "strconv"

func (e *encoder) status(b []byte, r *Record) []byte {
	c := textOf(r.code)
	detail := c.detail
	switch {
	case r.code == 0 && r.mfa && r.Entries() == 0:
		detail = "MFA requirement satisfied by claim in the token"
	case r.code == 0 && r.mfa:
		detail = "MFA completed in Azure AD"
	case r.code == 500121:
		for _, s := range r.steps {
			if s == stepPushDenied {
				detail = stepTexts[s].result
			}
		}
	}
	b = append(b, `{"errorCode":`...)
	b = strconv.AppendInt(b, int64(r.code), 10)
	b = field(b, "failureReason", c.reason)
	b = field(b, "additionalDetails", detail)
	return append(b, '}')
}

func (e *encoder) device(b []byte, r *Record) []byte {
	v := deviceOf(e.t, r)
	b = append(b, `{"deviceId":`...)
	b = str(b, v.id)
	b = field(b, "displayName", v.name)
	b = field(b, "operatingSystem", v.os)
	b = field(b, "browser", v.browser)
	b = append(b, `,"isCompliant":`...)
	b = strconv.AppendBool(b, v.compliant)
	b = append(b, `,"isManaged":`...)
	b = strconv.AppendBool(b, v.managed)
	b = field(b, "trustType", v.trust)
	return append(b, '}')
}

// shownDevice is what a row says about the device.
type shownDevice struct {
	id, name, os, browser, trust string
	compliant, managed           bool
}

func deviceOf(t *Tenant, r *Record) shownDevice {
	v := shownDevice{browser: userAgents[r.ua].browser}
	if r.device < 0 || r.person < 0 {
		if r.ua != uaNone && r.ua != uaIMAP && r.person >= 0 {
			v.os = "Windows10"
		}
		return v
	}
	d := &t.people[r.person].devices[r.device]
	v.os = d.os
	if !d.registered() {
		return v
	}
	v.id, v.name = d.id.String(), d.name
	v.trust, _ = d.trust()
	v.managed = !d.phone() || d.compliant
	v.compliant = !r.blemish
	return v
}

func location(b []byte, p *place) []byte {
	b = append(b, `{"city":`...)
	b = str(b, p.city)
	b = field(b, "state", p.state)
	b = field(b, "countryOrRegion", p.country)
	b = append(b, `,"geoCoordinates":{"altitude":null,"latitude":`...)
	b = strconv.AppendFloat(b, p.lat, 'f', -1, 64)
	b = append(b, `,"longitude":`...)
	b = strconv.AppendFloat(b, p.lon, 'f', -1, 64)
	return append(b, `}}`...)
}

// networkLocations are the named locations the address is in, by name: trusted
// ones and others apart (reference 1.7).
func (e *encoder) networkLocations(b []byte, r *Record) []byte {
	b = append(b, '[')
	trusted := e.t.world.trusted(r.where)
	if trusted != "" {
		b = append(b, `{"networkType":"trustedNamedLocation","networkNames":[`...)
		b = str(b, trusted)
		b = append(b, `]}`...)
	}
	if e.t.world.business(r.where) {
		if trusted != "" {
			b = append(b, ',')
		}
		b = append(b, `{"networkType":"namedNetwork","networkNames":["`+countryLocationName+`"]}`...)
	}
	return append(b, ']')
}

func protection(b []byte, r *Record) []byte {
	code := 0
	if r.binding > tokenBound {
		code = int(r.binding)
	}
	b = append(b, `{"signInSessionStatus":"`...)
	b = append(b, r.binding.word()...)
	b = append(b, `","signInSessionStatusCode":`...)
	b = strconv.AppendInt(b, int64(code), 10)
	return append(b, '}')
}

func (e *encoder) details(b []byte, r *Record) []byte {
	b = append(b, '[')
	first := true
	for _, s := range r.steps {
		if s == stepNone {
			continue
		}
		if !first {
			b = append(b, ',')
		}
		first = false
		t := &stepTexts[s]
		b = append(b, `{"authenticationStepDateTime":"`...)
		b = stamp(b, r.Time)
		b = append(b, `","authenticationMethod":`...)
		b = str(b, t.method)
		b = field(b, "authenticationMethodDetail", t.detail)
		b = append(b, `,"succeeded":`...)
		b = append(b, t.ok...)
		b = field(b, "authenticationStepResultDetail", t.result)
		b = field(b, "authenticationStepRequirement", t.requirement)
		if !e.graph {
			b = append(b, `,"StatusSequence":0,"RequestSequence":1`...)
		}
		b = append(b, '}')
	}
	return append(b, ']')
}

func requirements(b []byte, r *Record) []byte {
	if !r.mfa {
		return append(b, "[]"...)
	}
	return append(b, `[{"requirementProvider":"multiConditionalAccess","detail":"Conditional Access"}]`...)
}

func lifetimes(b []byte, r *Record) []byte {
	if !r.sifLabel {
		return append(b, "[]"...)
	}
	return append(b, `[{"expirationRequirement":"signInFrequencyPeriodicReauthentication","detail":"The user was required to sign in again according to the sign-in frequency policy."}]`...)
}

// policies appends appliedConditionalAccessPolicies: empty where Conditional
// Access was not reached.
func (e *encoder) policies(b []byte, r *Record) []byte {
	if !r.policies || e.t.cfg.Perturb.has(PerturbPermission) {
		return append(b, "[]"...)
	}
	b = append(b, '[')
	for i := range e.t.numPolicies() {
		if i > 0 {
			b = append(b, ',')
		}
		k := evalKey{i, e.t.world.edits.before(i, r.Time), r.evals[i]}
		text, ok := e.cache[k]
		if !ok {
			text = e.policy(nil, k)
			e.cache[k] = text
		}
		b = append(b, text...)
	}
	return append(b, ']')
}

func (e *encoder) policy(b []byte, k evalKey) []byte {
	p, v, name := &currentPolicies[k.policy], &k.eval, currentPolicies[k.policy].name
	if k.before && k.policy == polML {
		name = oldMLName
	}
	b = append(b, `{"id":`...)
	b = str(b, p.ID)
	b = field(b, "displayName", name)
	g, s := p.grant, p.session
	if v.result == notEnabled {
		g, s = nil, nil
	}
	b = list(append(b, `,"enforcedGrantControls":`...), g)
	b = list(append(b, `,"enforcedSessionControls":`...), s)
	b = field(b, "result", e.result(v.result))
	b = append(b, `,"conditionsSatisfied":`...)
	b = e.mask(b, v.satisfied)
	b = append(b, `,"conditionsNotSatisfied":`...)
	b = e.mask(b, v.notSatisfied)
	if e.graph { // Azure Monitor leaves these out
		var unmet []string
		if v.sessionUnmet {
			unmet = p.session
		}
		b = list(append(b, `,"sessionControlsNotSatisfied":`...), unmet)
		b = rules(append(b, `,"includeRulesSatisfied":`...), v.include)
		b = rules(append(b, `,"excludeRulesSatisfied":`...), v.exclude)
	}
	return append(b, '}')
}

func list(b []byte, s []string) []byte {
	b = append(b, '[')
	for i, x := range s {
		if i > 0 {
			b = append(b, ',')
		}
		b = str(b, x)
	}
	return append(b, ']')
}

// result is the word for a result. Without the header that asks for them an
// export hides members of the enumeration that came late (reference 2.3).
func (e *encoder) result(r result) string {
	if e.t.cfg.Perturb.has(PerturbHidden) && r >= reportOnlyNotApplied {
		return "unknownFutureValue"
	}
	return resultNames[r]
}

func rules(b []byte, set ruleSet) []byte {
	b = append(b, '[')
	first := true
	for i, t := range ruleTexts {
		if set&(1<<i) == 0 {
			continue
		}
		if !first {
			b = append(b, ',')
		}
		first = false
		b = append(b, `{"conditionalAccessCondition":`...)
		b = str(b, t.condition)
		b = field(b, "ruleSatisfied", t.rule)
		b = append(b, '}')
	}
	return append(b, ']')
}

var maskNames = []struct {
	bit  uint16
	name string
}{
	{bitApplication, "application"},
	{bitUsers, "users"},
	{bitPlatform, "devicePlatform"},
	{bitLocation, "location"},
	{bitClientType, "clientType"},
	{bitSignInRisk, "signInRisk"},
	{bitUserRisk, "userRisk"},
	{bitDevice, "deviceState"},
	{bitAuthFlow, "authenticationFlows"},
}

func (e *encoder) mask(b []byte, m uint16) []byte {
	if !e.graph {
		return strconv.AppendUint(b, uint64(m), 10)
	}
	b = append(b, '"')
	start := len(b)
	for _, n := range maskNames {
		if m&n.bit != 0 {
			if len(b) > start {
				b = append(b, ',')
			}
			b = append(b, n.name...)
		}
	}
	if len(b) == start {
		b = append(b, "none"...)
	}
	return append(b, '"')
}
