package risk

import (
	"strconv"
	"strings"

	"frisk/internal/signin"
)

// peerRule is the published pair rule of another product, so that an analyst
// can compare a finding with what they know. Each takes the two points at face
// value. Source: reference, detection 1.1.
type peerRule struct {
	name    string
	km      float64 // distance must exceed this
	kmh     float64 // and speed this
	otherIP bool    // and the addresses differ
}

var peerRulesTable = []peerRule{
	{"BuffaLogs (100 km, 300 km/h)", 100, 300, true},
	{"Okta (805 km/h)", 0, 805, false},
	{"Panther (900 km/h)", 0, 900, true},
	{"Elastic (500 km, 800 km/h)", 500, 800, false},
	{"Datadog (500 km, 1000 km/h)", 500, 1000, false},
}

// peerRules names the rules that would have alerted, "none" when none.
func peerRules(l *leg, a, b *signin.Row) string {
	var fired []string
	hours := l.gap / 60
	for _, p := range peerRulesTable {
		if l.distance > p.km && l.distance > p.kmh*hours && !(p.otherIP && a.C[signin.DimIP] == b.C[signin.DimIP]) {
			fired = append(fired, p.name)
		}
	}
	if len(fired) == 0 {
		return "none"
	}
	return strings.Join(fired, ", ")
}

func asnText(n uint32) string {
	if n == 0 {
		return ""
	}
	return "AS" + strconv.FormatUint(uint64(n), 10)
}
