package directory

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"frisk/internal/signin"
)

func addRiskRecord(l *Loader, r *record, k riskKind) error {
	stream := r.has("timegenerated", "operationname")
	if p := r.sub("properties"); p != nil && r.has("category") {
		r = p
	}
	q := riskRecord{
		kind: k, level: strings.ToLower(r.text("risklevel")), state: strings.ToLower(r.text("riskstate")),
		at: r.time("risklastupdateddatetime"), made: l.at, stream: stream, file: l.cur.Name,
		history: r.has("risklastupdateddatetime") && (r.has("activity", "initiatedby") || strings.HasSuffix(strings.ToLower(r.text("@odata.type")), "historyitem")),
	}
	if k == riskOfUser {
		q.id, q.upn = r.text("userid"), r.text("userprincipalname", "upn")
	} else {
		q.id = r.text("serviceprincipalid")
	}
	if !r.has("risklastupdateddatetime") {
		q.at = r.time(detectedNames...)
		q.updated = r.time("lastupdateddatetime")
		q.detection = cmp.Or(r.text("id"), fmt.Sprintf("%s:%d", l.cur.Name, r.line))
	} else if q.id == "" {
		q.id = r.text("id")
	}
	switch {
	case r.err != nil:
		return r.err
	case q.id == "" && q.upn == "":
		return errors.New("neither id nor userPrincipalName")
	case !slices.Contains(userRiskLevels, q.level):
		return fmt.Errorf("risk level %q, want one of %s", r.text("risklevel"), strings.Join(userRiskLevels, ", "))
	case q.at == 0:
		return errors.New("no riskLastUpdatedDateTime or detectedDateTime")
	}
	l.risks = append(l.risks, q)
	return nil
}

// levelRow is one row of the insider risk table.
type levelRow struct {
	who, level, file string
	from, until      signin.Time
}

func addInsiderRecord(l *Loader, r *record) error {
	q := levelRow{r.text(memberNames...), strings.ToLower(r.text("insiderrisklevel", "level")), l.cur.Name, r.time(fromNames...), r.time(untilNames...)}
	switch {
	case r.err != nil:
		return r.err
	case q.who == "":
		return errors.New("empty user")
	case !slices.Contains(insiderLevels, q.level):
		return fmt.Errorf("insider risk level %q, want one of %s", q.level, strings.Join(insiderLevels, ", "))
	case q.until != 0 && q.until <= q.from:
		return fmt.Errorf("ends at %s, not after its start %s", q.until, q.from)
	}
	l.levels = append(l.levels, q)
	return nil
}

// wholeRisk takes the word of a page that nobody is missing from it, and of
// one with history that no change is.
func (l *Loader) wholeRisk(p *page) {
	if n := len(l.risks); n > 0 && l.risks[n-1].file == l.cur.Name && l.risks[n-1].history {
		l.wholeHistory[l.cur.Name] = true
	}
	switch p.kind {
	case "risky-users":
		l.root.setRiskWhole(riskOfUser, l.at.to)
	case "risky-service-principals":
		l.root.setRiskWhole(riskOfService, l.at.to)
	}
}

// resolveRisk turns names into ids and records into levels over time.
func (l *Loader) resolveRisk() {
	missing := map[string]int{}
	who := func(id, upn, file string) string {
		if id != "" && !isName(id) {
			return key(id)
		}
		name := cmp.Or(upn, id)
		if id := l.root.Resolve(name); id != "" {
			return id
		}
		missing[file]++
		return signin.NamePrefix + key(name)
	}
	for _, q := range l.levels {
		l.root.addRisk(riskOfInsider, who(q.who, "", q.file), riskFact{q.from, q.until, q.level})
	}
	for k := range numRiskKinds {
		by := map[string][]riskRecord{}
		for _, q := range l.risks {
			if q.kind == k {
				id := who(q.id, q.upn, q.file)
				by[id] = append(by[id], q)
			}
		}
		for id, list := range by {
			for _, f := range riskFacts(list) {
				l.root.addRisk(k, id, f)
			}
			if slices.ContainsFunc(list, func(q riskRecord) bool { return q.history && l.wholeHistory[q.file] }) {
				l.root.addRisk(k, id, riskFact{level: "none"})
			}
		}
	}
	for _, m := range l.methods {
		l.root.SetRegistered(who(m.id, m.upn, m.file), m.methods)
	}
	l.levels, l.risks, l.methods = nil, nil, nil
	l.missingPeople(missing, "people with a risk level or registered methods", "export the users, or list people by object id")
}

// riskFacts lays out what is told of one identity. Records about the identity
// itself count; before the first of them single detections tell what they can.
//
// A state read at an export holds from its last update to the export; a log of
// changes holds until its next record. Nothing is known before the first.
func riskFacts(list []riskRecord) []riskFact {
	var out []riskFact
	first := forever
	for _, q := range list {
		if q.detection != "" {
			continue
		}
		first = min(first, q.at)
		f := riskFact{from: q.at, level: effective(q.level, q.state)}
		if !q.stream && q.made != undated && q.made.to > q.at {
			f.until = q.made.to
		}
		out = append(out, f)
	}
	for _, f := range fromDetections(list) {
		if f.from < first {
			out = append(out, f)
		}
	}
	return out
}

// effective is the level policies see: a risk that was dealt with is none, and
// a confirmed compromise is high. Source: learn.microsoft.com
// graph/api/riskyuser-confirmcompromised ("sets the targeted user's risk level
// to high"), graph/api/resources/riskyuser (riskState).
func effective(level, state string) string {
	switch {
	case slices.Contains(riskClosedState, state):
		return "none"
	case state == "confirmedcompromised":
		return "high"
	}
	return level
}

// fromDetections takes the highest level of the detections open at a time for
// the level of the identity. Entra may weigh several detections otherwise, so
// this is the second choice. A log has one record per update of a detection;
// the last one tells whether it was closed, and when.
func fromDetections(list []riskRecord) []riskFact {
	type detection struct {
		from, until, updated signin.Time
		level                string
	}
	by := map[string]*detection{}
	for _, q := range list {
		if q.detection == "" {
			continue
		}
		d := by[q.detection]
		if d == nil {
			d = &detection{from: q.at}
			by[q.detection] = d
		}
		d.from = min(d.from, q.at)
		level := q.level
		if q.state == "confirmedcompromised" {
			level = "high"
		}
		if level != "none" && riskOrder(level) > riskOrder(d.level) {
			d.level = level
		}
		if effective(level, q.state) == "none" && max(q.updated, q.at) >= d.updated {
			d.until = max(q.updated, q.at)
		}
		d.updated = max(d.updated, q.updated, q.at)
	}
	var cuts []signin.Time
	for _, d := range by {
		cuts = append(cuts, d.from)
		if d.until > d.from {
			cuts = append(cuts, d.until)
		}
	}
	slices.Sort(cuts)
	var out []riskFact
	for _, at := range slices.Compact(cuts) {
		level := "none"
		for _, id := range slices.Sorted(maps.Keys(by)) {
			d := by[id]
			if d.from > at || d.until != 0 && at >= d.until {
				continue
			}
			if d.level == "" && level == "none" || riskOrder(d.level) > riskOrder(level) {
				level = d.level
			}
		}
		out = append(out, riskFact{from: at, level: level})
	}
	return out
}
