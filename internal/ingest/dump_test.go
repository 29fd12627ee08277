package ingest

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"

	"frisk/internal/signin"
)

// dump is a stable JSON text of what an event says: every column by its name on
// disk, in column order, zero values left out.
func dump(e *signin.Event) string {
	var b bytes.Buffer
	b.WriteByte('{')
	add := func(name, value string, bare bool) {
		if value == "" {
			return
		}
		if b.Len() > 1 {
			b.WriteByte(',')
		}
		b.WriteString(strconv.Quote(name) + ":")
		if !bare {
			var v bytes.Buffer
			enc := json.NewEncoder(&v)
			enc.SetEscapeHTML(false)
			_ = enc.Encode(value)
			value = strings.TrimSpace(v.String())
		}
		b.WriteString(value)
	}
	add("time", e.Time.String(), false)
	for _, c := range signin.IDColumns {
		add(c.Name, c.Get(e), false)
	}
	for _, c := range signin.EnumColumns {
		add(c.Name, c.Texts[c.Get(e)], false)
	}
	for _, c := range signin.DimColumns {
		v := c.Get(e)
		add(c.Name, v, strings.HasPrefix(v, "[") && json.Valid([]byte(v)))
	}
	if e.Geo.Located {
		add("lat", strconv.FormatFloat(e.Geo.Lat, 'g', -1, 64), true)
		add("lon", strconv.FormatFloat(e.Geo.Lon, 'g', -1, 64), true)
	}
	if e.ASN != 0 {
		add("asn", strconv.Itoa(int(e.ASN)), true)
	}
	if e.Source.Port != 0 {
		add("port", strconv.Itoa(int(e.Source.Port)), true)
	}
	add("raw_line", strconv.FormatInt(e.Raw.Line, 10), true)
	b.WriteByte('}')
	return b.String()
}
