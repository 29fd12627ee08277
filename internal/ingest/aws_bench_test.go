package ingest

import (
	"bytes"
	"fmt"
	"testing"
)

// cloudTrail is a log file of n records of which one in share is a sign-in, the
// rest calls of services of the usual 1.5 KB.
func cloudTrail(n, share int) (data []byte, signIns int) {
	var b bytes.Buffer
	b.WriteString(`{"Records":[`)
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		if i%share == 0 {
			signIns++
			fmt.Fprintf(&b, `{"eventVersion":"1.08","userIdentity":{"type":"IAMUser","principalId":"AIDAEXAMPLE%d","arn":"arn:aws:iam::123456789012:user/person%d","accountId":"123456789012","userName":"person%d"},"eventTime":"2026-03-02T08:%02d:%02dZ","eventSource":"signin.amazonaws.com","eventName":"ConsoleLogin","awsRegion":"us-east-1","sourceIPAddress":"198.51.100.%d","userAgent":"Mozilla/5.0 (Windows NT 10.0; Win64; x64)","requestParameters":null,"responseElements":{"ConsoleLogin":"Success"},"additionalEventData":{"LoginTo":"https://console.example.com/","MobileVersion":"No","MFAIdentifier":"arn:aws:iam::123456789012:mfa/person%d","MFAUsed":"Yes"},"eventID":"%08x-1111-4111-8111-111111111111","readOnly":false,"eventType":"AwsConsoleSignIn","recipientAccountId":"123456789012"}`,
				i%97, i%97, i%97, i/60%60, i%60, i%250+1, i%97, i)
			continue
		}
		fmt.Fprintf(&b, `{"eventVersion":"1.09","userIdentity":{"type":"AssumedRole","principalId":"AROAEXAMPLE:i-%012x","arn":"arn:aws:sts::123456789012:assumed-role/worker/i-%012x","accountId":"123456789012","accessKeyId":"ASIAEXAMPLE","sessionContext":{"sessionIssuer":{"type":"Role","principalId":"AROAEXAMPLE","arn":"arn:aws:iam::123456789012:role/worker","accountId":"123456789012","userName":"worker"},"webIdFederationData":{},"attributes":{"creationDate":"2026-03-02T07:00:00Z","mfaAuthenticated":"false"},"ec2RoleDelivery":"2.0"}},"eventTime":"2026-03-02T08:%02d:%02dZ","eventSource":"s3.amazonaws.com","eventName":"GetObject","awsRegion":"us-east-1","sourceIPAddress":"192.0.2.%d","userAgent":"[aws-sdk-java/2.20 Linux/5.10 OpenJDK_64-Bit_Server_VM/17]","requestParameters":{"bucketName":"bucket-%d","Host":"bucket.s3.example.com","key":"folder/%d/object-%d.parquet"},"responseElements":null,"additionalEventData":{"SignatureVersion":"SigV4","CipherSuite":"TLS_AES_128_GCM_SHA256","bytesTransferredIn":0,"AuthenticationMethod":"AuthHeader","x-amz-id-2":"%032x","bytesTransferredOut":%d},"requestID":"%016X","eventID":"%08x-2222-4222-8222-222222222222","readOnly":true,"resources":[{"type":"AWS::S3::Object","ARN":"arn:aws:s3:::bucket/folder/%d"},{"accountId":"123456789012","type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::bucket"}],"eventType":"AwsApiCall","managementEvent":false,"recipientAccountId":"123456789012","eventCategory":"Data","tlsDetails":{"tlsVersion":"TLSv1.3","cipherSuite":"TLS_AES_128_GCM_SHA256","clientProvidedHostHeader":"bucket.s3.example.com"}}`,
			i, i, i/60%60, i%60, i%250+1, i%9, i%31, i, i, i*7, i, i, i%31)
	}
	b.WriteString("]}\n")
	return b.Bytes(), signIns
}

// BenchmarkCloudTrail is a trail whose records are nine in ten of services, the
// share met in real ones (reference section 4).
func BenchmarkCloudTrail(b *testing.B) {
	for _, share := range []int{10, 1} {
		b.Run(fmt.Sprintf("one sign-in in %d", share), func(b *testing.B) {
			data, n := cloudTrail(8000, share)
			benchmark(b, data, n, Options{})
		})
	}
	b.Run("lines", func(b *testing.B) {
		data, n := cloudTrail(8000, 10)
		data = bytes.TrimSuffix(bytes.TrimPrefix(data, []byte(`{"Records":[`)), []byte("]}\n"))
		data = append(bytes.ReplaceAll(data, []byte(`},{"eventVersion"`), []byte("}\n{\"eventVersion\"")), '\n')
		benchmark(b, data, n, Options{})
	})
}

// TestAWSFilter: what the search says of a record is what the parser says.
func TestAWSFilter(t *testing.T) {
	data, n := cloudTrail(200, 10)
	if events, bad := readAll(t, data, "a.json", Options{}); events != n || bad != 0 {
		t.Errorf("%d events, %d bad, want %d", events, bad, n)
	}
	for rec, want := range map[string]string{
		`{"eventSource":"s3.amazonaws.com","eventName":"x"}`:                                  "s3.amazonaws.com",
		` {"eventSource" : "s3.amazonaws.com" } `:                                             "s3.amazonaws.com",
		`{"eventSource":"sts.amazonaws.com","eventName":"AssumeRole"}`:                        "sts.amazonaws.com AssumeRole",
		`{"eventSource":"sts.amazonaws.com","eventName":"AssumeRole","x":{"serialNumber":1}}`: "",
		`{"eventSource":"signin.amazonaws.com","eventName":"ConsoleLogin"}`:                   "",
		`{"eventSource":"signin.amazonaws.com","eventName":"ExitRole"}`:                       "signin.amazonaws.com ExitRole",
		`{"eventSource":"a","x":{"eventSource":"b"}}`:                                         "",
		`{"eventSource":"s3\u002eamazonaws.com"}`:                                             "",
		`{"eventSource":1}`:                            "",
		`{"eventSource":"s3.amazonaws.com"`:            "",
		`{"event\u0053ource":"s3.amazonaws.com"}`:      "",
		`{"x":"\"eventSource\":\"s3.amazonaws.com\""}`: "",
		`{}`: "", ``: "", `{"eventSource":`: "", `{"eventSource"}`: "", `{"eventSource":"x}`: "",
	} {
		if typ, known := awsOther([]byte(rec)); typ != want || known != (want != "") {
			t.Errorf("%s: %q %v, want %q", rec, typ, known, want)
		}
	}
}
