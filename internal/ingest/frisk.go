package ingest

import (
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"frisk/internal/signin"
)

// friskNames are members that an export of ours always has and no other log has
// together.
var friskNames = []string{"time", "event_id", "provider", "principal_id", "principal_kind", "outcome", "mfa_state", "geo_source"}

// What "analyze export" writes is read again without loss: the columns of the
// SQL view signins (docs/dataset.md), as Parquet or as JSON lines made from it.
// Columns that SQL adds (shard, run, row, the structured lists) are passed over.
var _ = register(Format{
	Name:     "frisk-export",
	Doc:      `what "analyze export" wrote: Parquet, or JSON lines with its columns`,
	Provider: "frisk",
	Page:     "frisk.md",
	detect: func(s *sample) error {
		if err := s.wantJSON(); err != nil {
			return err
		}
		if !s.has(friskNames...) {
			return fmt.Errorf("no record has all of %s", strings.Join(friskNames, ", "))
		}
		return nil
	},
	cut:  cutJSON,
	open: docRows(friskRow),
})

// friskRow sets every field by its column. A text that is not of a closed
// vocabulary is an error: a newer version may have written it, and dropping it
// would lose a fact.
func friskRow(_ *docRow, v val, ev *signin.Event) (other string, err error) {
	text := v.at("time").text()
	t, _, err := parseTime(text)
	if err != nil {
		return "", fmt.Errorf("time: %w", err)
	}
	ev.Time = t
	for i := range signin.DimColumns {
		c := &signin.DimColumns[i]
		s := v.at(c.Name).text()
		if c.Dim == signin.DimFile || s == "" {
			continue // the file is the one that is being read
		}
		if c.Dim == signin.DimIP || c.Dim == signin.DimIPFromResource {
			if _, err := netip.ParseAddr(s); err != nil {
				return "", fmt.Errorf("%s: %q is no address", c.Name, s)
			}
		}
		c.Set(ev, s)
	}
	for i := range signin.EnumColumns {
		c := &signin.EnumColumns[i]
		if s := v.at(c.Name).text(); s != "" {
			n := c.Value(s)
			if n == 0 {
				return "", fmt.Errorf("%s: unknown word %q", c.Name, s)
			}
			c.Set(ev, n)
		}
	}
	for i := range signin.IDColumns {
		c := &signin.IDColumns[i]
		name := c.Name
		if i == signin.IDEvent {
			name = "event_id"
		}
		if s := v.at(name).text(); s != "" {
			c.Set(ev, s)
		}
	}
	if ev.ID == "" {
		return "", errors.New("no event_id")
	}
	return "", friskNumbers(v, ev)
}

func friskNumbers(v val, ev *signin.Event) error {
	if s := v.at("asn").text(); s != "" {
		n, err := strconv.ParseUint(s, 10, 32)
		if err != nil {
			return fmt.Errorf("asn: %w", err)
		}
		ev.ASN = uint32(n)
	}
	if s := v.at("port").text(); s != "" {
		n, err := strconv.ParseUint(s, 10, 16)
		if err != nil {
			return fmt.Errorf("port: %w", err)
		}
		ev.Source.Port = uint16(n)
	}
	lat, lon := v.at("lat").text(), v.at("lon").text()
	if lat == "" || lon == "" {
		return nil
	}
	ev.Geo.Located = true
	for _, f := range []struct {
		name, text string
		to         *float64
	}{{"lat", lat, &ev.Geo.Lat}, {"lon", lon, &ev.Geo.Lon}, {"radius_km", v.at("radius_km").text(), &ev.Geo.Radius}} {
		if f.text == "" {
			continue
		}
		n, err := strconv.ParseFloat(f.text, 64)
		if err != nil {
			return fmt.Errorf("%s: %w", f.name, err)
		}
		*f.to = n
	}
	return nil
}
