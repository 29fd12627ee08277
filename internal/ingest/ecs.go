package ingest

import (
	"errors"
	"slices"
	"strings"

	"frisk/internal/signin"
)

// Documents of the Elastic Common Schema whose category is authentication
// (elastic.co/guide/en/ecs/current/ecs-allowed-values-event-category.html), as
// JSON lines, arrays, or a search answer ({"hits": {"hits": [...]}}). Vendors'
// own subtrees are used only where ECS has no word for the fact.
var _ = register(Format{
	Name:     "ecs",
	Doc:      "Elastic Common Schema documents of the category authentication: Elasticsearch exports, Filebeat, Elastic Agent",
	Provider: "ecs",
	generic:  true,
	detect: func(s *sample) error {
		if err := s.wantJSON(); err != nil {
			return err
		}
		if s.anyTree(func(v val) bool {
			v = ecsDocument(v)
			return v.at("@timestamp").kind() != 0 && (v.dot("event.category").kind() != 0 || v.dot("ecs.version").kind() != 0)
		}) {
			return nil
		}
		return errors.New("no document has @timestamp and event.category or ecs.version")
	},
	open: docRows(ecsRow),
})

// ecsDocument is the document of a search hit, or the record itself.
func ecsDocument(v val) val {
	if src := v.at("_source"); src.kind() == '{' {
		return src
	}
	return v
}

var errECSTime = errors.New("no @timestamp")

func ecsRow(r *docRow, hit val, ev *signin.Event) (string, error) {
	v := ecsDocument(hit)
	categories := textsOf(v.dot("event.category"))
	if !slices.Contains(categories, "authentication") {
		return "category " + firstSaid(strings.Join(categories, " "), v.dot("event.dataset").text(), "not said"), nil
	}
	if types := textsOf(v.dot("event.type")); slices.Contains(types, "end") && !slices.Contains(types, "start") {
		return "authentication end", nil
	}
	stamp := v.at("@timestamp").said()
	if stamp == "" {
		return "", errECSTime
	}
	var err error
	if ev.Time, err = r.time(stamp); err != nil {
		return "", err
	}
	dataset := v.dot("event.dataset").said()
	if ev.Provider = vendorOf(dataset); ev.Provider == "" {
		product, _, _ := strings.Cut(dataset, ".")
		ev.Provider = providerOf("ecs", v.dot("event.module").said(), v.dot("event.provider").said(), v.dot("observer.product").said(), product)
	}
	p := &ev.Principal
	p.ID, p.Name, p.Display = lowerGUID(v.first("user.id")), strings.ToLower(v.first("user.email", "user.name")), v.first("user.full_name")
	if d := strings.ToLower(v.first("user.domain")); d != "" && p.Name != "" && !strings.ContainsAny(p.Name, `@\`) {
		if strings.Contains(d, ".") { // Elastic's pipelines cut addresses in two
			p.Name += "@" + d
		} else {
			p.Name = d + `\` + p.Name
		}
	}
	if p.ID == "" && p.Name == "" {
		return nobody("authentication"), nil
	}
	ev.ID = lowerGUID(firstSaid(v.dot("event.id").text(), hit.at("_id").text()))
	if ev.ID == "" {
		// what shippers and pipelines add is not part of what happened
		ev.ID = r.treeID("ecs", v, "agent", "elastic_agent", "ecs", "data_stream", "input", "tags", "@version", "event.ingested", "event.created",
			"event.agent_id_status")
	}
	ev.Correlation = v.first("transaction.id", "trace.id", "azure.signinlogs.properties.correlation_id", "okta.transaction.id", "cisco_duo.auth.txid")
	ev.Session = v.first("session.id")
	ev.Tenant = v.first("organization.id", "cloud.account.id")
	ecsOutcome(v, ev)
	r.ecsSource(v, ev)
	ev.App = signin.Target{ID: v.first("service.id"), Name: v.first("service.name")}
	ev.UserAgent, ev.Protocol = v.first("user_agent.original"), v.first("network.application", "network.protocol")
	d := &ev.Device
	d.ID, d.OS, d.Browser = v.first("device.id"), v.first("user_agent.os.full", "user_agent.os.name"), v.first("user_agent.name")
	return "", nil
}

// textsOf are the texts of a list, or the one text.
func textsOf(v val) []string {
	if v.kind() != '[' {
		if s := v.said(); s != "" {
			return []string{s}
		}
		return nil
	}
	var out []string
	for e := range v.elems() {
		if s := e.said(); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// ecsOutcome reads event.outcome. Filebeat calls Entra's interrupts failures
// and Okta's challenges unknown: where the vendor's subtree tells, it counts.
func ecsOutcome(v val, ev *signin.Event) {
	ev.Code = v.first("error.code", "event.code")
	ev.ReasonText = v.first("event.reason", "error.message")
	switch v.dot("event.outcome").text() {
	case "success":
		ev.Outcome = signin.Success
	case "failure":
		ev.Outcome = signin.Failure
		ev.Reason = genericReason(ev.ReasonText + " " + v.first("event.action"))
	}
	if code := v.first("azure.signinlogs.properties.status.error_code", "azure.signinlogs.result_type"); code != "" {
		verdict, _ := entraVerdict(code, "")
		ev.Code, ev.Outcome, ev.Reason = code, verdict.outcome, verdict.reason
	}
	if strings.EqualFold(v.dot("okta.outcome.result").text(), "CHALLENGE") {
		ev.Outcome, ev.Reason = signin.Challenge, signin.MFARequired
	}
}

func (r *docRow) ecsSource(v val, ev *signin.Event) {
	r.address(ev, v.first("source.ip", "client.ip", "source.address"))
	if n, _, ok := number(v.first("source.port", "client.port"), 5); ok && n < 1<<16 && ev.Source.Port == 0 {
		ev.Source.Port = uint16(n)
	}
	g := v.dot("source.geo")
	if g.kind() == 0 {
		g = v.dot("client.geo")
	}
	lat, lon := g.dot("location.lat").text(), g.dot("location.lon").text()
	if l := g.at("location"); l.kind() == '[' { // GeoJSON order
		lon, lat = l.elem(0).text(), l.elem(1).text()
	}
	r.place(ev, g.first("country_iso_code", "country_name"), g.first("region_name", "region_iso_code"), g.first("city_name"), lat, lon)
	ev.ASN = parseASN(v.first("source.as.number", "client.as.number"))
	ev.ASNOrg = v.first("source.as.organization.name", "client.as.organization.name")
}
