package ingest

import (
	"bytes"
	"errors"
	"fmt"

	"frisk/internal/signin"
)

// entraStream tells the stream from the name the portal gives its downloads.
func entraStream(name string) signin.Stream {
	b := baseName(name)
	for _, hint := range []struct {
		word   string
		stream signin.Stream
	}{
		{"noninteractive", signin.NonInteractive},
		{"interactivesignin", signin.Interactive},
		{"applicationsignin", signin.ServicePrincipal},
		{"serviceprincipal", signin.ServicePrincipal},
		{"msisignin", signin.ManagedIdentity},
		{"managedidentit", signin.ManagedIdentity},
	} {
		if bytes.Contains([]byte(b), []byte(hint.word)) {
			return hint.stream
		}
	}
	return signin.StreamUnknown
}

// jsonRows makes decoders for JSON records whose members t names.
func jsonRows(t *keyTable, nan, utc bool) func(*file) (func(*scratch) decoder, error) {
	return func(f *file) (func(*scratch) decoder, error) {
		hint := entraStream(f.name)
		return func(sc *scratch) decoder {
			r := &entraRow{sc: sc, f: f, hint: hint, utc: utc}
			return func(rec []byte, ev *signin.Event, tl *tally) (string, error) {
				r.begin(ev, tl)
				s := &sc.scan
				s.AllowNaN = nan
				s.Reset(rec)
				if s.Kind() != '{' {
					return "", notRecord(s.End())
				}
				r.object(t, s)
				if err := s.End(); err != nil {
					return "", err
				}
				return r.finish()
			}
		}, nil
	}
}

var errRecord = errors.New("not an object: want one sign-in")

func notRecord(err error) error {
	if err != nil {
		return fmt.Errorf("%w: %w", errRecord, err)
	}
	return errRecord
}

var _ = register(Format{
	Name:     "entra-graph",
	Doc:      "Microsoft Graph signIn objects (v1.0 or beta): pages, arrays, JSON lines, and the portal's JSON download",
	Provider: "entra",
	reuse:    true,
	detect: func(s *sample) error {
		if s.none && bytes.Contains(s.head, []byte("auditLogs/signIns")) {
			return nil // a page without rows
		}
		if err := s.wantJSON(); err != nil {
			return err
		}
		if !s.has("createdDateTime") {
			if s.hasAny("activityDateTime") {
				return fmt.Errorf("records with activityDateTime are audit or risk records, not sign-ins")
			}
			return fmt.Errorf("no record has createdDateTime; found the members %s", list(s.keys[:min(len(s.keys), 20)]))
		}
		if s.props {
			return fmt.Errorf("records keep their content under \"properties\"")
		}
		if !s.hasAny("ipAddress", "conditionalAccessStatus", "clientAppUsed", "correlationId", "signInEventTypes", "isInteractive") {
			return fmt.Errorf("records have createdDateTime but nothing of a sign-in (ipAddress, correlationId, conditionalAccessStatus, …): another kind of object")
		}
		return nil
	},
	open: jsonRows(graphFields, false, false),
})

var _ = register(Format{
	Name:     "entra-diagnostic",
	Doc:      "Microsoft Entra diagnostic settings: storage account (JSON lines) and Event Hub ({\"records\": [...]})",
	Provider: "entra",
	reuse:    true,
	detect: func(s *sample) error {
		if err := s.wantJSON(); err != nil {
			return err
		}
		if !s.props || !s.hasAny("category", "operationName", "Category") {
			return fmt.Errorf("no record has both \"category\" and \"properties\"")
		}
		category := s.words["category"] + s.words["Category"]
		if category != "" && !isSignInWord(category) {
			return fmt.Errorf("category is %q, not one of the sign-in logs", category)
		}
		if category == "" && s.words["operationName"] != "Sign-in activity" {
			return fmt.Errorf("operationName is %q, not \"Sign-in activity\"", s.words["operationName"])
		}
		return nil
	},
	open: jsonRows(envelopeFields, false, false),
})

// columnMarks are columns that only Log Analytics has.
var columnMarks = []string{"TimeGenerated", "AADTenantId", "ResultType", "ResourceIdentity", "Type", "Category"}

var _ = register(Format{
	Name:     "entra-loganalytics",
	Doc:      "Log Analytics or Sentinel sign-in tables as JSON: one object per row, cells as objects or as text",
	Provider: "entra",
	reuse:    true,
	detect: func(s *sample) error {
		if err := s.wantJSON(); err != nil {
			return err
		}
		if !s.hasAny("CreatedDateTime", "TimeGenerated") {
			return fmt.Errorf("no row has the column CreatedDateTime or TimeGenerated")
		}
		return columnTable(s.words["Type"], s.words["Category"], s.hasAny)
	},
	open: jsonRows(columnFields, true, false),
})

// columnTable checks that rows with Log Analytics columns are sign-ins.
func columnTable(table, category string, hasAny func(...string) bool) error {
	switch {
	case table != "" && !isSignInWord(table):
		return fmt.Errorf("rows are of the table %q, not of a sign-in table", table)
	case table == "" && category != "" && !isSignInWord(category):
		return fmt.Errorf("rows are of the category %q, not of a sign-in log", category)
	case !hasAny("UserId", "UserPrincipalName", "ServicePrincipalId", "Identity"):
		return fmt.Errorf("no column names who signed in (UserId, UserPrincipalName or ServicePrincipalId)")
	case !hasAny("ResultType", "Status"):
		return fmt.Errorf("no column tells the result (ResultType or Status)")
	}
	return nil
}
