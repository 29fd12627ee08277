package ingest

import (
	"fmt"
	"strings"
)

// Account adds up the batches of one file: Records = Events + Bad + the sum of
// NotSignIn.
type Account struct {
	File, Format string
	Bytes        int64 // decompressed
	DiskBytes    int64 // as stored
	Records      int64
	Events       int64
	Bad          int64
	Formats      []TypeCount // records by the format that read them, sorted by name
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
	a.DiskBytes += b.DiskBytes
	a.Records += b.Records
	a.Events += int64(len(b.Events))
	a.Bad += int64(len(b.Bad))
	for _, t := range b.Formats {
		a.Formats = count(a.Formats, t.Type, t.Count)
	}
	if b.Formats == nil && b.Records > 0 {
		a.Formats = count(a.Formats, b.Format, b.Records)
	}
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

// Warning is a sentence that the reader of a result should know, with a count
// that can be added up over files; 0 for none.
type Warning struct {
	Count     int64
	one, many string // many has the count's place
}

// Same reports whether w and o are one warning but for their counts.
func (w Warning) Same(o Warning) bool { return w.many == o.many }

// String is the sentence.
func (w Warning) String() string {
	switch {
	case w.Count == 1 && w.one != "":
		return w.one
	case w.Count > 0:
		return fmt.Sprintf(w.many, w.Count)
	}
	return w.many
}

// Warnings are the Notices as text.
func (a *Account) Warnings() []string {
	var out []string
	for _, w := range a.Notices() {
		out = append(out, w.String())
	}
	return out
}

// Notices says in sentences what the reader of a result should know about the
// file, most weighty first.
func (a *Account) Notices() []Warning {
	var out []Warning
	n := a.notes
	say := func(when note, one, many string) {
		if n[when] > 0 {
			out = append(out, Warning{n[when], "1 " + one, "%d " + many})
		}
	}
	flat := func(text string) { out = append(out, Warning{many: text}) }
	if len(a.Formats) > 1 {
		flat("lines of several formats, each read as its own: " + bySize(a.Formats))
	}
	if a.mostlyBad() {
		flat(fmt.Sprintf("%d of %d records could not be read as %s: the file may be of another format (--try shows how it comes out, --format names one)", a.Bad, a.Records, a.Format))
	}
	say(noteFutureEnum, "policy evaluation reads unknownFutureValue, so a report-only result is lost: export again with the header Prefer: include-unknown-enum-members",
		"policy evaluations read unknownFutureValue, so report-only results are lost: export again with the header Prefer: include-unknown-enum-members")
	m365, defender := strings.HasPrefix(a.Format, "m365-"), strings.HasPrefix(a.Format, "defender-")
	switch {
	case n[notePolicyRows] > 0 || n[noteNoPolicies] == 0:
	case m365:
		flat("the unified audit log carries neither policy evaluations nor authentication steps: read Entra's own sign-in log to compare the replay with what was recorded and to count prompts")
	case defender:
		flat("no row has policy evaluations: the column ConditionalAccessPolicies was not exported, or the tenant has no policy")
	default:
		flat("no row has policy evaluations: the exporting account lacked the permission to read Conditional Access, or the tenant has no policy")
	}
	if n[notePortalPolicies] > 0 {
		flat("a portal CSV carries no policy evaluations: download JSON instead to compare the replay with what was recorded")
	}
	switch {
	case n[noteStepRows] > 0 || n[noteNoSteps] == 0 || m365: // said above
	case defender:
		flat("Defender's tables carry no authentication steps: read Entra's own sign-in log to count prompts")
	default:
		flat("no row has authentication steps: export from the beta endpoint or a diagnostic setting to count prompts")
	}
	if n[noteGrouped] > 0 {
		out = append(out, Warning{Count: n[noteGroupedTotal], many: "the portal grouped %d sign-ins into fewer rows, and each row counts once"})
	}
	say(noteEnvelopeTime, "row has no creation time: the time it was written to the log was taken", "rows have no creation time: the time they were written to the log was taken")
	say(noteNoZone, "time names no time zone and was read as UTC", "times name no time zone and were read as UTC")
	say(noteNoYear, "time names no year: the last such day before the file was last changed was taken (--as-of says another)",
		"times name no year: the last such day before the file was last changed was taken (--as-of says another)")
	say(noteUnmapped, "value is not in the map of its field and was left unsaid: try the file (--try) to see which",
		"values are not in the map of their field and were left unsaid: try the file (--try) to see which")
	say(noteDerivedID, "row has no id: one was made from its content", "rows have no id: one was made from its content")
	say(noteNoTenant, "row names no tenant: give yours as tenant in the configuration", "rows name no tenant: give yours as tenant in the configuration")
	say(noteUnknownCode, "row has a result code that is not in the table of codes", "rows have a result code that is not in the table of codes")
	say(noteBadAddress, "row has a source address that is none", "rows have a source address that is none")
	say(noteBadPlace, "row has impossible coordinates, which were dropped", "rows have impossible coordinates, which were dropped")
	say(noteUnknownTrust, "row has a device join type that is not known", "rows have a device join type that is not known")
	return out
}

// mostlyBad reports whether the file looks like one of another format.
func (a *Account) mostlyBad() bool { return a.Bad > 2 && 2*a.Bad > a.Records }
