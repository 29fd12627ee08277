package policy

import (
	"net/netip"
	"strings"
)

// ranges reads ipRanges: objects with a cidrAddress, or plain texts. A range
// that does not parse is reported and left out.
func (l *loader) ranges(n *node, p *NamedLocation) {
	list := n.get("ipRanges")
	if list == nil {
		return
	}
	for _, e := range list.elems {
		text := e.text
		if e.kind == '{' {
			text = l.str(e, "cidrAddress")
			if text == "" {
				text = l.span(e)
			}
			l.rest(e, false)
		}
		cidr, ok := prefixOf(text)
		if !ok {
			l.notice("bad-range", "warning", e.path, "address range %q of named location %q does not parse: left out", text, p.Name)
			continue
		}
		p.Ranges = append(p.Ranges, cidr)
	}
}

// span reads the beta lowerAddress and upperAddress form when both are the same.
func (l *loader) span(e *node) string {
	lower, upper := l.str(e, "lowerAddress"), l.str(e, "upperAddress")
	if lower == upper {
		return lower
	}
	return lower + "-" + upper
}

// prefixOf reads a CIDR range or a single address; IPv4-mapped addresses become IPv4.
func prefixOf(text string) (string, bool) {
	text = strings.TrimSpace(text)
	p, err := netip.ParsePrefix(text)
	if err != nil {
		a, err := netip.ParseAddr(text)
		if err != nil || a.Zone() != "" {
			return "", false
		}
		p = netip.PrefixFrom(a.Unmap(), a.Unmap().BitLen())
	}
	if a := p.Addr(); a.Is4In6() {
		if p.Bits() < 96 {
			return "", false
		}
		p = netip.PrefixFrom(a.Unmap(), p.Bits()-96)
	}
	return p.Masked().String(), true
}
