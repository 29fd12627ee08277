package synth

import (
	"frisk/internal/signin"
)

// operations are what people do to a workspace; the Activity log records
// writes, deletes and actions, never reads (reference 4.2).
var operations = []struct{ name, text string }{
	{"Microsoft.MachineLearningServices/workspaces/jobs/write", "Create or Update Job"},
	{"Microsoft.MachineLearningServices/workspaces/experiments/runs/submit/action", "Submit Run"},
	{"Microsoft.MachineLearningServices/workspaces/computes/start/action", "Start Compute"},
	{"Microsoft.MachineLearningServices/workspaces/models/versions/write", "Register Model"},
	{"Microsoft.MachineLearningServices/workspaces/listKeys/action", "List Workspace Keys"},
}

// activity appends the Activity records of the operations done with the token
// of r, each preceded by a comma and newline unless it is the first, in the
// shape of "az monitor activity-log list".
func (t *Tenant) activity(b []byte, r *Record, first bool) []byte {
	p := t.people[r.person]
	w := &workspaces[r.workspace]
	for k := range r.ops {
		h := mix(uint64(r.ID[7])<<16 | uint64(r.ID[8])<<8 | uint64(k))
		op := &operations[h%uint64(len(operations))]
		at := r.Time + 20*signin.Second + signin.Time(h>>8%uint64(50*signin.Minute)) //nolint:gosec // below an hour
		if !first {
			b = append(b, ",\n"...)
		}
		first = false
		id := r.ID
		id[15] ^= k + 1
		b = append(b, `{"authorization":{"action":`...)
		b = str(b, op.name)
		b = field(b, "scope", w.resourceID())
		b = append(b, '}')
		b = field(b, "caller", p.upn)
		b = append(b, `,"channels":"Operation","claims":{"aud":"https://management.core.windows.net/"`...)
		b = field(b, "appid", targets[r.app].id)
		b = append(b, `,"ipaddr":"`...)
		b = r.where.ip.AppendTo(b)
		b = append(b, '"')
		b = field(b, "name", p.display())
		b = field(b, "http://schemas.microsoft.com/identity/claims/objectidentifier", p.id.String())
		b = field(b, "http://schemas.microsoft.com/identity/claims/tenantid", tenantID)
		b = field(b, "uti", uti(r.ID))
		b = append(b, '}')
		b = guidField(b, "correlationId", id)
		b = guidField(b, "eventDataId", id)
		b = append(b, `,"eventName":{"value":"EndRequest","localizedValue":"End request"},"eventTimestamp":"`...)
		b = stamp(b, at)
		b = append(b, `","httpRequest":{"clientIpAddress":"`...)
		b = r.where.ip.AppendTo(b)
		b = append(b, `"},"level":"Informational","operationName":{"value":`...)
		b = str(b, op.name)
		b = field(b, "localizedValue", op.text)
		b = append(b, '}')
		b = field(b, "resourceGroupName", w.resourceGroup)
		b = field(b, "resourceId", w.resourceID())
		b = append(b, `,"resourceType":{"value":"Microsoft.MachineLearningServices/workspaces","localizedValue":"Microsoft.MachineLearningServices/workspaces"},"status":{"value":"Succeeded","localizedValue":"Succeeded"}`...)
		b = field(b, "subscriptionId", subscription)
		b = field(b, "tenantId", tenantID)
		b = append(b, '}')
	}
	return b
}
