package ingest

import (
	"errors"
	"slices"

	"frisk/internal/signin"
)

// winColumns are the headings under which tables name what is not EventData:
// Sentinel's SecurityEvent, EvtxECmd's CSV, and the same through data frames.
var winColumns = map[string]string{
	"EventID": "id", "EventId": "id", "Computer": "computer", "Channel": "channel", "EventRecordId": "record", "EventRecordID": "record",
	"TimeCreated": "time", "TimeCreatedUtc": "time", "TimeGenerated": "time", "TimeGenerated [UTC]": "time", "Payload": "payload",
}

func windowsCSV(f *file) (func(*scratch) decoder, error) {
	if err := missing(f.header, func(n string) bool { return slices.Contains(f.header, n) }, []string{"EventID", "EventId"}); err != nil {
		return nil, err
	}
	return func(sc *scratch) decoder {
		k := &kit{f: f, sc: sc}
		return func(rec []byte, ev *signin.Event, t *tally) (string, error) {
			k.t = t
			if err := readRow(sc, rec, f); err != nil {
				return "", err
			}
			return k.windowsRow(f.header, sc.fields, ev)
		}
	}, nil
}

func (k *kit) windowsRow(header, fields []string, ev *signin.Event) (string, error) {
	w := &winEvent{}
	id, at := "", ""
	for i, name := range header {
		if i >= len(fields) {
			break
		}
		text := saidText(fields[i])
		switch winColumns[name] {
		case "id":
			id = text
		case "computer":
			w.computer = text
		case "channel":
			w.channel = text
		case "record":
			w.record = text
		case "time":
			if text != "" {
				at = text
			}
		case "payload":
			if text != "" {
				v, err := k.sc.doc.parseObject(&k.sc.scan, []byte(text), true)
				if err != nil {
					return "", &cellError{text, err}
				}
				w.data(v.at("EventData"))
			}
		default:
			w.set(name, fields[i])
		}
	}
	n, ok := atoi(id)
	if !ok || id == "" || len(id) > 9 {
		return "", errNoEventID
	}
	w.id = n
	if at == "" {
		return "", errNoEventTime
	}
	var err error
	if w.time, err = k.time(at); err != nil {
		return "", err
	}
	return k.windowsEvent(w, ev)
}

var _ = register(Format{
	Name:     "windows-csv",
	Doc:      "Windows Security events as CSV: Sentinel SecurityEvent, EvtxECmd --csv",
	Provider: "windows",
	cut:      cutTable,
	detect: func(s *sample) error {
		if err := s.wantTable(); err != nil {
			return err
		}
		has := func(names ...string) bool {
			return slices.ContainsFunc(names, func(n string) bool { return slices.Contains(s.header, n) })
		}
		if has("EventID", "EventId") && has("Computer") && has("TargetUserName", "Account", "Payload") && has("TimeCreated", "TimeGenerated", "TimeGenerated [UTC]", "TimeCreatedUtc") {
			return nil
		}
		return errors.New("no columns EventID, Computer, TimeGenerated and TargetUserName (or EvtxECmd's)")
	},
	open: windowsCSV,
})
