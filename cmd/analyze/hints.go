package main

import (
	"context"
	"errors"
	"io/fs"

	"frisk/internal/analysis"
	"frisk/internal/fetch"
	"frisk/internal/ingest"
)

// hint says what to do about an error, keyed on its type; "" when there is
// nothing better to say than the message.
func hint(err error) string {
	if _, ok := errors.AsType[*analysis.ConfigError](err); ok {
		return `"analyze init" writes a commented frisk.yaml; docs/configuration.md lists every key`
	}
	if _, ok := errors.AsType[*analysis.SetError](err); ok {
		return "policies.current and policies.candidates in frisk.yaml name Graph JSON files or folders; paths are relative to frisk.yaml"
	}
	if _, ok := errors.AsType[*ingest.MappingError](err); ok {
		return `"analyze list mapping" prints the fields, docs/formats/mapping.md explains the file, and "analyze ingest --try" shows what it makes of a log`
	}
	switch {
	case errors.Is(err, analysis.ErrNotEmpty):
		return "name an empty folder, or a file"
	case errors.Is(err, analysis.ErrIdentity):
		return "docs/identity.md says what identity.csv does to a dataset"
	case errors.Is(err, fetch.ErrIncomplete):
		return "grant what is listed, or leave those parts out with --skip; docs/fetch.md tells how"
	case errors.Is(err, fetch.ErrSignIn):
		return "docs/fetch.md lists the ways to sign in (--auth)"
	case isUsage(err):
		return `"analyze help" lists the commands, "analyze help COMMAND" its flags`
	case errors.Is(err, context.Canceled):
		return "stopped on request; the dataset is as it was before"
	case errors.Is(err, analysis.ErrNoDataset):
		return `fill one with "analyze ingest FILE...", or name another folder with --data`
	case errors.Is(err, analysis.ErrNotFound):
		return "ids are the provider's own, as in the report and in the column event_id of \"analyze query\""
	case errors.Is(err, analysis.ErrNoPolicies):
		return "name your exported policies under policies.current in frisk.yaml; docs/policies.md says how to export them"
	case errors.Is(err, analysis.ErrNoLogs):
		return `name your log exports on the command line or under logs in frisk.yaml; "analyze list formats" shows what is understood`
	case errors.Is(err, fs.ErrPermission):
		return "check who owns the file and its folder"
	}
	return ""
}
