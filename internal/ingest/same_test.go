package ingest

import (
	"bytes"
	"context"
	"testing"

	"frisk/internal/signin"

	"github.com/google/go-cmp/cmp"
)

// TestSameSignIn: Entra's own log, the unified audit log and Defender's table
// give one sign-in the same identity, so that a dataset holds it once.
func TestSameSignIn(t *testing.T) {
	type identity struct {
		provider, tenant, id, person, name, correlation, code string
		outcome                                               signin.Outcome
		reason                                                signin.Reason
	}
	var got []identity
	for _, in := range []struct{ name, record string }{
		{"graph.json", `{"id":"22222222-0001-4222-8222-222222222222","createdDateTime":"2026-03-02T08:00:00.4Z","userId":"33333333-0001-4333-8333-333333333333","userPrincipalName":"ada@example.com","correlationId":"44444444-0001-4444-8444-444444444444","ipAddress":"198.51.100.7","resourceTenantId":"55555555-5555-4555-8555-555555555555","status":{"errorCode":50126}}`},
		{"ual.json", `{"CreationTime":"2026-03-02T08:00:00","Id":"aaaaaaaa-0001-4000-8000-000000000001","Operation":"UserLoginFailed","RecordType":15,"ResultStatus":"Success","OrganizationId":"55555555-5555-4555-8555-555555555555","UserKey":"33333333-0001-4333-8333-333333333333","UserId":"Ada@example.com","Workload":"AzureActiveDirectory","InterSystemsId":"44444444-0001-4444-8444-444444444444","IntraSystemId":"22222222-0001-4222-8222-222222222222","ErrorNumber":"50126"}`},
		{"hunting.json", `{"Timestamp":"2026-03-02T08:00:00.4Z","RequestId":"22222222-0001-4222-8222-222222222222","CorrelationId":"44444444-0001-4444-8444-444444444444","AccountObjectId":"33333333-0001-4333-8333-333333333333","AccountUpn":"ada@example.com","ResourceTenantId":"55555555-5555-4555-8555-555555555555","ErrorCode":50126}`},
	} {
		for b, err := range Read(context.Background(), []Source{ReaderSource(in.name, bytes.NewReader([]byte(in.record)))}, Options{Workers: 1}) {
			if err != nil || b.FileErr != nil || len(b.Events) != 1 {
				t.Fatalf("%s: %v %v %v", in.name, err, b.FileErr, b.Bad)
			}
			e := b.Events[0]
			got = append(got, identity{e.Provider, e.Tenant, e.ID, e.Principal.ID, e.Principal.Name, e.Correlation, e.Code, e.Outcome, e.Reason})
		}
	}
	for i, g := range got[1:] {
		if diff := cmp.Diff(got[0], g, cmp.AllowUnexported(identity{})); diff != "" {
			t.Errorf("export %d (-graph +other):\n%s", i+1, diff)
		}
	}
}
