package ingest

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"frisk/internal/signin"
)

// Activities of the Admin SDK Reports API, whose events and parameters are
// listed on developers.google.com/workspace/admin/reports/v1/appendix/activity;
// reference section 3.

var _ = register(Format{
	Name:     "google-workspace",
	Doc:      "Google Workspace Reports API activities (login, saml, token, context-aware access), also as Sentinel and other collectors keep them",
	Provider: "google",
	detect: func(s *sample) error {
		if err := s.wantJSON(); err != nil {
			return err
		}
		if s.anyTree(isGoogle) {
			return nil
		}
		return errors.New("no record is an activity of the Reports API (id.applicationName, id.time and events)")
	},
	open: docRows((*docRow).google),
})

// isGoogle recognises an activity, whole or flattened.
func isGoogle(v val) bool {
	if v.at("kind").text() == "admin#reports#activity" {
		return true
	}
	return v.first("id.applicationName", "id_applicationName_s", "id_applicationName") != "" &&
		v.first("id.time", "id_time_t", "id_time_s", "id_time", "id_time_t [UTC]") != ""
}

// googleEvent is one event of an activity.
type googleEvent struct {
	r      *docRow
	v      val // the activity
	e      val // the event; the activity itself where its fields were flattened
	app    string
	name   string
	typ    string // events[].type, "account_warning" say
	when   string // id.time
	unique string // id.uniqueQualifier
	alone  bool   // the only event, whose parameters may be columns of the record

	email, profile, key, address, customer string
	net                                    val // networkInfo
}

// google reads an activity. Each of its events is a record of its own: the
// first sign-in becomes ev, the others and what is no sign-in follow.
func (r *docRow) google(v val, ev *signin.Event) (other string, err error) {
	g := googleEvent{
		r: r, v: v,
		app:    v.first("id.applicationName", "id_applicationName_s", "id_applicationName"),
		when:   v.first("id.time", "id_time_t", "id_time_s", "id_time", "id_time_t [UTC]"),
		unique: v.first("id.uniqueQualifier", "id_uniqueQualifier_s", "id_uniqueQualifier"),

		email:    strings.ToLower(v.first("actor.email", "actor_email_s", "actor_email")),
		profile:  v.first("actor.profileId", "actor_profileId_s", "actor_profileId"),
		key:      v.first("actor.key", "actor_key_s"),
		address:  v.first("ipAddress", "IPAddress", "ipAddress_s", "IpAddress", "source.ip"),
		customer: v.first("id.customerId", "id_customerId_s", "id_customerId"),
		net:      v.at("networkInfo"),
	}
	if g.when == "" {
		return "", errors.New("no id.time")
	}
	var events []val
	for _, name := range []string{"events", "events_s"} {
		switch list := v.at(name).within(&r.sc.cell); list.kind() {
		case '[':
			events = slices.AppendSeq(events, list.elems())
		case '{': // Elastic splits an activity into one object an event
			events = append(events, list)
		}
	}
	if len(events) == 0 {
		events = []val{v} // Panther and others: type, name and parameters stand at the top
	}
	// Looking for each of many events among all members of the record would take
	// the square of its length.
	g.alone = len(events) == 1
	taken := false
	ids := map[string]bool{}
	for i, e := range events {
		g.e = e
		g.typ, g.name = e.at("type").said(), e.at("name").said()
		if g.alone {
			g.typ = firstSaid(g.typ, v.first("event_type", "event_type_s"))
			g.name = firstSaid(g.name, v.first("event_name", "event_name_s"))
		}
		if g.name == "" {
			return "", errors.New("an event without a name")
		}
		one := signin.Event{Provider: ev.Provider}
		typ, err := g.event(&one)
		if err == nil && typ == "" {
			if ids[one.ID] { // two events that nothing else tells apart
				one.ID = derivedIDOf(one.ID, strconv.Itoa(i))
			}
			ids[one.ID] = true
		}
		switch {
		case err != nil:
			return "", err
		case typ != "" && i == len(events)-1 && !taken:
			return typ, nil
		case typ != "":
			r.t.alsoOther(typ)
		case !taken:
			taken = true
			one.Raw = ev.Raw
			*ev = one
		default:
			r.t.emit(&one)
		}
	}
	return "", nil
}

// event reads one event; other names what is no sign-in.
func (g *googleEvent) event(ev *signin.Event) (other string, err error) {
	if !g.signIn(ev) {
		return g.app + " " + g.name, nil
	}
	when := g.when
	if micros := g.param("login_timestamp"); micros != "" && g.typ == "account_warning" {
		t, err := epoch(micros, "unix-us")
		if err != nil {
			return "", err
		}
		ev.Time = t // the sign-in warned of, not the warning
	} else if ev.Time, err = g.r.time(when); err != nil {
		return "", err
	}
	// Neither the qualifier nor the time is unique: one login writes several
	// activities with both of them the same.
	apart := g.apart()
	ev.ID = strings.Join(slices.Concat([]string{g.when, g.unique, g.app, g.name}, apart), "/")
	if g.unique == "" {
		ev.ID = g.r.deriveID(slices.Concat([]string{g.when, g.app, g.name, g.email, g.address}, apart)...)
	} else {
		ev.Correlation = g.when + "/" + g.unique
	}
	ev.Tenant = g.customer
	g.who(ev)
	if ev.Principal.ID == "" && ev.Principal.Name == "" {
		return nobody(g.app + " " + g.name), nil
	}
	g.r.address(ev, g.address)
	g.place(ev)
	g.r.googleRisk(g, ev)
	return "", nil
}

// apart is what tells events of one name within one login apart: the steps of
// a login, the applications that a session opened.
func (g *googleEvent) apart() []string {
	var name []string
	switch g.app + " " + g.name {
	case "login login_challenge", "login login_verification":
		name = []string{"login_challenge_method", "login_challenge_status"}
	case "saml login_success", "saml login_failure":
		name = []string{"application_name"}
	case "token authorize":
		name = []string{"client_id"}
	default:
		name = []string{"CAA_APPLICATION"}
	}
	var out []string
	for _, n := range name {
		if text := g.param(n); text != "" {
			out = append(out, text)
		}
	}
	return out
}

// who is the actor, or the account a warning is about.
func (g *googleEvent) who(ev *signin.Event) {
	p := &ev.Principal
	p.Kind = signin.Member
	affected := g.param("affected_email_address")
	if affected != "" && g.typ == "account_warning" {
		p.Name = strings.ToLower(affected)
		return
	}
	p.ID, p.Name = g.profile, g.email
	if p.Name == "" {
		p.Name = strings.ToLower(affected)
	}
	if p.ID == "" && p.Name == "" && g.key != "" {
		p.Name, p.Kind = g.key, signin.Service
	}
}

// place reads networkInfo, which newer activities carry.
func (g *googleEvent) place(ev *signin.Event) {
	net := g.net
	ev.ASN = parseASN(net.at("ipAsn").elem(0).said())
	region := net.at("subdivisionCode").said()
	if country := net.at("regionCode").said(); country != "" || region != "" {
		g.r.place(ev, country, region, "", "", "")
	}
}

// googleRisk keeps what Google says of the login.
func (r *docRow) googleRisk(g *googleEvent, ev *signin.Event) {
	var events []string
	switch signin.ParseTruth(g.param("is_suspicious")) {
	case signin.True:
		events = append(events, "is_suspicious")
	case signin.False:
		ev.Risk.Events = "[]"
	}
	if strings.HasPrefix(g.name, "suspicious_") {
		events = append(events, g.name)
	}
	if events != nil {
		ev.Risk.Events = r.set(events...)
	}
}

// param is the value of a parameter as text, lists joined with commas.
func (g *googleEvent) param(name string) string { return strings.Join(g.params(name), ",") }

// params is the values of a parameter: in the API an array of names and values,
// with collectors a map, or columns of the record.
func (g *googleEvent) params(name string) []string {
	parameters := g.e.at("parameters")
	for p := range parameters.elems() {
		if p.at("name").text() != name {
			continue
		}
		for _, kind := range []string{"value", "multiValue", "boolValue", "intValue", "multiIntValue"} {
			if x := p.at(kind); x.kind() != 0 {
				return googleTexts(x)
			}
		}
		return nil
	}
	if x := parameters.at(name); x.kind() != 0 {
		return googleTexts(x)
	}
	if !g.alone {
		return nil
	}
	for _, suffix := range []string{"", "_s", "_b", "_d"} {
		if x := g.v.at(name + suffix); x.kind() != 0 {
			if list := x.within(&g.r.sc.inner); list.kind() == '[' {
				x = list
			}
			return googleTexts(x)
		}
	}
	return nil
}

func googleTexts(x val) []string {
	if x.kind() != '[' {
		if s := x.said(); s != "" {
			return []string{s}
		}
		return nil
	}
	var out []string
	for e := range x.elems() {
		if s := e.said(); s != "" {
			out = append(out, s)
		}
	}
	return out
}
