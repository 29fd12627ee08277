package geo

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"slices"
)

// ClassTrusted tags an address in a named location that is marked trusted.
const ClassTrusted = "trusted"

// LocationClass is the class of the addresses in a named location.
func LocationClass(name string) string { return "location:" + name }

// namedLocation is a Graph ipNamedLocation; country locations have no ranges.
type namedLocation struct {
	DisplayName string   `json:"displayName"`
	IsTrusted   bool     `json:"isTrusted"`
	Countries   []string `json:"countriesAndRegions"`
	IPRanges    []struct {
		CIDR string `json:"cidrAddress"`
	} `json:"ipRanges"`
}

// errNoLocation is JSON of another kind.
var errNoLocation = errors.New("the JSON holds no named location")

// parseNamedLocations reads Graph named locations: a page, an array or one
// object. Country locations have no ranges and are left out; a tenant may have
// no others.
func parseNamedLocations(r io.Reader, name string) (*List, []*Notice, error) {
	raw, err := io.ReadAll(r)
	if err != nil {
		return nil, nil, err
	}
	var page struct {
		Value []namedLocation `json:"value"`
		namedLocation
	}
	var all []namedLocation
	if json.Unmarshal(raw, &all) != nil {
		if err = json.Unmarshal(raw, &page); err != nil {
			return nil, nil, fmt.Errorf("parse named locations: %w", err)
		}
		all = page.Value
		if page.Value == nil {
			all = []namedLocation{page.namedLocation}
		}
	}
	list := &List{}
	bad := notices{file: name}
	if len(all) > 0 && !slices.ContainsFunc(all, func(l namedLocation) bool { return l.IPRanges != nil || l.Countries != nil }) {
		return nil, nil, errNoLocation
	}
	for _, loc := range all {
		for _, r := range loc.IPRanges {
			p, err := netip.ParsePrefix(r.CIDR)
			if err != nil {
				bad.add(0, fmt.Errorf("named location %q: %w", loc.DisplayName, err))
				continue
			}
			span, err := rangeOf(p, LocationClass(loc.DisplayName))
			if err != nil {
				bad.add(0, fmt.Errorf("named location %q: %w", loc.DisplayName, err))
				continue
			}
			list.Ranges = append(list.Ranges, span)
			if loc.IsTrusted {
				span.Class = ClassTrusted
				list.Ranges = append(list.Ranges, span)
			}
		}
	}
	return list, bad.all(), nil
}
