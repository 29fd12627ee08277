package synth

import (
	"fmt"
	"slices"
	"strings"

	"frisk/internal/signin"
)

// Knowledge is how much a log or a database knows about where an address is.
type Knowledge uint8

// The kinds of knowledge, most first. Points are coordinates without an accuracy
// radius, as Entra writes them.
const (
	KnowRadius Knowledge = iota
	KnowPoints
	KnowCity
	KnowCountry
	KnowASN
)

var knowledgeNames = []string{"radius", "points", "city", "country", "asn"}

func (k Knowledge) String() string { return knowledgeNames[k] }

// KnowledgeNames are the texts ParseKnowledge takes.
func KnowledgeNames() []string { return slices.Clone(knowledgeNames) }

// ParseKnowledge reads one of KnowledgeNames.
func ParseKnowledge(s string) (Knowledge, error) {
	i := slices.Index(knowledgeNames, strings.ToLower(s))
	if i < 0 {
		return 0, fmt.Errorf("unknown knowledge %q, want one of %q", s, knowledgeNames)
	}
	return Knowledge(i), nil //nolint:gosec // five names
}

// HostileView is what of a world the log shows. The zero value shows coordinates
// with their radius and nothing else.
type HostileView struct {
	Knowledge Knowledge
	// Lists: range lists name the class of a network, as far as they know it.
	Lists bool
	// Devices: the log has device ids and says which are compliant.
	Devices bool
}

func (v HostileView) String() string {
	s := v.Knowledge.String()
	if v.Lists {
		s += ", lists"
	}
	if v.Devices {
		s += ", devices"
	}
	return s
}

// View is the events as a log with this knowledge would have them, in order. The
// truth is that of Truth, index by index.
func (w *HostileWorld) View(v HostileView) []signin.Event {
	out := slices.Clone(w.Events)
	for i := range out {
		e := &out[i]
		g := &e.Geo
		switch v.Knowledge {
		case KnowRadius:
		case KnowPoints:
			g.Radius, g.Source = 0, signin.GeoLog
		case KnowCity:
			*g = signin.Geo{Country: g.Country, Region: g.Region, City: g.City, Source: signin.GeoLog}
		case KnowCountry:
			*g = signin.Geo{Country: g.Country, Source: signin.GeoDatabase}
		case KnowASN:
			*g = signin.Geo{}
		}
		if !v.Lists {
			e.Network = ""
		}
		if !v.Devices {
			e.Device.ID, e.Device.Compliant, e.Device.Managed, e.Device.Trust = "", signin.Unknown, signin.Unknown, signin.TrustUnknown
		}
	}
	return out
}
