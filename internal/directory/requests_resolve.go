package directory

import (
	"cmp"
	"slices"
	"strings"
)

// resolveRequests turns the people of requests into object ids: by object id,
// user principal name, mail, then by a display name that only one person has. A
// request that was exported twice counts once, as it was decided last.
func (l *Loader) resolveRequests() {
	byName := map[string]string{} // lower-case display name -> id, "" when shared
	for _, u := range l.root.Users() {
		n := strings.ToLower(u.DisplayName)
		if _, taken := byName[n]; taken {
			byName[n] = ""
		} else {
			byName[n] = u.ID
		}
	}
	missing := map[string]int{}
	resolve := func(name, file string) string {
		if name == "" {
			return ""
		}
		id := cmp.Or(l.root.Resolve(name), byName[strings.ToLower(name)])
		if id == "" && guid.MatchString(name) {
			return key(name)
		}
		if id == "" && file != "" {
			missing[file]++
		}
		return cmp.Or(id, name)
	}
	slices.SortStableFunc(l.requests, func(a, b Request) int {
		return cmp.Or(cmp.Compare(a.Created, b.Created), cmp.Compare(a.System, b.System), cmp.Compare(a.ID, b.ID),
			cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
	for _, q := range l.onceEach(l.requests) {
		q.Requester = resolve(q.Requester, "")
		q.Approver = resolve(q.Approver, "")
		q.Beneficiary = resolve(q.Beneficiary, q.File)
		q.Matched = l.root.User(q.Beneficiary) != nil
		l.mapPolicy(&q)
		l.root.Requests = append(l.root.Requests, q)
	}
	l.requests = nil
	l.root.RequestFiles = l.requestFiles()
	l.missingPeople(missing, "people with requests", "export the users, so that requests can be tied to sign-ins")
}

// onceEach drops the older copies of a request, which have its system, id and
// time of creation; rs is in that order.
func (l *Loader) onceEach(rs []Request) []Request {
	same := func(a, b *Request) bool { return a.Created == b.Created && a.System == b.System && a.ID == b.ID }
	newer := func(a, b *Request) bool {
		open := func(q *Request) bool { return q.Decision == "" || q.Decision == pendingWord }
		if open(a) != open(b) {
			return !open(a)
		}
		return a.Decided > b.Decided || a.Decided == b.Decided && a.EffectiveTo > b.EffectiveTo
	}
	var out []Request
	for i := range rs {
		n := len(out)
		if n == 0 || !same(&out[n-1], &rs[i]) {
			out = append(out, rs[i])
			continue
		}
		drop := rs[i].File
		if newer(&rs[i], &out[n-1]) {
			drop, out[n-1] = out[n-1].File, rs[i]
		}
		t := l.requestTally(drop)
		t.used--
		t.left[leftTwice]++
	}
	return out
}
