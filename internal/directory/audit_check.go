package directory

import (
	"cmp"
	"fmt"
	"slices"

	"frisk/internal/signin"
)

// checkLog says how many memberships the audit log leaves otherwise than an
// export without a date has them: that export is then older than the log's end,
// or the log has a hole, and those memberships stay open.
func (l *Loader) checkLog() {
	d := l.root
	n := 0
	for _, g := range sortedKeys(d.past.members) {
		v := d.groups[g]
		whole := v != nil && v.Complete && !v.Transitive
		if d.past.now != nil {
			whole = whole && d.past.now[g]
		}
		for _, who := range sortedKeys(d.past.members[g]) {
			last := slices.MaxFunc(d.past.members[g][who], func(a, b fact) int { return cmp.Compare(a.from, b.from) })
			spans := d.members[g][who]
			listed := slices.Contains(spans, span{})
			if (listed || whole && len(spans) == 0) && signin.TruthOf(listed) != last.after {
				n++
			}
		}
	}
	if n == 0 {
		return
	}
	for _, f := range l.files {
		if slices.ContainsFunc(f.Counts, func(c Count) bool { return c.Kind == "audit-log" }) {
			l.note(f.Name, &Issue{
				File: f.Name, Err: fmt.Errorf("memberships that the export without a date has otherwise than the last change of the audit log leaves them: %d", n),
				Hint: "put the older export into a folder named by its date, as in exports/2026-05-01",
			})
			return
		}
	}
}
