package workaround

import (
	"cmp"
	"slices"
	"strings"

	"frisk/internal/risk"
	"frisk/internal/signin"
)

// Case is one time one person went another way, with both readings. It is for an
// administrator to look at: not a verdict.
type Case struct {
	Person   string // signin.PersonKey of the person's home account
	Account  string // of the account that was stopped
	Policies []string
	Route    string
	// Prompt: an abandoned prompt, not a block.
	Prompt bool
	// Stops is how many refused rows the occasion has.
	Stops         int
	StopAt, WayAt signin.Time
	Stop          signin.Ref
	// Way is the success; meaningless unless HasWay, since some ways are in other records.
	Way    signin.Ref
	HasWay bool
	// Windows is how many comparable times there were, Usual in how many of them the
	// person went the same way.
	Windows, Usual int
	Facts          []risk.Fact
	Reading        Reading
}

// maxCases is how many cases of one policy and route a Tally keeps: the least by
// order; all are counted.
const maxCases = 200

func compareCases(a, b *Case) int {
	return cmp.Or(
		cmp.Compare(a.StopAt, b.StopAt), strings.Compare(a.Person, b.Person), strings.Compare(a.Route, b.Route),
		slices.Compare(a.Policies, b.Policies), cmp.Compare(a.WayAt, b.WayAt),
		slices.CompareFunc(a.Facts, b.Facts, func(x, y risk.Fact) int {
			return cmp.Or(strings.Compare(x.Name, y.Name), strings.Compare(x.Text, y.Text))
		}),
		cmp.Compare(a.Stop.Run, b.Stop.Run), cmp.Compare(a.Stop.Row, b.Stop.Row),
	)
}

// caseOf writes a case down.
func (p *person) caseOf(s *stop, n int, h *hit, usual, windows int) Case {
	c := Case{
		Person: p.key, Account: p.keyOf(s.row), Policies: s.policies, Route: routes[n].Name, Prompt: s.prompt, Stops: s.n,
		StopAt: s.at, WayAt: h.at, Stop: p.rows[s.row].Ref, Windows: windows, Usual: usual,
		Reading: p.read(s, int(h.row), s.at, true),
	}
	sym := p.w.facts.sym
	was := &p.rows[s.row]
	fact := func(name, text string) {
		if text != "" {
			c.Facts = append(c.Facts, risk.Fact{Name: name, Text: strings.Clone(text)})
		}
	}
	fact("reason", was.Reason().String())
	if name := sym.Text(was, signin.DimResourceName); name != "" {
		fact("resource", name)
	} else {
		fact("resource_id", sym.Text(was, signin.DimResource))
	}
	fact("app", cmp.Or(sym.Text(was, signin.DimAppName), sym.Text(was, signin.DimApp)))
	if h.row < 0 {
		c.Facts = append(c.Facts, h.fact)
		return c
	}
	r := &p.rows[h.row]
	c.Way, c.HasWay = r.Ref, true
	pair := func(name string, d signin.Dim) {
		if was.C[d] != r.C[d] {
			fact(name+"_before", sym.Text(was, d))
			fact(name+"_after", sym.Text(r, d))
		}
	}
	switch routes[n].Name {
	case "legacy-client":
		pair("client", signin.DimClient)
	case "device-code":
		pair("protocol", signin.DimProtocol)
		pair("transfer", signin.DimTransfer)
	case "other-platform", "unmanaged-device":
		pair("system", signin.DimOS)
		pair("device", signin.DimDevice)
	case "anonymiser-egress":
		if d := signin.DimNetwork; was.C[d] != r.C[d] {
			fact("network_before", listText(sym.Text(was, d)))
			fact("network_after", listText(sym.Text(r, d)))
		}
		pair("address", signin.DimIP)
	case "other-account":
		pair("account", signin.DimPrincipalName)
	case "other-app":
		pair("app", signin.DimApp)
	case "other-tenant":
		pair("tenant", signin.DimResourceTenant)
	case "new-mfa-method":
		if d := signin.DimMethods; was.C[d] != r.C[d] {
			fact("methods_before", listText(sym.Text(was, d)))
			fact("methods_after", listText(sym.Text(r, d)))
		}
	}
	return c
}

// listText is a list column for a reader: its entries with commas, "none" for an
// empty list, the text itself when it is no list, "" when the log does not say.
func listText(text string) string {
	if text == "" {
		return ""
	}
	all, err := signin.DecodeList[string](signin.List(text))
	switch {
	case err != nil:
		return text
	case len(all) == 0:
		return "none"
	}
	return strings.Join(all, ", ")
}

// casesOf keeps the least cases of each policy and route.
type cases map[[2]string][]Case

func (cs cases) add(c Case) {
	k := [2]string{c.Policies[0], c.Route}
	list := cs[k]
	if n := len(list); n >= maxCases && compareCases(&list[n-1], &c) <= 0 {
		return
	}
	i, _ := slices.BinarySearchFunc(list, &c, func(a Case, b *Case) int { return compareCases(&a, b) })
	list = slices.Insert(list, i, c)
	cs[k] = list[:min(len(list), maxCases)]
}

func (cs cases) merge(o cases) {
	for _, list := range o { // each goes to its own list
		for i := range list {
			cs.add(list[i])
		}
	}
}
