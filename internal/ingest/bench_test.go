package ingest

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// betaRecord is an invented Graph beta sign-in of about 4.7 KB with eight
// policies, the usual size in a tenant with Conditional Access.
func betaRecord(i int) string {
	results := []string{"success", "notApplied", "notApplied", "reportOnlyNotApplied", "notEnabled"}
	var policies []string
	for p := range 8 {
		policies = append(policies, fmt.Sprintf(`{"id":"%08x-1111-4111-8111-111111111111","displayName":"CA%03d: a policy name","enforcedGrantControls":["Mfa"],"enforcedSessionControls":["SignInFrequency"],"result":"%s","conditionsSatisfied":"application,users","conditionsNotSatisfied":"none"}`,
			p, p, results[(p+i%7)%len(results)]))
	}
	n := i % 251
	return fmt.Sprintf(`{"id":"%08x-2222-4222-8222-%012x","createdDateTime":"2026-03-%02dT%02d:%02d:%02d.1234567Z","userDisplayName":"Person Ünïcode %d","userPrincipalName":"person%d@example.com","userId":"%08x-3333-4333-8333-333333333333","appId":"18a66f5f-dbdf-4c17-9dd7-1634712a9cbe","appDisplayName":"Azure Machine Learning","ipAddress":"198.51.100.%d","ipAddressFromResourceProvider":null,"clientAppUsed":"Browser","userAgent":"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0","correlationId":"%08x-4444-4444-8444-444444444444","conditionalAccessStatus":"success","originalRequestId":"%08x-2222-4222-8222-%012x","isInteractive":true,"tokenIssuerName":"","tokenIssuerType":"AzureAD","clientCredentialType":"none","processingTimeInMilliseconds":312,"riskDetail":"none","riskLevelAggregated":"none","riskLevelDuringSignIn":"none","riskState":"none","riskEventTypes_v2":[],"resourceDisplayName":"Windows Azure Service Management API","resourceId":"797f4846-ba00-4fd7-ba43-dac1f8f63013","resourceTenantId":"55555555-5555-4555-8555-555555555555","homeTenantId":"55555555-5555-4555-8555-555555555555","homeTenantName":"","authenticationMethodsUsed":[],"authenticationRequirement":"multiFactorAuthentication","signInIdentifier":"person%d@example.com","signInIdentifierType":null,"servicePrincipalName":null,"signInEventTypes":["interactiveUser"],"servicePrincipalId":"","federatedCredentialId":null,"userType":"member","flaggedForReview":false,"isTenantRestricted":false,"autonomousSystemNumber":64500,"crossTenantAccessType":"none","servicePrincipalCredentialKeyId":"","servicePrincipalCredentialThumbprint":"","uniqueTokenIdentifier":"AAAAAAAAAAAAAAAAAAA%03x","incomingTokenType":"none","authenticationProtocol":"none","resourceServicePrincipalId":"66666666-6666-4666-8666-666666666666","authenticationAppDeviceDetails":null,"status":{"errorCode":0,"failureReason":"Other.","additionalDetails":null},"deviceDetail":{"deviceId":"%08x-7777-4777-8777-777777777777","displayName":"LAPTOP-%d","operatingSystem":"Windows10","browser":"Edge 126.0.0","isCompliant":true,"isManaged":true,"trustType":"Azure AD joined"},"location":{"city":"Springfield","state":"Some State","countryOrRegion":"US","geoCoordinates":{"altitude":null,"latitude":39.78%02d,"longitude":-89.65%02d}},"mfaDetail":{"authMethod":"Mobile app notification","authDetail":null},"appliedConditionalAccessPolicies":[%s],"authenticationContextClassReferences":[],"authenticationProcessingDetails":[{"key":"Login Hint Present","value":"True"},{"key":"Legacy TLS (TLS 1.0, 1.1, 3DES)","value":"False"},{"key":"Is CAE Token","value":"False"}],"networkLocationDetails":[{"networkType":"namedNetwork","networkNames":["HQ"]}],"authenticationDetails":[{"authenticationStepDateTime":"2026-03-01T08:00:00Z","authenticationMethod":"Password","authenticationMethodDetail":"Password in the cloud","succeeded":true,"authenticationStepResultDetail":"Correct password","authenticationStepRequirement":"Primary authentication"},{"authenticationStepDateTime":"2026-03-01T08:00:%02dZ","authenticationMethod":"Mobile app notification","authenticationMethodDetail":"","succeeded":true,"authenticationStepResultDetail":"MFA successfully completed","authenticationStepRequirement":"Multifactor authentication"}],"authenticationRequirementPolicies":[{"requirementProvider":"multiConditionalAccess","detail":"Conditional Access"}],"sessionLifetimePolicies":[]}`,
		i, i, 1+i%28, i%24, i%60, (i/7)%60, n, n, n, n%250+1, i, i, i, n, i%4096, n, n, i%100, i%100, strings.Join(policies, ","), i%60)
}

// betaLines is n such records, one a line.
func betaLines(n int) []byte {
	var b bytes.Buffer
	for i := range n {
		b.WriteString(betaRecord(i))
		b.WriteByte('\n')
	}
	return b.Bytes()
}

func readAll(tb testing.TB, data []byte, name string, opt Options) (events, bad int) {
	tb.Helper()
	for b, err := range Read(context.Background(), []Source{ReaderSource(name, bytes.NewReader(data))}, opt) {
		if err != nil {
			tb.Fatal(err)
		}
		if b.FileErr != nil {
			tb.Fatal(b.FileErr)
		}
		events += len(b.Events)
		bad += len(b.Bad)
	}
	return events, bad
}

func benchmark(b *testing.B, data []byte, events int, opt Options) {
	b.Helper()
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if got, bad := readAll(b, data, "bench.jsonl", opt); got != events || bad != 0 {
			b.Fatalf("%d events, %d bad, want %d", got, bad, events)
		}
	}
	b.ReportMetric(float64(events)*float64(b.N)/b.Elapsed().Seconds(), "events/s")
}

func BenchmarkGraphLines(b *testing.B) {
	data := betaLines(4000)
	for _, w := range []int{1, 2} {
		b.Run(fmt.Sprintf("workers=%d", w), func(b *testing.B) { benchmark(b, data, 4000, Options{Workers: w}) })
	}
}

func BenchmarkGraphPages(b *testing.B) {
	var data []byte
	for range 4 {
		lines := bytes.Split(bytes.TrimSpace(betaLines(1000)), []byte("\n"))
		data = append(data, `{"@odata.context":"x","value":[`...)
		data = append(data, bytes.Join(lines, []byte(","))...)
		data = append(data, "]}\n"...)
	}
	benchmark(b, data, 4000, Options{})
}

func BenchmarkGraphGzip(b *testing.B) {
	plain := betaLines(4000)
	var z bytes.Buffer
	w := gzip.NewWriter(&z)
	_, _ = w.Write(plain)
	_ = w.Close()
	b.SetBytes(int64(len(plain)))
	for b.Loop() {
		readAll(b, z.Bytes(), "bench.jsonl.gz", Options{})
	}
	b.ReportMetric(4000*float64(b.N)/b.Elapsed().Seconds(), "events/s")
}

// BenchmarkDecode is the decoder alone, on one core.
func BenchmarkDecode(b *testing.B) {
	data := betaLines(2000)
	lines := bytes.Split(bytes.TrimSpace(data), []byte("\n"))
	i := slices.IndexFunc(formats, func(f *Format) bool { return f.Name == "entra-graph" })
	f := &file{name: "bench", opt: &Options{MaxLine: DefaultMaxLine}, format: formats[i]}
	open, err := f.format.open(f)
	if err != nil {
		b.Fatal(err)
	}
	w := &worker{scratch: newScratch(), file: f, decode: open(newScratch())}
	f.decoder = open
	spans := make([]span, len(lines))
	at := 0
	for i, l := range lines {
		spans[i] = span{start: at, end: at + len(l), line: int64(i + 1)}
		at += len(l) + 1
	}
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if got := w.batch(&chunk{file: f, data: data, spans: spans}); len(got.Events) != len(lines) {
			b.Fatal(got.Bad[0])
		}
	}
	b.ReportMetric(float64(len(lines))*float64(b.N)/b.Elapsed().Seconds(), "events/s")
}
