package ingest

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"

	"frisk/internal/signin"
)

// xmlEvent is an event as Event Viewer and wevtutil write it (schema
// http://schemas.microsoft.com/win/2004/08/events/event).
type xmlEvent struct {
	System struct {
		EventID     string
		Channel     string
		Computer    string
		Record      string `xml:"EventRecordID"`
		TimeCreated struct {
			SystemTime string `xml:",attr"`
		}
	}
	Data []struct {
		Name string `xml:",attr"`
		Text string `xml:",chardata"`
	} `xml:"EventData>Data"`
}

func windowsXML(k *kit, rec []byte, ev *signin.Event) (string, error) {
	var x xmlEvent
	if err := xml.Unmarshal(rec, &x); err != nil {
		return "", fmt.Errorf("invalid XML: %w", err)
	}
	w := &winEvent{channel: x.System.Channel, computer: x.System.Computer, record: x.System.Record}
	id := bytes.TrimSpace([]byte(x.System.EventID))
	n, ok := atoi(string(id))
	if !ok || len(id) == 0 || len(id) > 9 {
		return "", fmt.Errorf("%w: %q", errNoEventID, clip(id, 40))
	}
	w.id = n
	if x.System.TimeCreated.SystemTime == "" {
		return "", errNoEventTime
	}
	var err error
	if w.time, err = k.time(x.System.TimeCreated.SystemTime); err != nil {
		return "", err
	}
	for _, d := range x.Data {
		w.set(d.Name, d.Text)
	}
	return k.windowsEvent(w, ev)
}

var _ = register(Format{
	Name:     "windows-xml",
	Doc:      "Windows Security events as XML: wevtutil qe Security /f:xml, Event Viewer's \"Save as XML\", forwarded events",
	Provider: "windows",
	cut:      cutXML,
	detect: func(s *sample) error {
		if !bytes.Contains(s.head, []byte("<Event")) || !bytes.Contains(s.head, []byte("<EventID")) {
			return errors.New("no <Event> element with an <EventID>")
		}
		if len(s.recs) > 0 {
			return errors.New("not XML but JSON")
		}
		return nil
	},
	open: func(f *file) (func(*scratch) decoder, error) {
		return func(sc *scratch) decoder {
			k := &kit{f: f, sc: sc}
			return func(rec []byte, ev *signin.Event, t *tally) (string, error) {
				k.t = t
				return windowsXML(k, rec, ev)
			}
		}, nil
	},
})
