package ingest

import "strings"

// firstHop is the address of request.ipChain nearest to the person: Okta lists
// the client first and its proxies after it (System Log API, IpAddress object).
// It stands in for client.ipAddress, which may be null.
func (r *oktaRow) firstHop() string {
	text := strings.TrimSpace(r.v[oChain])
	if text == "" || text[0] != '[' {
		return ""
	}
	s, first := &r.sc.cell, ""
	s.Reset(bytesOf(text))
	for s.Array(); s.Elem(); {
		if s.Kind() != '{' {
			s.Skip()
			continue
		}
		for s.Object(); s.Next(); {
			if string(s.Key) == "ip" && first == "" {
				first = scalar(s)
				continue
			}
			s.Skip()
		}
	}
	if s.End() != nil || oktaUnsaid(first) {
		return ""
	}
	return first
}

// hops adds what Okta says of the way a request took: securityContext.isProxy,
// and debugData.tunnels, JSON text with an object for each VPN or proxy service
// found.
func (r *oktaRow) hops(events []string) []string {
	if strings.EqualFold(r.v[oIsProxy], "true") {
		events = append(events, "isProxy")
	}
	text := strings.TrimSpace(r.v[oTunnels])
	if text == "" || text[0] != '[' {
		return events
	}
	s := &r.sc.cell
	s.Reset(bytesOf(text))
	mark := len(events)
	for s.Array(); s.Elem(); {
		name := "tunnel"
		if s.Kind() != '{' {
			s.Skip()
			continue
		}
		for s.Object(); s.Next(); {
			if string(s.Key) != "type" {
				s.Skip()
				continue
			}
			if typ := scalar(s); !oktaUnsaid(typ) {
				name = "tunnel " + typ
			}
		}
		events = append(events, name)
	}
	if s.End() != nil {
		return events[:mark]
	}
	return events
}
