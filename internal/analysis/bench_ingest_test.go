package analysis

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"frisk/internal/duck"
)

func ingestJob(ctx context.Context, j *job) (outcome, error) {
	cfg, opt, err := j.load()
	if err != nil {
		return outcome{}, err
	}
	return measure(func() (int64, error) {
		res, err := Ingest(ctx, cfg, opt, []string{j.Input}, IngestOptions{Stdin: os.Stdin})
		if err != nil {
			return 0, err
		}
		if res.Total.Kept != res.Total.Read {
			return 0, fmt.Errorf("lost rows: %+v", res.Total)
		}
		return res.Total.Kept, nil
	})
}

// duckProperties is the type of a sign-in, with the fields that we store.
const duckProperties = `STRUCT(
 id VARCHAR, createdDateTime TIMESTAMP, correlationId VARCHAR, originalRequestId VARCHAR, sessionId VARCHAR, uniqueTokenIdentifier VARCHAR,
 userId VARCHAR, userPrincipalName VARCHAR, userDisplayName VARCHAR, userType VARCHAR, servicePrincipalId VARCHAR, servicePrincipalName VARCHAR,
 appId VARCHAR, appDisplayName VARCHAR, resourceId VARCHAR, resourceDisplayName VARCHAR,
 ipAddress VARCHAR, ipAddressFromResourceProvider VARCHAR, autonomousSystemNumber INTEGER,
 clientAppUsed VARCHAR, userAgent VARCHAR, authenticationProtocol VARCHAR, originalTransferMethod VARCHAR, incomingTokenType VARCHAR,
 authenticationRequirement VARCHAR, conditionalAccessStatus VARCHAR, homeTenantId VARCHAR, resourceTenantId VARCHAR, crossTenantAccessType VARCHAR,
 riskLevelDuringSignIn VARCHAR, riskLevelAggregated VARCHAR, riskState VARCHAR, riskDetail VARCHAR, riskEventTypes_v2 VARCHAR[],
 isInteractive BOOLEAN, signInEventTypes VARCHAR[],
 status STRUCT(errorCode INTEGER, failureReason VARCHAR, additionalDetails VARCHAR),
 deviceDetail STRUCT(deviceId VARCHAR, displayName VARCHAR, operatingSystem VARCHAR, browser VARCHAR, isCompliant BOOLEAN, isManaged BOOLEAN, trustType VARCHAR),
 location STRUCT(city VARCHAR, state VARCHAR, countryOrRegion VARCHAR, geoCoordinates STRUCT(latitude DOUBLE, longitude DOUBLE)),
 mfaDetail STRUCT(authMethod VARCHAR, authDetail VARCHAR), authenticationMethodsUsed VARCHAR[],
 authenticationDetails STRUCT(authenticationMethod VARCHAR, authenticationMethodDetail VARCHAR, succeeded BOOLEAN, authenticationStepResultDetail VARCHAR, authenticationStepRequirement VARCHAR)[],
 authenticationRequirementPolicies STRUCT(requirementProvider VARCHAR, detail VARCHAR)[],
 appliedConditionalAccessPolicies STRUCT(id VARCHAR, displayName VARCHAR, enforcedGrantControls VARCHAR[], enforcedSessionControls VARCHAR[], result VARCHAR, conditionsSatisfied BIGINT, conditionsNotSatisfied BIGINT)[],
 sessionLifetimePolicies STRUCT(expirationRequirement VARCHAR, detail VARCHAR)[],
 networkLocationDetails STRUCT(networkType VARCHAR, networkNames VARCHAR[])[],
 authenticationContextClassReferences STRUCT(id VARCHAR, detail VARCHAR)[], conditionalAccessAudiences VARCHAR[])`

// duckColumns are the fields of a diagnostic record that we store, no more:
// without explicit columns DuckDB would be slower by a sampling pass, and with
// all of them it would store what we do not.
const duckColumns = `{time: 'TIMESTAMP', category: 'VARCHAR', tenantId: 'VARCHAR', resultType: 'VARCHAR', callerIpAddress: 'VARCHAR', identity: 'VARCHAR',
properties: '` + duckProperties + `'}`

// duckIngestJob is the baseline: DuckDB reads the same file with explicit
// columns and writes one Parquet file with zstd. It neither sorts, nor checks
// for duplicates, nor looks addresses up.
func duckIngestJob(ctx context.Context, j *job) (outcome, error) {
	if err := os.MkdirAll(j.Data, 0o700); err != nil {
		return outcome{}, err
	}
	statement := "COPY (SELECT * FROM read_json(" + sqlText(j.Input) + ", format = 'newline_delimited', columns = " + duckColumns + ")) TO " +
		sqlText(filepath.Join(j.Data, "signins.parquet")) + " (FORMAT parquet, COMPRESSION zstd)"
	// Keeping the order of the lines costs DuckDB memory, and the order of the
	// lines is nothing anybody needs.
	return duckJob(ctx, "SET preserve_insertion_order = "+strconv.FormatBool(j.Set == "ordered"), statement)
}

// duckJob measures one statement whose first cell is a number of rows.
func duckJob(ctx context.Context, setting, statement string) (outcome, error) {
	db, err := duck.Open(ctx, duck.Options{Threads: benchThreads})
	if err != nil {
		return outcome{}, err
	}
	if _, err := db.Query(ctx, setting); err != nil {
		return outcome{}, closeAll(err, db)
	}
	second := int64(0)
	o, err := measure(func() (int64, error) {
		res, err := db.Query(ctx, statement)
		if err != nil {
			return 0, err
		}
		n, ok := res.Rows[0][0].(int64)
		if !ok {
			return 0, fmt.Errorf("the first cell is a %T", res.Rows[0][0])
		}
		if len(res.Rows[0]) > 1 {
			second, _ = res.Rows[0][1].(int64) // for comparing what was counted
		}
		return n, nil
	})
	if o.Extra != nil {
		o.Extra["second"] = float64(second)
	}
	return o, closeAll(err, db)
}

func sqlText(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// benchIngest alternates our ingest with the baseline on the same file.
func benchIngest(b *testing.B, s *setting, ext string) {
	input := benchInput(b, s.rows, ext)
	st, err := os.Stat(benchInput(b, s.rows, "")) // MB/s are of the plain text
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		var ours, base series
		for range s.rounds {
			data := filepath.Join(b.TempDir(), "data")
			ours = append(ours, spawn(b, job{Name: "ingest", Input: input, Tenant: s.tenant, Data: data}))
			b.ReportMetric(float64(folderSize(b, data))/float64(s.rows), "bytes/event")
			base = append(base, spawn(b, job{Name: "duck-ingest", Input: input, Data: filepath.Join(b.TempDir(), "duck")}))
		}
		ours.check(b, "ingest", s.rows)
		base.check(b, "duckdb", s.rows)
		ours.report(b, s.rows, st.Size(), base)
	}
}

func folderSize(b *testing.B, dir string) (n int64) {
	b.Helper()
	err := filepath.WalkDir(dir, func(_ string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		i, err := d.Info()
		n += i.Size()
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return n
}
