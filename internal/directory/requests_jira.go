package directory

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// Jira's REST search gives a page of issues whose fields are one object each:
// {"names": {"customfield_10042": "Requested for"}, "issues": [{"key": …,
// "fields": {…}}]} (developer.atlassian.com, issue search; names come with
// expand=names). The names may follow the issues, so a page is read whole.

// jiraPage takes the issues of a page; at is the line its array begins on.
func (l *Loader) jiraPage(r *record, issues jsontext.Value, at int64) {
	names := map[string]string{}
	if o := r.sub("names"); o != nil {
		for i, k := range o.keys {
			if s := o.vals[i].String(); s != "" {
				names[k] = s
			}
		}
	}
	dec := jsontext.NewDecoder(bytes.NewReader(issues), jsonOptions...)
	if _, err := dec.ReadToken(); err != nil {
		return
	}
	for i := 0; dec.PeekKind() != ']'; i++ {
		v, err := dec.ReadValue()
		if err != nil {
			return // the page was read as a value: it is whole
		}
		line := at + int64(bytes.Count(issues[:dec.InputOffset()-int64(len(v))], []byte("\n")))
		path := fmt.Sprintf("/issues/%d", i)
		if v.Kind() != '{' {
			l.cur.Bad++
			l.issue(line, path, fmt.Errorf("want a JSON object, have %.40q", string(v)), "")
			continue
		}
		o, err := parseObject(v)
		if err != nil {
			l.cur.Bad++
			l.issue(line, path, err, "")
			continue
		}
		o.file, o.line, o.path = l.cur.Name, line, path
		if l.mapping(o) == nil && isIssue(o) {
			o = issueRecord(o, names)
		}
		l.element(o, nil)
	}
}

// isIssue reports a Jira issue as the REST interface gives it.
func isIssue(r *record) bool { return r.has("fields") && r.has("key") }

// issueRecord is an issue as a flat row, its custom fields under the names that
// people gave them; one without a name keeps its number.
func issueRecord(r *record, names map[string]string) *record {
	fields := r.sub("fields")
	if fields == nil {
		return r
	}
	out := &record{file: r.file, line: r.line, path: r.path}
	add := func(k string, v value) { out.keys, out.vals = append(out.keys, k), append(out.vals, v) }
	if v, ok := r.find("key"); ok {
		add("issuekey", v)
	}
	for i, k := range fields.keys {
		if i >= len(fields.vals) {
			break
		}
		v := fields.vals[i]
		if approver, how, when, ok := jiraApproval(v); ok {
			add("approver", value{text: approver})
			add("approval", value{text: how})
			add("decided", value{text: when})
			continue
		}
		if n := names[k]; n != "" && strings.HasPrefix(k, "customfield") {
			k = "customfield" + norm(n)
		}
		add(k, v)
	}
	return out
}

// jiraApproval reads the approvals field of Jira Service Management:
// [{"finalDecision": "approved", "approvers": [{"approver": {…},
// "approverDecision": "approved"}], "completedDate": {"iso8601": …}}].
func jiraApproval(v value) (approver, how, when string, ok bool) {
	items, _ := (&record{keys: []string{"v"}, vals: []value{v}}).items("v")
	for _, e := range items {
		o := e.object()
		if o == nil || !o.has("finaldecision") {
			continue
		}
		ok = true
		if s := o.text("finaldecision"); s != "" {
			how = s
		}
		if t := o.sub("completeddate").text("iso8601"); t != "" {
			when = t
		}
		who, _ := o.items("approvers")
		for _, w := range who {
			if a := w.object(); a != nil && (a.text("approverdecision") == how || approver == "") {
				approver = a.person("approver")
			}
		}
	}
	return approver, how, when, ok
}
