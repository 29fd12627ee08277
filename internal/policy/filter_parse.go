package policy

import (
	"fmt"
	"slices"
	"strings"
)

// filterExpr is a parsed device filter rule: one of filterOr, filterAnd,
// filterNot and filterCmp.
type filterExpr interface{ filter() }

type (
	filterOr  struct{ list []filterExpr }
	filterAnd struct{ list []filterExpr }
	filterNot struct{ of filterExpr }
	// filterCmp compares one attribute with one value or, for in, several.
	filterCmp struct {
		attr   string // lower case, without "device."
		op     filterOp
		values []string
		null   bool // the value is a bare null
		orNull bool // one of several values is a bare null; values holds the others
		bare   bool // written without "device."
	}
)

// takesNull reports a comparison that null meets, negation aside.
func (c *filterCmp) takesNull() bool { return c.null || c.orNull }

func (filterOr) filter()  {}
func (filterAnd) filter() {}
func (filterNot) filter() {}
func (filterCmp) filter() {}

type match uint8

const (
	matchEqual match = iota
	matchPrefix
	matchSuffix
	matchContains
	matchIn
)

// filterOp is a match, negated or not. Negative operators are true of a device
// without identity, positive ones false (reference 1.8).
type filterOp struct {
	match    match
	negative bool
}

// filterAttributes are the properties a rule may name, lower case.
var filterAttributes = []string{
	"deviceid", "displayname", "iscompliant", "trusttype", "operatingsystem",
	"operatingsystemversion", "manufacturer", "model", "enrollmentprofilename",
	"deviceownership", "mdmappid", "profiletype", "physicalids", "systemlabels",
}

func filterAttribute(name string) bool {
	_, ok := extensionIndex(name)
	return ok || slices.Contains(filterAttributes, name)
}

// extensionIndex is the index of extensionAttribute1 to 15.
func extensionIndex(name string) (int, bool) {
	rest, ok := strings.CutPrefix(name, "extensionattribute")
	if !ok {
		return 0, false
	}
	for i := range 15 {
		if rest == fmt.Sprint(i+1) {
			return i, true
		}
	}
	return 0, false
}

// maxDepth bounds nesting, so that a hostile rule cannot exhaust the stack.
const maxDepth = 100

// parseFilter reads a device filter rule. Precedence from tight to loose:
// comparison, not, and, or.
func parseFilter(rule string) (filterExpr, error) { return parseRule(rule, deviceProperty) }

// deviceProperty is the attribute a device filter names.
func deviceProperty(name string) (attr string, err error) {
	attr = strings.TrimPrefix(name, "device.")
	if !filterAttribute(attr) {
		return "", fmt.Errorf("unknown device property %q, want one of %s or extensionattribute1 to 15",
			attr, strings.Join(filterAttributes, ", "))
	}
	return attr, nil
}

// parseRule reads a rule whose properties are those property accepts, by their
// lower-case text as written.
func parseRule(rule string, property func(string) (string, error)) (filterExpr, error) {
	toks, err := scanFilter(rule)
	if err != nil {
		return nil, err
	}
	p := &filterParser{toks: toks, property: property}
	e, err := p.or(0)
	if err != nil {
		return nil, err
	}
	if t := p.peek(); t.kind != tokEnd {
		return nil, fmt.Errorf("unexpected %q at offset %d", t.text, t.at)
	}
	return e, nil
}

type filterParser struct {
	toks     []token
	pos      int
	property func(string) (string, error)
}

func (p *filterParser) peek() token { return p.toks[p.pos] }

func (p *filterParser) next() token {
	t := p.toks[p.pos]
	if t.kind != tokEnd {
		p.pos++
	}
	return t
}

func (p *filterParser) take(k tokenKind) bool {
	if p.peek().kind != k {
		return false
	}
	p.next()
	return true
}

func (p *filterParser) or(depth int) (filterExpr, error) {
	e, err := p.and(depth)
	if err != nil || p.peek().kind != tokOr {
		return e, err
	}
	list := []filterExpr{e}
	for p.take(tokOr) {
		e, err := p.and(depth)
		if err != nil {
			return nil, err
		}
		list = append(list, e)
	}
	return filterOr{list}, nil
}

func (p *filterParser) and(depth int) (filterExpr, error) {
	e, err := p.not(depth)
	if err != nil || p.peek().kind != tokAnd {
		return e, err
	}
	list := []filterExpr{e}
	for p.take(tokAnd) {
		e, err := p.not(depth)
		if err != nil {
			return nil, err
		}
		list = append(list, e)
	}
	return filterAnd{list}, nil
}

func (p *filterParser) not(depth int) (filterExpr, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("rule is nested more than %d deep", maxDepth)
	}
	if p.take(tokNot) {
		e, err := p.not(depth + 1)
		return filterNot{e}, err
	}
	if p.take(tokOpen) {
		e, err := p.or(depth + 1)
		if err != nil {
			return nil, err
		}
		if t := p.next(); t.kind != tokClose {
			return nil, fmt.Errorf("missing ) at offset %d", t.at)
		}
		return e, nil
	}
	return p.cmp()
}

func (p *filterParser) cmp() (filterExpr, error) {
	name := p.next()
	if name.kind != tokName {
		return nil, fmt.Errorf("expected a property at offset %d, found %q", name.at, name.text)
	}
	attr, err := p.property(name.text)
	if err != nil {
		return nil, fmt.Errorf("at offset %d: %w", name.at, err)
	}
	op := p.next()
	if op.kind != tokOp {
		return nil, fmt.Errorf("expected an operator at offset %d, found %q", op.at, op.text)
	}
	c := filterCmp{attr: attr, op: filterOps[op.text], bare: !strings.Contains(name.text, ".")}
	if p.take(tokListOpen) {
		for {
			v := p.next()
			if v.kind != tokText && v.kind != tokWord {
				return nil, fmt.Errorf("expected a value at offset %d, found %q", v.at, v.text)
			}
			if v.kind == tokWord && v.text == "null" {
				c.orNull = true
			} else {
				c.values = append(c.values, v.text)
			}
			if p.take(tokListClose) {
				if len(c.values) == 0 { // nothing but null
					c.values, c.null, c.orNull = []string{"null"}, true, false
				}
				return c, nil
			}
			if !p.take(tokComma) {
				return nil, fmt.Errorf("missing ] at offset %d", p.peek().at)
			}
		}
	}
	v := p.next()
	if v.kind != tokText && v.kind != tokWord {
		return nil, fmt.Errorf("expected a value at offset %d, found %q", v.at, v.text)
	}
	c.null = v.kind == tokWord && v.text == "null"
	c.values = []string{v.text}
	return c, nil
}
