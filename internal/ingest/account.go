package ingest

import "fmt"

// Account adds up the batches of one file: Records = Events + Bad + the sum of
// NotSignIn.
type Account struct {
	File, Format string
	Bytes        int64 // decompressed
	Records      int64
	Events       int64
	Bad          int64
	NotSignIn    []TypeCount // sorted by type
	Tenants      []TypeCount // sorted
	Err          error       // the file's, nil when it was read to its end
	notes        [numNotes]int64
}

// Add counts b, which must be of the same file as those before.
func (a *Account) Add(b *Batch) {
	a.File = b.File
	if b.Format != "" {
		a.Format = b.Format
	}
	a.Bytes += b.Bytes
	a.Records += b.Records
	a.Events += int64(len(b.Events))
	a.Bad += int64(len(b.Bad))
	for _, t := range b.NotSignIn {
		a.NotSignIn = count(a.NotSignIn, t.Type, t.Count)
	}
	for _, t := range b.Tenants {
		a.Tenants = count(a.Tenants, t.Type, t.Count)
	}
	if b.FileErr != nil {
		a.Err = b.FileErr
	}
	for _, n := range b.Notes {
		for i, name := range noteNames {
			if name == n.Name {
				a.notes[i] += n.Count
			}
		}
	}
}

// Warnings says in sentences what the reader of a result should know about the
// file, most weighty first.
func (a *Account) Warnings() []string {
	var out []string
	n := a.notes
	say := func(when note, one, many string) {
		switch c := n[when]; c {
		case 0:
		case 1:
			out = append(out, "1 "+one)
		default:
			out = append(out, fmt.Sprintf("%d %s", c, many))
		}
	}
	say(noteFutureEnum, "policy evaluation reads unknownFutureValue, so a report-only result is lost: export again with the header Prefer: include-unknown-enum-members",
		"policy evaluations read unknownFutureValue, so report-only results are lost: export again with the header Prefer: include-unknown-enum-members")
	if n[notePolicyRows] == 0 && n[noteNoPolicies] > 0 {
		out = append(out, "no row has policy evaluations: the exporting account lacked the permission to read Conditional Access, or the tenant has no policy")
	}
	if n[notePortalPolicies] > 0 {
		out = append(out, "a portal CSV carries no policy evaluations: download JSON instead to compare the replay with what was recorded")
	}
	if n[noteStepRows] == 0 && n[noteNoSteps] > 0 {
		out = append(out, "no row has authentication steps: export from the beta endpoint or a diagnostic setting to count prompts")
	}
	if n[noteGrouped] > 0 {
		out = append(out, fmt.Sprintf("the portal grouped %d sign-ins into fewer rows, and each row counts once", n[noteGroupedTotal]))
	}
	say(noteEnvelopeTime, "row has no creation time: the time it was written to the log was taken", "rows have no creation time: the time they were written to the log was taken")
	say(noteNoZone, "time names no time zone and was read as UTC", "times name no time zone and were read as UTC")
	say(noteDerivedID, "row has no id: one was derived from time, person, application and result", "rows have no id: one was derived from time, person, application and result")
	say(noteNoTenant, "row names no tenant: give yours as tenant in the configuration", "rows name no tenant: give yours as tenant in the configuration")
	say(noteUnknownCode, "row has a result code that is not in the table of codes", "rows have a result code that is not in the table of codes")
	say(noteBadAddress, "row has a source address that is none", "rows have a source address that is none")
	say(noteBadPlace, "row has impossible coordinates, which were dropped", "rows have impossible coordinates, which were dropped")
	say(noteUnknownTrust, "row has a device join type that is not known", "rows have a device join type that is not known")
	return out
}
